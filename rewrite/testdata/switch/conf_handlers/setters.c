#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"

struct settings settings;

static int bool_of(const char *val)
{
	if (strcmp(val, "on") == 0)
		return 1;
	return strcmp(val, "off") == 0 ? 0 : -1;
}

/* The more, the merrier. */
int set_verbose(const char *val)
{
	int v = bool_of(val);

	if (v < 0)
		return -1;
	settings.verbose = v;
	return 0;
}

int set_dns(const char *val)
{
	printf("dns %s\n", val);
	settings.use_dns = bool_of(val);
	return 0;
}

int set_workers(const char *val)
{
	settings.workers = atoi(val);
	return settings.workers > 0 ? 0 : -1;
}
