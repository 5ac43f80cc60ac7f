#include <stdio.h>
#include <stdlib.h>
#include "net.h"

static void usage(void)
{
	printf("usage: prog [options]\n"
	       "  -w WIDTH   the width\n"
	       "  -n NAME    the name\n");
}

static int parse(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (argv[i][0] != '-' || argv[i][1] == 0 || argv[i][2] != 0) {
			printf("illegal option %s\n", argv[i]);
			usage();
			return 0;
		}
		switch (argv[i][1]) {
		case 'w':
			i++;
			if (i >= argc) {
				printf("no width\n");
				usage();
				return 0;
			}
			break;
		case 'n':
			i++;
			if (i < argc)
				puts(argv[i]);
			break;
		default:
			printf("illegal option '%c'\n", argv[i][1]);
			usage();
			return 0;
		}
	}
	return 1;
}

int main(int argc, char **argv)
{
	if (!parse(argc, argv))
		return 2;
	return run();
}
