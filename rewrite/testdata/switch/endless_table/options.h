static const char *const OPTIONS = "vu:";

static const struct option long_options[] = {
	{"verbose", no_argument, 0, 'v'},
	{"keep", no_argument, 0, 'k'},
	{"user", required_argument, 0, 'u'}
};
