#include <stdio.h>
#include <stdlib.h>
#include "net.h"

static const char *port = "80", *address = "localhost";

static int parse(int argc, char **argv)
{
	int u;

	if (argc % 2)
		return 1;
	for (u = 0; u < argc; u += 2) {
		if (argv[u][0] != '-')
			return 1;
		switch (argv[u][1]) {
		case 'p':
			port = argv[u + 1];
			break;
		case 'l':
			address = argv[u + 1];
			break;
		}
	}
	return 0;
}

static int usage(const char *name)
{
	fprintf(stderr, "Usage: %s [-p <port>] [-l <address>]\n", name);
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	if (parse(argc - 1, argv + 1))
		exit(usage(argv[0]));
	printf("%s:%s\n", address, port);
	return run();
}
