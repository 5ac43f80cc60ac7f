#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "vq")) != -1) {
		switch (c) {
		case 'v':
			puts("two");
			break;
		case 'q':
			break;
		default:
			fprintf(stderr, "usage: two [-vq]\n");
			exit(1);
		}
	}
	return run();
}
