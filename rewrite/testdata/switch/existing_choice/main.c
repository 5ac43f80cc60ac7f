#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

int use_keepalive;

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "K")) != -1) {
		switch (c) {
		case 'K':
			use_keepalive = 1;
			break;
		default:
			fprintf(stderr, "usage: prog [-K]\n");
			exit(2);
		}
	}
	return run();
}
