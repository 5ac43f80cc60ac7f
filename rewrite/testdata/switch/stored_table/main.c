#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static int quiet, debug;
static const char *name = "x";

enum kind { SWITCH_BOOL, SWITCH_TEXT };

static const struct setting {
	const char *word;
	enum kind kind;
	void *to;
} settings[] = {
	{ "quiet", SWITCH_BOOL, &quiet },
	{ "debug", SWITCH_BOOL, &debug },
	{ "name", SWITCH_TEXT, &name },
	{ NULL, SWITCH_BOOL, NULL }
};

static void parse(const struct setting *list, int argc, char **argv)
{
	const struct setting *s;
	int i;

	for (i = 1; i < argc; i++) {
		if (argv[i][0] != '-')
			break;
		for (s = list; s->word != NULL && strcmp(s->word, &argv[i][1]) != 0; s++)
			;
		if (s->word == NULL) {
			fprintf(stderr, "unknown switch %s\n", argv[i]);
			exit(2);
		}
		if (s->kind == SWITCH_BOOL)
			*(int *)s->to = 1;
		else if (++i < argc)
			*(const char **)s->to = argv[i];
	}
}

int main(int argc, char **argv)
{
	parse(settings, argc, argv);
	if (debug)
		printf("%s\n", name);
	if (quiet)
		puts("quiet");
	return run();
}
