#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static const char *const usage = "usage: prog [-v]\n";

static const char *const version =
#ifdef DEBUG
"prog 1 (debug)";
#else
"prog 1";
#endif

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "v")) != -1) {
		switch (c) {
		case 'v':
			puts(version);
			break;
		default:
			fputs(usage, stderr);
			exit(2);
		}
	}
	return run();
}
