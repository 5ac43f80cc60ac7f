#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <getopt.h>
#include "net.h"

static int six, quick;

static void usage(int full)
{
	printf("usage: perf [options]\n");
	printf("  -a, --all ");
	printf(" All of them\n");
	printf("  -s, --size=<size> ");
	printf(" Size of a message\n");
	printf("      --six ");
	printf(" Use IPv6\n");
	if (full) {
		printf("      --slow ");
		printf(" Take time\n");
	}
	printf("      --quick ");
	printf(" Take no time\n");
}

int main(int argc, char *argv[])
{
	static const struct option names[] = {
		{ .name = "all",	.has_arg = 0, .val = 'a' },
		{ .name = "size",	.has_arg = 1, .val = 's' },
		{ .name = "six",	.has_arg = 0, .flag = &six, .val = 1 },
		{ .name = "slow",	.has_arg = 0, .flag = &quick, .val = 0 },
		{ .name = "quick",	.has_arg = 0, .flag = &quick, .val = 1 },
		{ 0 }
	};
	static int times[256];
	int c;

	while ((c = getopt_long(argc, argv, "abcdefghijklmnopqrs:tuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", names, NULL)) != -1) {
		if (c > 0 && times[c - 'A']++) {
			fprintf(stderr, "twice: %c\n", c);
			return 1;
		}
		switch (c) {
		case 'a':
			printf("all\n");
			break;
		case 's':
			printf("size %s\n", optarg);
			break;
		case 0:
			if (six)
				printf("six\n");
			break;
		case 'h':
			usage(1);
			return 0;
		case '?':
			usage(0);
			return 1;
		default:
			printf("-%c\n", c);
		}
	}
	if (quick)
		printf("quick\n");
	return run();
}
