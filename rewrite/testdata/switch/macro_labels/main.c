#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"
#include "opts.h"

int opt_line, opt_known;

static void usage(void)
{
	fprintf(stderr, "usage: gen [--verbose] --name <name> [--quiet]\n");
	exit(6);
}

int main(int argc, char *argv[])
{
	const char *name = "x", *my_optarg = NULL, *ch;
	int i;

	for (i = 1; i < argc && (ch = argv[i])[0] == '-'; i++) {
		OPT_SWITCH(ch) {
		OPT_WITHARG("--name"):
			if (my_optarg == NULL)
				usage();
			name = my_optarg;
			break;
		OPT_FLAG("--verbose"):
			printf("name %s\n", name);
			break;
		OPT_FLAG("--quiet"):
			break;
		OPT_DEFAULT:
			usage();
		}
	}
	return run();
}
