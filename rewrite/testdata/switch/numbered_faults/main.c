#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char **argv)
{
	const char *pidfile = NULL;
	FILE *f;
	int c;

	while ((c = getopt(argc, argv, "dp:")) != -1) {
		switch (c) {
		case 'd':
			break;
		case 'p':
			pidfile = optarg;
			break;
		case '?':
			break;
		}
	}
	if (pidfile != NULL) {
		f = fopen(pidfile, "w");
		if (f == NULL) {
			fprintf(stderr, "%s cannot be written\n", pidfile);
			exit(12);
		}
		fclose(f);
	}
	return run();
}
