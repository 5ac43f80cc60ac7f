#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net.h"

static int command(const char *line)
{
	if (strncmp(line, "/kill ", 6) != 0) {
		printf("Usage: /KILL <nickname> [<comment>] [-pubkey]\n");
		return 1;
	}
	return run();
}

int main(int argc, char **argv)
{
	const char *line = "/kill x";
	int c;

	while ((c = getopt(argc, argv, "c:p")) != -1) {
		switch (c) {
		case 'c':
			line = optarg;
			break;
		case 'p':
			puts("plain");
			break;
		default:
			fprintf(stderr, "usage: prog [-p] [-c command]\n");
			exit(2);
		}
	}
	return command(line);
}
