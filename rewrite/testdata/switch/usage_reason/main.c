#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static void usage_exit(const char *prog, const char *arg, const char *reason)
{
	fprintf(stderr, "%s: %s: %s\n", prog, reason, arg);
	fprintf(stderr, "usage: %s [-debug]\n", prog);
	exit(1);
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-debug") == 0)
			continue;
		else if (strcmp(argv[i], "-quiet") == 0)
			continue;
		else
			usage_exit(argv[0], argv[i], "unknown option or argument");
	}
	return run();
}
