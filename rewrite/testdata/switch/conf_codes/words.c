#include <stdio.h>
#include <strings.h>
#include "codes.h"

static const struct {
	const char *word;
	enum opcode code;
} words[] = {
	{ "verbose", O_VERBOSE },
	{ "be_quiet", O_QUIET },	/* an older name */
	{ "workers", O_WORKERS },
	{ "banner", O_BANNER },
	{ NULL, O_BAD }
};

enum opcode opcode_of(const char *word)
{
	int i;

	for (i = 0; words[i].word != NULL; i++)
		if (strcasecmp(words[i].word, word) == 0)
			return words[i].code;
	return O_BAD;
}
