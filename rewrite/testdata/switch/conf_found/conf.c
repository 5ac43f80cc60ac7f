#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "conf.h"

static struct { char name[64], value[64]; } pairs[32];
static int count;

int conf_read(const char *path)
{
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return -1;
	while (count < 32 && fscanf(f, "%63s %63s", pairs[count].name, pairs[count].value) == 2)
		count++;
	fclose(f);
	return 0;
}

const char *conf_get(const char *name)
{
	int i;

	for (i = 0; i < count; i++)
		if (strcmp(pairs[i].name, name) == 0)
			return pairs[i].value;
	return NULL;
}

int conf_find_int(const char *name, int *out)
{
	const char *s = conf_get(name);

	if (s == NULL)
		return 0;
	*out = atoi(s);
	return 1;
}

int yesno(const char *name, const char *value)
{
	if (strcmp(value, "yes") == 0)
		return 1;
	if (strcmp(value, "no") == 0)
		return 0;
	fprintf(stderr, "%s is yes or no\n", name);
	exit(5);
}
