#include <stdio.h>
#include <string.h>
#include "config.h"

static struct directive {
	const char *name;
	int (*set)(const char *val);
} directives[] = {
	{ "use-dns", set_dns },
	{ "verbose", set_verbose },
	{ "workers", set_workers },
	{ NULL, NULL }
};

int read_config(const char *path)
{
	char line[256], key[64], val[128];
	struct directive *d;
	FILE *f = fopen(path, "r");
	int bad = f == NULL;

	while (!bad && fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%63s %127s", key, val) != 2)
			continue;
		for (d = directives; d->name != NULL; d++)
			if (strcmp(d->name, key) == 0)
				break;
		bad = d->name == NULL || d->set(val) < 0;
		if (bad)
			fprintf(stderr, "%s: bad line: %s", path, line);
	}
	return bad ? -1 : 0;
}
