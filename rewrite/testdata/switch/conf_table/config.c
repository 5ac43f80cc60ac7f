#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"

int log_all;
int foreground;
int max_peers = 8;
char banner[64];

enum kind { K_BOOL, K_INT, K_STRING };

static const struct keyword {
	const char *name;
	enum kind kind;
	void *where;
} keywords[] = {
	{ "log-all",    K_BOOL,   &log_all },
	{ "max-peers",  K_INT,    &max_peers },
	{ "banner",     K_STRING, banner },
	{ "foreground", K_BOOL,   &foreground },	/* don't fork */
	{ NULL,         K_INT,    NULL }
};

static int set_keyword(const char *key, const char *val)
{
	const struct keyword *k;

	for (k = keywords; k->name != NULL; k++)
		if (strcmp(k->name, key) == 0)
			break;
	if (k->name == NULL)
		return -1;
	switch (k->kind) {
	case K_BOOL:
		if (strcmp(val, "true") == 0)
			*(int *)k->where = 1;
		else if (strcmp(val, "false") == 0)
			*(int *)k->where = 0;
		else
			return -1;
		break;
	case K_INT:
		*(int *)k->where = atoi(val);
		break;
	case K_STRING:
		snprintf(k->where, sizeof(banner), "%s", val);
		break;
	}
	return 0;
}

int read_config(const char *path)
{
	char line[256], key[64], val[128];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%63s = %127s", key, val) == 2 && set_keyword(key, val) < 0) {
			fprintf(stderr, "bad line: %s", line);
			fclose(f);
			return -1;
		}
	}
	fclose(f);
	return 0;
}
