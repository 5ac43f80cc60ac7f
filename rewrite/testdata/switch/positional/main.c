#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static const char *prog;

static void usage(void)
{
	printf("usage: %s host port\n", prog);
}

int main(int argc, char **argv)
{
	char host[64];
	int port;

	prog = argv[0];
	setvbuf(stdout, NULL, _IOLBF, 0);

	/* where to go */
	if (argc != 3) {
		usage();
		exit(3);
	}
	strncpy(host, argv[1], sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	port = atoi(argv[2]);
	if (port == 0) {
		fprintf(stderr, "%s: no port: %s\n", host, argv[2]);
		return 4;
	}
	printf("to %s\n", host);
	return run();
}
