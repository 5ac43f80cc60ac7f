#include <stdio.h>
#include <unistd.h>
#include "args.h"

bool parse_args(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "dh")) != -1) {
		switch (c) {
		case 'd':
			break;
		default:
			printf("usage: main [-d] [-h]\n");
			return false;
		}
	}
	return true;
}
