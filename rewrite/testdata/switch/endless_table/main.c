#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "options.h"
#include "net.h"

int main(int argc, char *argv[])
{
	int c;

	while ((c = getopt_long(argc, argv, OPTIONS, long_options, NULL)) != -1) {
		switch (c) {
		case 'v':
			printf("verbose\n");
			break;
		case 'u':
			printf("%s\n", optarg);
			break;
		default:
			fprintf(stderr, "usage: prog [-v] [-u user]\n");
			exit(2);
		}
	}
	return run();
}
