#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

#define FLAGS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static char seen[64];

static void usage(const char *name)
{
	fprintf(stderr, "usage: %s [-FLAGS]\n", name);
	fprintf(stderr, "\tflags:\n");
	fprintf(stderr, "\t  -a  all\n");
	fprintf(stderr, "\t  -m  memory\n");
	fprintf(stderr, "\t  -b  bars\n");
	fprintf(stderr, "\n");
	fprintf(stderr, "\tflags for files:\n");
	fprintf(stderr, "\t  -z  packed\n");
	fprintf(stderr, "\t  -r  read\n");
	exit(3);
}

int main(int argc, char *argv[])
{
	int c, i = 0;

	while (i < 63 && (c = getopt(argc, argv, FLAGS)) != -1) {
		switch (c) {
		case '?':
			usage(argv[0]);
			break;

		default:
			seen[i++] = c;
		}
	}
	printf("flags %s\n", seen);
	return run();
}
