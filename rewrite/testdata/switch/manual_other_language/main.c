#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "hl:p:")) != -1) {
		switch (c) {
		case 'l':
		case 'p':
			break;
		default:
			fprintf(stderr, "usage: main [-h] [-l addr] [-p port]\n");
			exit(1);
		}
	}
	return run();
}
