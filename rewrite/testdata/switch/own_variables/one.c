#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "v")) != -1) {
		if (c == 'v') {
			puts("one");
		} else {
			fprintf(stderr, "usage: one [-v]\n");
			exit(1);
		}
	}
	return run();
}
