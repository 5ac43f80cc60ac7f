#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "globals.h"
#include "show.h"

int verbose;
const char *nick = "x";

static void usage(void)
{
	fprintf(stderr, "usage: prog [-hv] [-n name] [-p port]\n");
	exit(64);
}

int main(int argc, char *argv[])
{
	int opt, port = 0;

	while ((opt = getopt(argc, argv, "hn:p:vk")) != -1) {
		switch (opt) {
		case 'h':
			printf("usage: prog [-hv] [-n name] [-p port]\n");
			return 0;
		case 'n':
			nick = optarg;
			break;
		case 'p':
			port = atoi(optarg);
			if (port < 0) {
				fprintf(stderr, "%s: bad port %s\n", argv[0], optarg);
				usage();
			}
			break;
		case 'k':
		case 'v':
			verbose = 1;
			break;
		default:
			usage();
		}
	}
	if (verbose)
		printf("%s %d\n", nick, port);
	return run();
}
