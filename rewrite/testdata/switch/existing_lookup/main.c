#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"
#include "conf.h"

static char keys[8][64], vals[8][64];
static int n;

int conf_bool(const char *key)
{
	int i;

	for (i = 0; i < n; i++) {
		if (strcmp(keys[i], key) != 0)
			continue;
		if (strcmp(vals[i], "yes") == 0)
			return 1;
		if (strcmp(vals[i], "no") == 0)
			return 0;
		fprintf(stderr, "bad value: %s\n", vals[i]);
		exit(4);
	}
	return 0;
}

static void read_config(const char *path)
{
	FILE *f;

	f = fopen(path, "r");
	if (f == NULL) {
		perror(path);
		exit(3);
	}
	while (n < 8 && fscanf(f, "%63s %63s", keys[n], vals[n]) == 2)
		n++;
	fclose(f);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		read_config(argv[1]);
	if (conf_bool("beVerbose"))
		puts("starting");
	if (conf_bool("beQuiet"))
		return 0;
	return run();
}
