extern int verbose, quiet, workers;

int read_config(const char *path);
