#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char *argv[])
{
	char *conf = NULL;
	int c;

	while ((c = getopt(argc, argv, "c:f")) != -1) {
		switch (c) {
		case 'c':
			conf = optarg;
			break;
		case 'f':
			break;
		case '?':
		default:
usage:
			printf("Usage: prog [-c file] [-f]\n");
			return 0;
		}
	}
	if (conf == NULL || strlen(conf) == 0) {
		fprintf(stderr, "The name of a file is missing.\n");
		goto usage;
	}
	return run();
}
