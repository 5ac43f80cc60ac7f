#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "lib.h"

int main(int argc, char **argv)
{
	int c, port = 1;

	while ((c = getopt(argc, argv, "p:")) != -1) {
		switch (c) {
		case 'p':
			port = atoi(optarg);
			break;
		default:
			fprintf(stderr, "usage: both [-p PORT]\n");
			return 2;
		}
	}
	return dial(port) < 0 || take(0) < 0;
}
