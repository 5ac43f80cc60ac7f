static const char *const OPTIONS = "vu:";

static const struct option long_options[] = {
	{"verbose", no_argument, 0, 'v'},
	{"user", required_argument, 0, 'u'},
	{NULL, 0, NULL, 0}
};
