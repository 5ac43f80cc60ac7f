#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

int main(int argc, char **argv)
{
	const char *file = "default";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1) {
		if (argc == 2) {
			if (!strcmp(argv[1], "-v")) {
				printf("1.0\n");
				return 0;
			} else if (!strcmp(argv[1], "-h")) {
				printf("Usage: prog [-v] [-h] [-c <file>]\n");
				return 0;
			}
		} else if (argc == 3) {
			if (!strcmp(argv[1], "-c"))
				file = argv[2];
			else
				printf("unknown option: %s\n", argv[1]);
		} else {
			printf("too many options\n");
			exit(2);
		}
	}
	printf("reading %s\n", file);
	return run();
}
