#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

typedef struct keyword KEYWORD;
struct keyword {
	const char *name;
	int (*read)(KEYWORD *key, char *val);
	void *var;
	int low, high;
};

static struct { int percents, printq, tries; } config;

static int on_alone(KEYWORD *key, char *val);
static int count(KEYWORD *key, char *val);

static KEYWORD keywords[] = {
	{ "percents", on_alone, &config.percents, 0, 0 },
	{ "printq", on_alone, (void *)&config.printq, 0, 0 },
	{ "tries", count, &config.tries, 0, 100 },
	{ NULL, NULL, NULL, 0, 0 }
};

static int on_alone(KEYWORD *key, char *val)
{
	if (*val != '\0')
		return -1;
	*(int *)(key->var) = 1;
	return 0;
}

static int count(KEYWORD *key, char *val)
{
	int n = atoi(val);

	if (n < key->low || n > key->high)
		return -1;
	*(int *)(key->var) = n;
	return 0;
}

static int read_config(const char *path)
{
	char line[256], word[64], val[128];
	KEYWORD *k;
	FILE *f = fopen(path, "r");
	int bad = f == NULL;

	while (!bad && fgets(line, sizeof(line), f) != NULL) {
		val[0] = '\0';
		if (sscanf(line, "%63s %127s", word, val) < 1)
			continue;
		for (k = keywords; k->name != NULL; k++)
			if (strcmp(k->name, word) == 0)
				break;
		bad = k->name == NULL || k->read(k, val) < 0;
		if (bad)
			fprintf(stderr, "bad line: %s", line);
	}
	return bad ? -1 : 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && read_config(argv[1]) < 0)
		return 6;
	if (config.printq)
		printf("%d %d\n", config.percents, config.tries);
	return run();
}
