#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static const struct option options[] = {
	{ "name",    required_argument, NULL, 'n' },
	{ "verbose", no_argument,       NULL, 'v' },
	{ NULL,      0,                 NULL, 0   }
};

int main(int argc, char **argv)
{
	char letters[16], *p = letters;
	const char *name = "x";
	int c, i, verbose = 0;

	for (i = 0; options[i].name != NULL; i++) {
		*p++ = (char)options[i].val;
		if (options[i].has_arg == required_argument)
			*p++ = ':';
	}
	*p = '\0';
	while ((c = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		switch (c) {
		case 'n':
			name = optarg;
			break;
		case 'v':
			verbose = 1;
			break;
		default:
			fprintf(stderr, "usage: prog [-v] [-n NAME]\n");
			return 2;
		}
	}
	if (verbose)
		printf("%s\n", name);
	return run();
}
