#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static int optind = 1, optopt;
static char *optarg;

static int getopts(int argc, char **argv, char *opts)
{
	static int sp = 1;
	char *cp;
	int c;

	if (sp == 1 && (optind >= argc || argv[optind][0] != '-' || argv[optind][1] == '\0'))
		return EOF;
	optopt = c = argv[optind][sp];
	cp = strchr(opts, c);
	if (cp == NULL) {
		optind++;
		return '?';
	}
	if (*++cp == ':') {
		optarg = argv[optind][sp + 1] != '\0' ? &argv[optind][sp + 1] : argv[++optind];
		optind++;
		sp = 1;
	} else if (argv[optind][++sp] == '\0') {
		sp = 1;
		optind++;
	}
	return c;
}

int main(int argc, char *argv[])
{
	int c;

	while ((c = getopts(argc, argv, "n:v")) != -1) {
		switch (optopt) {
		case 'n':
			printf("name %s\n", optarg);
			break;
		case 'v':
			puts("verbose");
			break;
		default:
			fprintf(stderr, "usage: prog [-v] [-n name]\n");
			return 1;
		}
	}
	return run();
}
