#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char *argv[])
{
	int c, i;

	while ((c = getopt(argc, argv, "v")) != -1) {
		switch (c) {
		case 'v':
			puts("verbose");
			break;
		default:
			goto usage;
		}
	}
	for (i = optind; i < argc; i++)
		if (strlen(argv[i]) > 5)
			errx(EXIT_FAILURE, "%s: bad name %s", argv[i], argv[0]);
	return run();
usage:
	fprintf(stderr, "usage: prog [-v] name ...\n");
	return 1;
}
