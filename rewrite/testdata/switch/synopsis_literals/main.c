#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char **argv)
{
	int c;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((c = getopt(argc, argv, "c:hq")) != -1) {
		switch (c) {
		case 'c':
			printf("channel %s\n", optarg);
			break;
		case 'q':
			printf("quiet\n");
			break;
		default:
			fprintf(stderr, "usage: prog"
				" [-c channel]"
				" [-h]"
				" [-q]"
				"\n");
			exit(2);
		}
	}
	return run();
}
