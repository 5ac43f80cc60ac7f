#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static void usage(void)
{
	printf("usage: prog HOST PORT\n");
}

int main(int argc, char *argv[])
{
	char host[64];
	int port;

	if (argc == 1) {
		printf("defaults\n");
		strcpy(host, "127.0.0.1");
		port = 55555;
	} else if (argc != 3) {
		printf("two arguments or none\n");
		usage();
		exit(3);
	} else {
		strncpy(host, argv[1], sizeof(host) - 1);
		host[sizeof(host) - 1] = '\0';
		port = atoi(argv[2]);
	}
	printf("to %s %d\n", host, port);
	return run();
}
