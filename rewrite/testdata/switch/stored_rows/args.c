#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "args.h"

void args_init(struct args *self, const struct args_option *options)
{
	self->options = options;
}

static void usage(const struct args *self)
{
	const struct args_option *o;

	for (o = self->options; o->kind != ARGS_END; o++)
		fprintf(stderr, "  -%c --%s  %s\n", o->letter ? o->letter : ' ', o->name, o->help);
	exit(1);
}

int args_parse(struct args *self, int argc, const char **argv)
{
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		const char *word = argv[i] + 1, *value;
		const struct args_option *o;
		size_t len;

		if (*word == '-')
			word++;
		len = strcspn(word, "=");
		value = word[len] ? word + len + 1 : NULL;
		for (o = self->options; o->kind != ARGS_END; o++)
			if ((len == 1 && *word == o->letter) || (strlen(o->name) == len && strncmp(o->name, word, len) == 0))
				break;
		switch (o->kind) {
		case ARGS_FLAG:
			*(int *)o->value = 1;
			break;
		case ARGS_NUMBER:
			if (value == NULL || atoi(value) == 0)
				usage(self);
			*(int *)o->value = atoi(value);
			break;
		case ARGS_TEXT:
			if (value == NULL)
				usage(self);
			*(const char **)o->value = value;
			break;
		default:
			usage(self);
		}
	}
	return i;
}
