#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static int verbose;
static const char *name = "x";

static void usage(void)
{
	fprintf(stderr, "usage: prog [-v] [-n name] [-p port]\n");
	exit(64);
}

int main(int argc, char *argv[])
{
	int opt, port = 0;

	while ((opt = getopt(argc, argv, "n:p:v")) != -1) {
		switch (opt) {
		case 'n':
			name = optarg;
			break;
		case 'p':
			port = atoi(optarg);
			if (port < 0) {
				fprintf(stderr, "%s: bad port %s\n", argv[0], optarg);
				usage();
			}
			break;
		case 'v':
			verbose = 1;
			break;
		default:
			usage();
		}
	}
	if (verbose)
		printf("%s %d\n", name, port);
	return run();
}
