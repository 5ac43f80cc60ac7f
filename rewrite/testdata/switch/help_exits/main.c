#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net.h"

static void help(void)
{
	puts("usage: prog [-h] [-s SIZE]");
	exit(0);
}

int main(int argc, char **argv)
{
	char *end;
	int c;
	long size = 1;

	while ((c = getopt(argc, argv, "hs:")) != -1) {
		switch (c) {
		case 's':
			size = strtol(optarg, &end, 10);
			if (!strcmp(end, "k") || end[0] == 'K')
				size *= 1024;
			break;
		case 'h':
		default:
			help();
		}
	}
	printf("%ld\n", size);
	return run();
}
