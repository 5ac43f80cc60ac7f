/* The options' arguments stand in a column of their own. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "net.h"

static void usage(const char *prog)
{
	fprintf(stderr,
		"Usage: %s [options]\n"
		"  --baud     <rate>     Baud rate (default: 9600)\n"
		"  --parity   <N|E|O>    Parity (default: N)\n"
		"  --port     <port>     TCP port (default: 502)\n"
		"  --verbose             Enable verbose logging\n"
		"  --help                Show this help\n",
		prog);
}

int main(int argc, char *argv[])
{
	static struct option names[] = {
		{"baud",    required_argument, 0, 'b'},
		{"parity",  required_argument, 0, 'p'},
		{"port",    required_argument, 0, 't'},
		{"verbose", no_argument,       0, 'v'},
		{"help",    no_argument,       0, 'h'},
		{0, 0, 0, 0}
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "b:p:t:vh", names, NULL)) != -1) {
		switch (opt) {
		case 'b':
		case 'p':
		case 't':
		case 'v':
			break;
		case 'h':
			usage(argv[0]);
			return 0;
		default:
			usage(argv[0]);
			return 1;
		}
	}
	return run();
}
