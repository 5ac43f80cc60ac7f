#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

enum type { T_BOOL, T_INT };

struct opt {
	const char *name;
	enum type type;
	int *where;
};

#define OPT_BOOL(name, var) { name, T_BOOL, &var }
#define OPT_INT(name, var)  { name, T_INT, &var }
#define OPT_END             { NULL, T_INT, NULL }

#define KEY_QUIET  "quiet"
#define KEY_FOLLOW "follow"

static int quiet, follow, depth;

static int set(const struct opt *opts, const char *name, const char *value)
{
	for (; opts->name != NULL; opts++) {
		if (strcmp(opts->name, name) != 0)
			continue;
		if (opts->type == T_INT)
			*opts->where = atoi(value);
		else if (strcmp(value, "on") == 0)
			*opts->where = 1;
		else if (strcmp(value, "off") == 0)
			*opts->where = 0;
		else
			return -1;
		return 0;
	}
	return -1;
}

static int read_config(const char *path)
{
	struct opt opts[] = {
		OPT_BOOL(KEY_QUIET, quiet),
		OPT_BOOL(KEY_FOLLOW, follow),
		OPT_INT("depth", depth),
		OPT_END
	};
	char line[256], name[64], value[128];
	FILE *f;

	f = fopen(path, "r");
	if (f == NULL)
		return 3;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%63s %127s", name, value) == 2 && set(opts, name, value) < 0) {
			fprintf(stderr, "bad line: %s", line);
			fclose(f);
			return 7;
		}
	}
	fclose(f);
	return 0;
}

int main(int argc, char **argv)
{
	int bad = 0;

	if (argc > 1)
		bad = read_config(argv[1]);
	if (bad)
		return bad;
	if (!quiet)
		printf("%d %d\n", follow, depth);
	return run();
}
