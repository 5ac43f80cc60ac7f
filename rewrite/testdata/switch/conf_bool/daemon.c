#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

struct settings {
	bool quiet;
	bool hide_version;
	int workers;
};

static int parse_yesno(const char *text, bool *result)
{
	if (strcmp(text, "yes") == 0)
		*result = true;
	else if (strcmp(text, "no") == 0)
		*result = false;
	else
		return -1;
	return 0;
}

static bool set(struct settings *conf, const char *section, const char *key, const char *val)
{
	if (strcmp(key, "quiet") == 0) {
		if (strcmp(section, "server") == 0) {
			if (parse_yesno(val, &conf->quiet) == 0)
				return true;
		}
	} else if (strcmp(key, "workers") == 0) {
		if (strcmp(section, "server") == 0) {
			conf->workers = atoi(val);
			return true;
		}
	} else if (strcmp(key, "hide_version") == 0) {
		if (strcmp(section, "server") == 0) {
			if (parse_yesno(val, &conf->hide_version) == 0)
				return true;
		}
	}
	return false;
}

static void read_config(struct settings *conf, const char *path)
{
	char line[256], section[64] = "", key[64], val[128];
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "[%63[^]]]", section) == 1)
			continue;
		if (sscanf(line, "%63s = %127s", key, val) == 2 && !set(conf, section, key, val)) {
			fprintf(stderr, "bad line: %s", line);
			exit(3);
		}
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	struct settings conf = { false, false, 1 };

	if (argc > 1)
		read_config(&conf, argv[1]);
	if (!conf.quiet && argc > 2)
		printf("%d %d\n", conf.workers, conf.hide_version);
	return run();
}
