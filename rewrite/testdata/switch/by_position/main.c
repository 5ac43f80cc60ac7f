#include <stdio.h>
#include <string.h>
#include "net.h"

int main(int argc, char **argv)
{
	const char *host = "none";

	if (argc >= 2) {
		if (strcmp(argv[1], "-v") == 0 || strcmp(argv[1], "--version") == 0) {
			fprintf(stderr, "version 1\n");
			return 0;
		}
	}
	if (argc >= 2)
		host = argv[1];
	printf("host %s\n", host);
	return run();
}
