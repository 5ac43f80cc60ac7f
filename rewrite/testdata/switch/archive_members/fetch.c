#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "probe.h"

int main(int argc, char **argv)
{
	int c, port = 1;

	while ((c = getopt(argc, argv, "p:")) != -1) {
		switch (c) {
		case 'p':
			port = atoi(optarg);
			break;
		default:
			fprintf(stderr, "usage: fetch [-p port]\n");
			exit(2);
		}
	}
	return probe(port);
}
