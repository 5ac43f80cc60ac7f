#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static int parse(int argc, char *argv[])
{
	int c, port = 0;

	while ((c = getopt(argc, argv, "p:")) != -1) {
		switch (c) {
		case 'p':
			port = atoi(optarg);
			break;
		default:
			fprintf(stderr, "usage: prog -p port\n");
			exit(2);
		}
	}
	return port;
}

int main(int argc, char *argv[])
{
	if (argc != 3) {
		fprintf(stderr, "Wrong number of arguments\n");
		exit(1);
	}
	printf("port %d\n", parse(argc, argv));
	return run();
}
