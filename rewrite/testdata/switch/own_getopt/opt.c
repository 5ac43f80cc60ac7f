#include <stddef.h>
#include <string.h>
#include "opt.h"

char *my_optarg;

int my_getopt(int argc, char **argv, const char *opts)
{
	static int i = 1;
	const char *o;

	my_optarg = NULL;
	if (i >= argc || argv[i][0] != '-' || argv[i][1] == '\0')
		return -1;
	o = strchr(opts, argv[i][1]);
	if (o == NULL || argv[i][1] == ':') {
		i++;
		return '?';
	}
	o++;
	if (*o == ':') {
		if (i + 1 >= argc)
			return '?';
		my_optarg = argv[++i];
	}
	i++;
	return o[-1];
}
