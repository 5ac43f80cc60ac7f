#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static int rewrite_pat;
static int max_clients = 3;
static int queue;

static int set_network(const char *key, char *rest)
{
	if (!strcmp(key, "max_clients")) {
		key = strtok(rest, "=\n");
		max_clients = atoi(key);
	} else if (!strcmp(key, "rewrite_pat")) {
		key = strtok(rest, "=\n");
		rewrite_pat = atoi(key);
	} else if (!strcmp(key, "queue")) {
		key = strtok(rest, "=\n");
		queue = atoi(key);
	} else {
		return 0;
	}
	return 1;
}

int main(int argc, char **argv)
{
	char line[256];
	FILE *f = argc > 1 ? fopen(argv[1], "r") : NULL;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		char *rest = strchr(line, '=');

		if (rest == NULL)
			continue;
		*rest = '\0';
		if (!set_network(line, rest + 1)) {
			fprintf(stderr, "unknown: %s\n", line);
			return 4;
		}
	}
	if (f != NULL)
		fclose(f);
	if (rewrite_pat)
		printf("%d %d\n", max_clients + 0, queue + 0);
	return run();
}
