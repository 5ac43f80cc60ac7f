#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

void out(void);

static void usage(const char *prog)
{
	fprintf(stderr, "Usage: %s [-f|-s|-d] PID\n", prog);
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
	out();
	return run();
}
