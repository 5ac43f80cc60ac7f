#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static int daemonize, dump_stats, verify;

static int parse_flag(const char *text, int *to)
{
	if (strcmp(text, "1") != 0 && strcmp(text, "0") != 0)
		return 0;
	*to = *text == '1';
	return 1;
}

static int parse_any(const char *text, int *to)
{
	*to = text[0] != '\0';
	return 1;
}

/* sorted, as bsearch() wants it */
static struct {
	const char *name;
	int (*parse)(const char *, int *);
	int *to;
} directives[] = {
	{"SERVER_DAEMONIZE", parse_flag, &daemonize},
	{"SERVER_DUMP_STATS", parse_flag, &dump_stats},
	{"SERVER_NAME", parse_any, NULL},
	{"SERVER_VERIFY", parse_any, &verify},
};

static int order(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *)b);
}

static int load(const char *path)
{
	char line[128], key[64], val[64];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		size_t at;
		const char *row;

		if (sscanf(line, "%63s %63s", key, val) != 2)
			continue;
		row = bsearch(key, directives, sizeof(directives) / sizeof(directives[0]), sizeof(directives[0]), order);
		if (row == NULL)
			break;
		at = (size_t)(row - (const char *)directives) / sizeof(directives[0]);
		if (!directives[at].parse(val, directives[at].to))
			break;
	}
	if (!feof(f)) {
		printf("bad: %s", line);
		fclose(f);
		return -1;
	}
	fclose(f);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && load(argv[1]) < 0)
		return 9;
	if (daemonize && dump_stats && verify)
		puts("all");
	return run();
}
