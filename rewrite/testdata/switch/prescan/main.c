#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include "net.h"

enum {
	OPT_STRICT = UCHAR_MAX + 1
};

static const struct option options[] = {
	{"config", required_argument, NULL, 'c'},
	{"strict", no_argument, NULL, OPT_STRICT},
	{"kind", required_argument, NULL, 'k'},
	{"Kind", required_argument, NULL, 'K'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0}
};

static void usage(void)
{
	fprintf(stderr, "usage: prog [options]\n"
			"  -c, --config FILE  read FILE first\n"
			"      --strict       be strict\n"
			"  -k, --kind KIND    of this kind\n"
			"  -h, --help         this text\n");
}

int main(int argc, char **argv)
{
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "c:k:K:h", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			printf("reading %s\n", optarg);
			break;
		}
	}
	optind = 0;
	opterr = 1;
	while ((c = getopt_long(argc, argv, "c:k:K:h", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			break;
		case OPT_STRICT:
			puts("strict");
			break;
		case 'k':
		case 'K':
			printf("kind %s\n", optarg);
			break;
		case 'h':
			usage();
			return 0;
		default:
			usage();
			return 2;
		}
	}
	return run();
}
