#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static void usage(void)
{
	fprintf(stderr, "usage: prog [-v] [-o file]\n");
	exit(2);
}

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "o:"
	                   VERBOSE_OPT)) != -1) {
		switch (c) {
		case 'o':
			puts(optarg);
			break;
		case 'v':
		case 'k':
			puts("verbose");
			break;
		default:
			usage();
		}
	}
	return run();
}
