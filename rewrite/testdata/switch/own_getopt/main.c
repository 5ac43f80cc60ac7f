#include <stdio.h>
#include "opt.h"
#include "net.h"

static void usage(void)
{
	fprintf(stderr, "usage: prog [-v] [-n name]\n");
}

int main(int argc, char **argv)
{
	const char *name = "x";
	int c, verbose = 0;

	while ((c = getopt(argc, argv, "vn:")) != -1) {
		switch (c) {
		case 'v':
			verbose = 1;
			break;
		case 'n':
			name = optarg;
			break;
		default:
			usage();
			return 100;
		}
	}
	if (verbose)
		printf("%s\n", name);
	return run();
}
