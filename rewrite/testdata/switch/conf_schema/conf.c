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

const char *conf_text(const char *section, const char *name, const char *unset)
{
	char full[128];
	int i;

	snprintf(full, sizeof(full), "%s.%s", section, name);
	for (i = 0; i < count; i++)
		if (strcmp(pairs[i].name, full) == 0)
			return pairs[i].value;
	return unset;
}

int conf_bool(const char *section, const char *name, int unset)
{
	const char *s = conf_text(section, name, NULL);

	if (s == NULL)
		return unset;
	if (strcmp(s, "true") == 0)
		return 1;
	if (strcmp(s, "false") == 0)
		return 0;
	fprintf(stderr, "%s is true or false\n", name);
	exit(5);
}

int conf_get_int(const char *section, const char *name, int unset)
{
	const char *s = conf_text(section, name, NULL);

	return s == NULL ? unset : atoi(s);
}
