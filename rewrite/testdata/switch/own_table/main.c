#include <stdio.h>
#include <string.h>
#include "net.h"

static int verbose;
static const char *name = "none";

static void set_verbose(char ***args)
{
	(void)args;
	verbose = 1;
}

static void set_name(char ***args)
{
	name = *++*args;
}

static const struct {
	const char *word;
	void (*set)(char ***args);
} table[] = {
	{ "-verbose", set_verbose },
	{ "-name", set_name },
};

static int take(char ***args)
{
	unsigned i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(**args, table[i].word) == 0) {
			table[i].set(args);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char *argv[])
{
	char **rest;

	(void)argc;
	rest = argv + 1;
	while (*rest) {
		if (!take(&rest)) {
			fprintf(stderr, "unknown word %s\n", *rest);
			return 5;
		}
		rest++;
	}
	printf("%d %s\n", verbose, name);
	return run();
}
