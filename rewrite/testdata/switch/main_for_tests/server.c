#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

int answer(void)
{
	return 42;
}

#ifndef SERVER_AS_LIBRARY
int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "v")) != -1) {
		switch (c) {
		case 'v':
			printf("verbose %d\n", answer());
			break;
		default:
			fprintf(stderr, "usage: server [-v]\n");
			exit(2);
		}
	}
	return run();
}
#endif
