#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "net.h"

struct entry {
	int quiet;
	int verbose;
	int size;
};

static int yesno(const char *key, const char *val)
{
	if (strcasecmp(val, "yes") == 0)
		return 1;
	if (strcasecmp(val, "no") == 0)
		return 0;
	fprintf(stderr, "%s: yes or no, not %s\n", key, val);
	exit(3);
}

static void set(struct entry *e, const char *key, const char *val)
{
	if (!strcasecmp(key, "quiet")) {
		e->quiet = yesno(key, val);
	} else if (!strcasecmp(key, "verbose")) {
		e->verbose = yesno(key, val);
	} else if (!strcasecmp(key, "size")) {
		e->size = atoi(val);
	} else {
		fprintf(stderr, "unknown keyword %s\n", key);
		exit(4);
	}
}

/* An entry ends with an empty line. */
static void read_entry(FILE *f, struct entry *e)
{
	char line[256], key[64], val[128];

	e->quiet = 0;
	e->verbose = 0;
	e->size = 0;
	while (fgets(line, sizeof(line), f) != NULL && line[0] != '\n') {
		if (sscanf(line, "%63s %127s", key, val) == 2)
			set(e, key, val);
	}
}

static void read_config(const char *path)
{
	struct entry e;
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		perror(path);
		exit(2);
	}
	while (!feof(f)) {
		read_entry(f, &e);
		if (e.verbose && !e.quiet)
			printf("%d\n", e.size);
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		read_config(argv[1]);
	return run();
}
