#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

/* The first argument picks the part of the program; "list" has no sockets. */
static int serve_main(int argc, char *argv[])
{
	static const struct option longs[] = {
		{"quiet", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0}
	};
	int c;

	while ((c = getopt_long(argc, argv, "qh", longs, NULL)) != -1) {
		switch (c) {
		case 'q':
			break;
		case 'h':
			printf("usage: prog serve [-q]\n  -q, --quiet  say nothing\n  -h, --help   this text\n");
			return 0;
		default:
			return 2;
		}
	}
	return run();
}

static int fetch_main(int argc, char *argv[])
{
	static const struct option longs[] = {
		{"keep", no_argument, NULL, 'k'},
		{"wait", required_argument, NULL, 'w'},
		{NULL, 0, NULL, 0}
	};
	int c;

	while ((c = getopt_long(argc, argv, "kw:", longs, NULL)) != -1) {
		switch (c) {
		case 'k':
			break;
		case 'w':
			if (atoi(optarg) < 1) {
				fprintf(stderr, "prog: bad time %s\n", optarg);
				return 2;
			}
			break;
		default:
			return 2;
		}
	}
	return run();
}

static int list_main(int argc, char *argv[])
{
	int c;

	while ((c = getopt(argc, argv, "a")) != -1) {
		switch (c) {
		case 'a':
			puts("all");
			break;
		default:
			return 3;
		}
	}
	return 0;
}

int main(int argc, char *argv[])
{
	if (argc > 1 && strcmp(argv[1], "serve") == 0)
		return serve_main(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "list") == 0)
		return list_main(argc - 1, argv + 1);
	return fetch_main(argc, argv);
}
