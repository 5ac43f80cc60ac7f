#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static void usage(const char *prog)
{
	fprintf(stderr, "usage: %s [-f FILE]|[-n HOST] PID\n", prog);
	fprintf(stderr, "\t-f FILE\tWrite to a FILE.\n");
	fprintf(stderr, "\t-n HOST\tWrite to a HOST.\n");
	exit(1);
}

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "f:n:")) != -1) {
		switch (c) {
		case 'f':
		case 'n':
			break;
		default:
			usage(argv[0]);
		}
	}
	return run();
}
