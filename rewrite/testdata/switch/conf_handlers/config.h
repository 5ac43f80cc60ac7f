struct settings {
	int verbose, use_dns, workers;
};

extern struct settings settings;

int set_verbose(const char *val);
int set_dns(const char *val);
int set_workers(const char *val);
int read_config(const char *path);
