#include <getopt.h>
#include <stdio.h>
#include "net.h"

static int seen[64];

/* What getopt_long() returns is an index, and the rows name their members. */
int main(int argc, char *argv[])
{
	static const struct option longs[] = {
		{ .name = "keep",	.has_arg = 1, .val = 'k' },
		{ .name = "quiet",	.has_arg = 0, .val = 'q' },
		{ 0 }
	};
	int c;

	while ((c = getopt_long(argc, argv, "k:q", longs, NULL)) != -1) {
		if (c != '?' && seen[c - 'A']++) {
			fprintf(stderr, "-%c twice\n", c);
			return 2;
		}
		switch (c) {
		case 'k':
			break;
		case 'q':
			break;
		case '?':
			printf("  -q, --quiet ");
			printf("  say nothing\n");
			return 2;
		}
	}
	return run();
}
