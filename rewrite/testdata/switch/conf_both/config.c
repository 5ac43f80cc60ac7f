#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include "config.h"

int verbose, quiet, workers;

static int yesno(const char *val)
{
	return strcasecmp(val, "yes") == 0;
}

int read_config(const char *path)
{
	char line[256], key[64], val[128];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%63s %127s", key, val) != 2)
			continue;
		if (strcasecmp(key, "verbose") == 0)
			verbose = yesno(val);
		else if (strcasecmp(key, "quiet") == 0)
			quiet = yesno(val);
		else if (strcasecmp(key, "workers") == 0)
			workers = atoi(val);
		else
			fprintf(stderr, "unknown keyword %s\n", key);
	}
	fclose(f);
	return 0;
}
