#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

int main(int argc, char **argv)
{
	const char *file = "none";
	int i, loud = 0;

	for (i = 1; i < argc; i++) {
		if (i == argc - 1 && argv[i][0] != '-')
			file = argv[i];
		else if (!strcmp(argv[i], "-loud"))
			loud = 1;
		else if (!strcmp(argv[i], "-quiet"))
			loud = 0;
		else if (argv[i][0] == '-') {
			fprintf(stderr, "unknown option %s\n", argv[i]);
			exit(3);
		} else
			file = argv[i];
	}
	if (loud)
		printf("file %s\n", file);
	return run();
}
