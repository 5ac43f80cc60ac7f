#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static void usage(void)
{
	fprintf(stderr, "usage: fetch [-v] [-n]\n");
	exit(2);
}

int main(int argc, char *argv[])
{
	int c;

	while ((c = getopt(argc, argv, "vn")) != -1) {
		switch (c) {
		case 'v':
			net_verbose = 1;
			break;
		case 'n':
			break;
		default:
			usage();
		}
	}
	if (net_verbose)
		printf("verbose\n");
	return run();
}
