#include <getopt.h>
#include <stdio.h>
#include "net.h"

static int colors = 1, quiet;

/* The table stores by itself, so that there is nothing to tell apart. */
int main(int argc, char *argv[])
{
	const struct option longs[] = {
		{ "colors", 0, &colors, 1 },
		{ "no-colors", 0, &colors, 0 },
		{ "quiet", 0, (int *)&quiet, 1 },
		{ 0, 0, 0, 0 }
	};
	int c;

	while (1) {
		c = getopt_long(argc, argv, "", longs, NULL);
		if (c == -1)
			break;
	}
	printf("%d %d\n", colors, quiet);
	return run();
}
