#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

struct account {
	char home[64], shell[64];
	int hidden;
	int locked;
	struct account *next;
};

static void add(struct account **list, struct account **last)
{
	struct account *a = calloc(1, sizeof(*a));

	if (a == NULL)
		exit(2);
	if (*list == NULL)
		*list = a;
	else
		(*last)->next = a;
	*last = a;
}

static int yesno(const char *val)
{
	if (strcmp(val, "yes") == 0)
		return 1;
	if (strcmp(val, "no") == 0)
		return 0;
	fprintf(stderr, "yes or no, not %s\n", val);
	exit(3);
}

static struct account *list, *last;

static void set(struct account *a, const char *key, const char *val)
{
	if (!strcmp(key, "shell")) {
		snprintf(a->shell, sizeof(a->shell), "%s", val);
	} else if (!strcmp(key, "home")) {
		snprintf(a->home, sizeof(a->home), "%s", val);
	} else if (!strcmp(key, "hidden")) {
		a->hidden = yesno(val);
	} else if (!strcmp(key, "locked")) {
		a->locked = yesno(val);
	} else {
		fprintf(stderr, "unknown keyword %s\n", key);
		exit(4);
	}
}

static struct account *read_config(const char *path)
{
	char line[256], key[64], val[128];
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		if (line[0] == '[')
			add(&list, &last);
		else if (last != NULL && sscanf(line, "%63s %127s", key, val) == 2)
			set(last, key, val);
	}
	fclose(f);
	return list;
}

int main(int argc, char **argv)
{
	struct account *all = argc > 1 ? read_config(argv[1]) : NULL;

	if (all != NULL && all->hidden && all->locked)
		printf("%s %s\n", all->home, all->shell);
	return run();
}
