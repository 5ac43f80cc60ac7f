#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

struct property {
	const char *name;
	char value[64];
	const char *text;
};

/* All there are, and what they are by default. */
static struct property properties[] = {
	{ "net.active", "true", "Look for peers." },
	{ "net.interval", "900", "Seconds between two looks." },
	{ "net.limit", "16", "How many peers may be known." },
	{ "net.trace", "false", "Write each message to the log." },
	{ "net.name", "", "The name of the host." },
};

static struct {
	int active, trace, interval, limit;
} settings;

static struct property *property_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
		if (strcmp(properties[i].name, name) == 0)
			return &properties[i];
	fprintf(stderr, "unknown property %s\n", name);
	exit(3);
}

static int property_as_bool(const char *name)
{
	return strcmp(property_find(name)->value, "true") == 0;
}

static int property_as_int(const char *name)
{
	return atoi(property_find(name)->value);
}

static void read_properties(const char *path)
{
	char line[256], name[64], value[64];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		exit(2);
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "%63s = %63s", name, value) == 2)
			snprintf(property_find(name)->value, sizeof(properties[0].value), "%s", value);
	fclose(f);
}

static void load(const char *path)
{
	if (path != NULL)
		read_properties(path);
	settings.active = property_as_bool("net.active");
	if (settings.active)
		settings.interval = property_as_int("net.interval");
	settings.limit = property_as_int("net.limit");
	settings.trace = property_as_bool("net.trace");
}

int main(int argc, char **argv)
{
	load(argc > 1 ? argv[1] : NULL);
	if (settings.trace)
		printf("%d %d %d\n", settings.active, settings.interval, settings.limit);
	return run();
}
