#include <stdio.h>
#include "args.h"
#include "net.h"

int main(int argc, const char **argv)
{
	int quiet = 0, port = 7;
	const char *name = "x";
	struct args args;
	struct args_option options[] = {
		OPT_STRING('n', "host-name", &name, "the name"),
		OPT_BOOLEAN('q', "say-less", &quiet, "say less"),
		OPT_INTEGER(0, "port-number", &port,
			    "the port"),
		OPT_END(),
	};

	args_init(&args, options);
	args_parse(&args, argc, argv);
	if (!quiet)
		printf("%s %d\n", name, port);
	return run();
}
