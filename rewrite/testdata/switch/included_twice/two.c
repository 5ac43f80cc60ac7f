#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.c"

static void usage(void)
{
	fprintf(stderr, "usage: two [-q]\n");
	exit(2);
}

int main(int argc, char **argv)
{
	int c;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((c = getopt(argc, argv, "q")) != -1) {
		switch (c) {
		case 'q':
			printf("two is quiet\n");
			break;
		default:
			usage();
		}
	}
	return run();
}
