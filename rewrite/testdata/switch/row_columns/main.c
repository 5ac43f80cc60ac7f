#include <stdio.h>
#include <stdlib.h>
#include <getopt.h>
#include "net.h"

static const struct option longs[] = {
	{ "quiet",           no_argument,       NULL, 'q' },
	{ "file",            required_argument, NULL, 'f' },
	{ "dont-auto-login", no_argument,       NULL, 'd' },
	{ NULL, 0, NULL, 0 }
};

int main(int argc, char **argv)
{
	int c;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((c = getopt_long(argc, argv, "qf:d", longs, NULL)) != -1) {
		switch (c) {
		case 'q':
		case 'd':
			printf("%c\n", c);
			break;
		case 'f':
			printf("%s\n", optarg);
			break;
		default:
			exit(2);
		}
	}
	return run();
}
