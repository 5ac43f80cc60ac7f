#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static void usage(const char *prog)
{
	fprintf(stderr, "%s [-f|-s|-d] PID\n", prog);
	fprintf(stderr, "or: %s [-v | -q] PID\n", prog);
	exit(1);
}

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "fsdvq")) != -1) {
		switch (c) {
		case 'f':
		case 's':
		case 'd':
		case 'v':
		case 'q':
			break;
		default:
			usage(argv[0]);
		}
	}
	return run();
}
