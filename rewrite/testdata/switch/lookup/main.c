#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static int verbose;
static const char *host = "none";

static void set_verbose(const char *arg)
{
	(void)arg;
	verbose = 1;
}

static void set_host(const char *arg)
{
	host = arg;
}

static const struct option_row {
	const char *name;
	int args;
	void (*handler)(const char *arg);
	const char *help;
} options[] = {
	{ "-H", 1, set_host, "name of the host" },
	{ "-v", 0, set_verbose, "say more" },
	{ NULL, 0, NULL, NULL }
};

static void usage(void)
{
	fprintf(stderr, "usage: lookup [-H host] [-v]\n");
	exit(4);
}

int main(int argc, char *argv[])
{
	const struct option_row *o;
	int i;

	for (i = 1; i < argc; i++) {
		/* what is it? */
		for (o = options; o->name != NULL; o++)
			if (strcmp(argv[i], o->name) == 0)
				break;
		if (o->name == NULL) {
			fprintf(stderr, "unknown option %s\n", argv[i]);
			usage();
		}
		if (o->args && ++i == argc)
			usage();
		o->handler(argv[i]);
	}
	if (verbose)
		printf("host %s\n", host);
	return run();
}
