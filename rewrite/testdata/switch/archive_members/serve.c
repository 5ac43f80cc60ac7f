#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char **argv)
{
	int c;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((c = getopt(argc, argv, "q")) != -1) {
		switch (c) {
		case 'q':
			printf("quiet\n");
			break;
		default:
			fprintf(stderr, "usage: serve [-q]\n");
			exit(2);
		}
	}
	return run();
}
