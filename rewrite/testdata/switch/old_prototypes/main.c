#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <getopt.h>
#include "net.h"

static void usage(int code);
int main(int argc, char *argv[]);

static int debug;

static const struct option names[] = {
	{ "debug", no_argument, NULL, 'd' },
	{ "number", required_argument, NULL, 'n' },
	/* the last row */
	{ NULL, 0, NULL, 0 }
};

static void
usage(code)
int	code;
{
	fprintf(stderr, "usage: sockd [-d] [-n number]\n");
	exit(code);
}

int
main(argc, argv)
int	argc;
char	*argv[];
{
	int ch;

	while ((ch = getopt_long(argc, argv, "dn:", names, NULL)) != -1) {
		switch (ch) {
		case 'd':
			debug = 1;
			break;
		case 'n':
			debug = atoi(optarg);
			break;
		default:
			usage(7);
		}
	}
	if (debug)
		puts("debug");
	return run();
}
