#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "config.h"
#include "net.h"

static void usage(void)
{
	fprintf(stderr, "usage: prog [-v] [-c file]\n");
	exit(2);
}

int main(int argc, char **argv)
{
	const char *file = NULL;
	int c;

	while ((c = getopt(argc, argv, "c:v")) != -1) {
		switch (c) {
		case 'c':
			file = optarg;
			break;
		case 'v':
			verbose = 1;
			break;
		default:
			usage();
		}
	}
	if (file != NULL && read_config(file) < 0)
		return 6;
	if (verbose)
		printf("%s %d\n", quiet ? "quiet" : "loud", workers);
	return run();
}
