/* What a line of the configuration file is about. */
enum opcode {
	O_BAD,
	O_VERBOSE,
	O_QUIET,	/* say less */
	O_WORKERS,
	O_BANNER
};

extern int verbose, quiet, workers;
extern char banner[64];

enum opcode opcode_of(const char *word);
int read_config(const char *path);
