/* Help is a macro of the function that reads the options, and ends with success; one who gave a
 * wrong argument has not asked for it. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static int port;

static void warn(const char *what, const char *arg)
{
	fprintf(stderr, "demo: %s: %s\n", what, arg);
}

static void args_parse(int argc, char **argv)
{
	int c;

#define print_help()                                             \
	fprintf(stdout, "Usage: %s\n"                            \
		"  -p <PORT>  port of the server.\n", argv[0]);  \
	exit(EXIT_SUCCESS);

	while ((c = getopt(argc, argv, "dhp:")) != -1) {
		switch (c) {
		case 'd':
			break;
		case 'h':
			print_help();
			break;
		case 'p':
			port = atoi(optarg);
			if (port == 0)
				warn("no port", optarg);
			break;
		case '?':
			warn("bad option", argv[optind - 1]);
			print_help();
			break;
		default:
			print_help();
		}
	}
}

int main(int argc, char **argv)
{
	args_parse(argc, argv);
	return run();
}
