#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "net.h"

static const struct option options[] = {
	{ "verbose", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 }
};

static int prog_getopt(int argc, char **argv, int *verbose)
{
	int c;

	while ((c = getopt_long(argc, argv, "v", options, NULL)) != -1) {
		switch (c) {
		case 'v':
			++*verbose;
			break;
		default:
			fprintf(stderr, "usage: prog [-v]\n");
			exit(2);
		}
	}
	return optind;
}

int main(int argc, char **argv)
{
	int verbose = 0;

	if (prog_getopt(argc, argv, &verbose) < argc)
		return 3;
	if (verbose)
		puts("verbose");
	return run();
}
