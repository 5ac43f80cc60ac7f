#include <stdio.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "v")) != -1) {
		switch (c) {
		case 'v':
			puts("verbose");
			break;
		default:
			fprintf(stderr, "usage: prog [-v]\n");
			return 2;
		}
	}
	return run();
}
