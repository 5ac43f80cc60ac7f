#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "net.h"

static int stay;

int main(int argc, char *argv[])
{
	const struct option long_options[] = {
	    {"help", 0, NULL, 'h'},  {"version", 0, NULL, 'v'},
	    {"stay", 0, &stay, 1},   {"user", 1, NULL, 'U'},
	    {"guid", 1, NULL, 'g'},  {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "hvU:g:", long_options, NULL)) != -1) {
		switch (c) {
		case 0:
			break;
		case 'h':
			printf("usage: prog [-hv] [-U user] [-g guid]\n");
			return 0;
		case 'v':
			printf("1.0\n");
			return 0;
		case 'U':
		case 'g':
			printf("%s\n", optarg);
			break;
		default:
			fprintf(stderr, "try --help\n");
			exit(2);
		}
	}
	return run();
}
