#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "extra.h"

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "vq")) != -1) {
		switch (c) {
		case 'v':
			puts("one");
			break;
		case 'q':
			break;
		default:
			fprintf(stderr, "usage: one [-vq]\n");
			exit(1);
		}
	}
	return again();
}
