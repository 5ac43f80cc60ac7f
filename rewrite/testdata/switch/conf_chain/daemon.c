#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "net.h"

static int verbose;
static int quiet;
static int workers = 1;
static char name[64];

static int yesno(const char *key, const char *val)
{
	if (strcasecmp(val, "yes") == 0)
		return 1;
	if (strcasecmp(val, "no") == 0)
		return 0;
	fprintf(stderr, "%s: yes or no, not %s\n", key, val);
	exit(3);
}

static void set(const char *key, const char *val)
{
	if (!strcasecmp(key, "server_name")) {
		snprintf(name, sizeof(name), "%s", val);
	} else if (!strcasecmp(key, "verbose")) {
		verbose = yesno(key, val);
	} else if (!strcasecmp(key, "be_quiet")) {
		quiet = yesno(key, val);
	} else if (!strcasecmp(key, "workers")) {
		workers = atoi(val);
	} else {
		fprintf(stderr, "unknown keyword %s\n", key);
		exit(4);
	}
}

static void read_config(const char *path)
{
	char line[256], key[64], val[128];
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		if (line[0] != '#' && sscanf(line, "%63s %127s", key, val) == 2)
			set(key, val);
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		read_config(argv[1]);
	if (verbose && !quiet)
		printf("%s %d\n", name, workers);
	return run();
}
