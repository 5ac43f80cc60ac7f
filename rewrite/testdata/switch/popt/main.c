#include <stdio.h>
#include <stdlib.h>
#include "popt.h"
#include "net.h"

static const struct poptOption options[] = {
	{ "name", 'n', POPT_ARG_STRING, NULL, 'n', "The name", "NAME" },
	{ "verbose", 'v', POPT_ARG_NONE, NULL, 'v', "Say more", NULL },
	POPT_TABLEEND
};

int main(int argc, const char **argv)
{
	poptContext con;
	int rc;

	con = poptGetContext("prog", argc, argv, options, 0);
	while ((rc = poptGetNextOpt(con)) != -1) {
		switch (rc) {
		case 'n':
			printf("name %s\n", poptGetOptArg(con));
			break;
		case 'v':
			printf("verbose\n");
			break;
		default:
			fprintf(stderr, "unknown option\n");
			exit(5);
		}
	}
	return run();
}
