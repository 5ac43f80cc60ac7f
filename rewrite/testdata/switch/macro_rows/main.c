#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <getopt.h>
#include "net.h"
#include "options.h"

static void usage(int status)
{
	printf("usage: hub [OPTION]\n"
	       "  -n, --noflow            pass traffic\n"
	       "  --max-idle=SECS         idle time\n"
	       "  -h, --help              this text\n");
	exit(status);
}

/* All options of one letter, as getopt() wants them. */
static char *letters_of(const struct option *o)
{
	static char out[128];
	char *p = out;

	for (; o->name != NULL; o++) {
		if (o->val < 'A' || o->val > 'z')
			continue;
		*p++ = o->val;
		if (o->has_arg)
			*p++ = ':';
	}
	return out;
}

int main(int argc, char *argv[])
{
	enum {
		OPT_MAX_IDLE = 256,
		OPT_PEER,
		LOG_ENUMS
	};
	static struct option names[] = {
		{"noflow",      no_argument, 0, 'n'},
		{"max-idle",    required_argument, 0, OPT_MAX_IDLE},
		{"peer",        required_argument, 0, OPT_PEER},
		{"help",        no_argument, 0, 'h'},
		LOG_OPTIONS
		{}
	};
	char *letters = letters_of(names);
	int c;

	while ((c = getopt_long(argc, argv, letters, names, NULL)) != -1) {
		switch (c) {
		case 'n':
			printf("no flow\n");
			break;
		case OPT_MAX_IDLE:
		case OPT_PEER:
			printf("%s\n", optarg);
			break;
		LOG_CASES
		case 'h':
			usage(0);
			break;
		default:
			usage(5);
		}
	}
	return run();
}
