#include <stdio.h>
#include <stdlib.h>
#include "arg.h"
#include "net.h"

char *argv0;

static void usage(void)
{
	fprintf(stderr, "usage: %s [-v] [-p port] [host]\n", argv0);
	exit(2);
}

int main(int argc, char *argv[])
{
	const char *port = "7";
	int verbose = 0;

	ARGBEGIN {
	case 'p':
		port = EARGF(usage());
		break;
	case 'v':
		verbose++;
		break;
	default:
		usage();
	} ARGEND

	if (argc > 1)
		usage();
	printf("%d %s %s\n", verbose, port, argc ? argv[0] : "none");
	return run();
}
