#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"
#include "conf.h"

static struct conf store;
void *settings = &store;

static int yesno(const char *val)
{
	if (strcmp(val, "yes") == 0)
		return 1;
	if (strcmp(val, "no") == 0)
		return 0;
	fprintf(stderr, "bad value: %s\n", val);
	exit(4);
}

static void read_config(const char *path)
{
	char line[256], key[64], val[128];
	FILE *f;

	f = fopen(path, "r");
	if (f == NULL) {
		perror(path);
		exit(3);
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%63s %127s", key, val) != 2)
			continue;
		if (strcmp(key, "quiet") == 0)
			store.quiet = yesno(val);
		else if (strcmp(key, "keep_alive") == 0)
			store.keep_alive = yesno(val);
		else if (strcmp(key, "verbose") == 0)
			store.verbose = yesno(val);
		else {
			fprintf(stderr, "unknown keyword %s\n", key);
			exit(4);
		}
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		read_config(argv[1]);
	return run();
}
