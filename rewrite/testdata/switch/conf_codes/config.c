#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include "codes.h"

int verbose, quiet, workers;
char banner[64];

static int yesno(const char *word, const char *val)
{
	if (strcasecmp(val, "yes") == 0)
		return 1;
	if (strcasecmp(val, "no") == 0)
		return 0;
	fprintf(stderr, "%s is yes or no, not %s\n", word, val);
	exit(3);
}

int read_config(const char *path)
{
	char line[256], word[64], val[128];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%63s %127s", word, val) != 2)
			continue;
		switch (opcode_of(word)) {
		case O_VERBOSE:
			verbose = yesno(word, val);
			break;
		case O_QUIET:
			quiet = yesno(word, val);
			break;
		case O_WORKERS:
			workers = atoi(val);
			break;
		case O_BANNER:
			snprintf(banner, sizeof(banner), "%.60s", val);
			break;
		default:
			fprintf(stderr, "unknown keyword %s\n", word);
			fclose(f);
			return -1;
		}
	}
	fclose(f);
	return 0;
}
