#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

#define ERROR_MEMORY 77

struct wishes { int help, all; };

static int res;

static void do_debug(const char *fmt, const char *arg)
{
	if (res)
		fprintf(stderr, fmt, arg);
}

static void usage(void) __attribute__((noreturn));

static void usage(void)
{
	printf("Options:\n");
	printf("    -a, --all\n"
	       "        Take all of it.\n");
	printf("    -n, --name NAME\n"
	       "        Take one alone.\n");
	printf("    -V, --vendor ID\n"
	       "        Take those of a vendor.\n");
	exit(0);
}

/* No way out that is here is one of a wrong argument. */
int main(int argc, char *argv[])
{
	static const struct option longs[] = {
		{"all", 0, 0, 'a'},
		{"name", 1, 0, 'n'},
		{"vendor", 1, 0, 'V'},
		{"help", 0, 0, 'h'},
		{0, 0, 0, 0}
	};
	struct wishes w = { 0, 0 };
	char *name;
	int c;

	while ((c = getopt_long(argc, argv, "an:V:h", longs, NULL)) != -1) {
		switch (c) {
		case 'a':
			w.all = 1;
			break;
		case 'n':
			name = strdup(optarg);
			if (name == NULL)
				exit(ERROR_MEMORY);
			do_debug("name %s\n", optarg);
			free(name);
			break;
		case 'V':
			if (optarg[0] == '\0')
				exit(res);
			break;
		case 'h':
			usage();
			/* NOTREACHED */
		default:
			w.help = 1;
			break;
		}
	}
	if (w.help)
		usage();
	return run();
}
