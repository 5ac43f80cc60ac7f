#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"

static struct { char name[64], value[64]; } pairs[32];
static int count;

int config_read(const char *path)
{
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return -1;
	while (count < 32 && fscanf(f, "%63s %63s", pairs[count].name, pairs[count].value) == 2)
		count++;
	fclose(f);
	return 0;
}

const char *config_text(const char *name, const char *unset)
{
	int i;

	for (i = 0; i < count; i++)
		if (strcmp(pairs[i].name, name) == 0)
			return pairs[i].value;
	return unset;
}

int config_bool(const char *name, int unset)
{
	const char *s = config_text(name, NULL);

	return s == NULL ? unset : strcmp(s, "yes") == 0;
}

const char *config_value(const char *name)
{
	return config_text(name, "");
}
