#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static bool parse_args(int argc, char **argv)
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

int main(int argc, char **argv)
{
	if (parse_args(argc, argv)) {
		if (run() != 0)
			exit(3);
	}
	return 0;
}
