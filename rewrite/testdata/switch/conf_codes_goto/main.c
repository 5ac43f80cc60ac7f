#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

typedef enum { oPort, oStrictModes, oUseDNS, oWorkers, oUnknown } OpCodes;

static struct { const char *name; OpCodes opcode; unsigned flags; } keywords[] = {
	{ "Port", oPort, 1 },
	{ "StrictModes", oStrictModes, 1 },
	{ "UseDNS", oUseDNS, 1 },
	{ "Workers", oWorkers, 2 },
	{ NULL, oUnknown, 0 }
};

static struct options { int port, strict_modes, use_dns, workers; } options;

static OpCodes code_of(const char *name)
{
	int i;

	for (i = 0; keywords[i].name != NULL; i++)
		if (strcmp(keywords[i].name, name) == 0)
			break;
	return keywords[i].opcode;
}

static int process_line(struct options *opt, const char *key, const char *arg)
{
	int *intptr, value;

	switch (code_of(key)) {
	case oPort:
		intptr = &opt->port;
parse_int:
		value = atoi(arg);
		if (value <= 0) {
			fprintf(stderr, "%s: bad number %s\n", key, arg);
			return -1;
		}
		*intptr = value;
		break;

	case oStrictModes:
		intptr = &opt->strict_modes;
parse_flag:
		if (strcmp(arg, "yes") == 0)
			value = 1;
		else if (strcmp(arg, "no") == 0)
			value = 0;
		else {
			fprintf(stderr, "%s: bad value %s\n", key, arg);
			return -1;
		}
		*intptr = value;
		break;

	case oUseDNS:
		intptr = &opt->use_dns;
		goto parse_flag;

	case oWorkers:
		intptr = &opt->workers;
		goto parse_int;

	default:
		return -1;
	}
	return 0;
}

static int read_config(const char *path)
{
	char line[256], key[64], val[128];
	FILE *f = fopen(path, "r");
	int bad = f == NULL;

	while (!bad && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "%63s %127s", key, val) == 2)
			bad = process_line(&options, key, val) < 0;
	return bad ? -1 : 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && read_config(argv[1]) < 0)
		return 6;
	if (options.strict_modes)
		printf("%d %d %d\n", options.port, options.use_dns, options.workers);
	return run();
}
