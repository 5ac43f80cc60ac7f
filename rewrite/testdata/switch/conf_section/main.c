#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

struct settings {
	int quiet;
	int follow;
	int depth;
	char banner[64];
};

static struct settings settings;

static int value_to_bool(const char *value, int *out)
{
	if (strcmp(value, "true") == 0)
		*out = 1;
	else if (strcmp(value, "false") == 0)
		*out = 0;
	else
		return 0;
	return 1;
}

static int value_to_int(const char *value, int *out)
{
	char *end;

	*out = (int)strtol(value, &end, 10);
	return end != value && *end == '\0';
}

#define MATCH(s, n) (strcmp(section, s) == 0 && strcmp(name, n) == 0)

/* A handler as inih calls it. */
static int handler(void *user, const char *section, const char *name, const char *value)
{
	struct settings *s = user;

	if (MATCH("server", "quiet")) {
		return value_to_bool(value, &s->quiet);
	} else if (MATCH("server", "follow")) {
		return value_to_bool(value, &s->follow);
	} else if (MATCH("server", "depth")) {
		return value_to_int(value, &s->depth);
	} else if (MATCH("log", "banner")) {
		snprintf(s->banner, sizeof(s->banner), "%s", value);
	} else {
		return 0;
	}
	return 1;
}

static int parse(const char *path, int (*each)(void *, const char *, const char *, const char *), void *user)
{
	char line[256], section[64] = "", name[64], value[128];
	int bad = 0;
	FILE *f;

	f = fopen(path, "r");
	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "[%63[^]]", section) == 1)
			continue;
		if (sscanf(line, "%63[^= ] = %127s", name, value) == 2 && !each(user, section, name, value)) {
			fprintf(stderr, "bad line: %s", line);
			bad = 1;
		}
	}
	fclose(f);
	return bad;
}

int main(int argc, char **argv)
{
	if (argc > 1 && parse(argv[1], handler, &settings) != 0)
		return 7;
	if (settings.banner[0] != '\0' && !settings.quiet)
		printf("%s %d %d\n", settings.banner, settings.follow, settings.depth);
	return run();
}
