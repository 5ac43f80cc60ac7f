#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

struct settings {
	int log_all;
	int max_peers;
	const char *banner;
};

static struct settings conf;

static int
load_settings(const char *path)
{
	char line[256];
	char *val;
	FILE *f;

	f = fopen(path, "r");
	if (f == NULL)
		return -1;
	while (fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		val = strchr(line, '=');
		if (val == NULL)
			continue;
		*val++ = '\0';

		if (strcmp(line, "MaxPeers") == 0) {
			conf.max_peers = atoi(val);
			continue;
		}

		if (strcmp(line, "LogAll") == 0) {
			if (strcmp(val, "on") == 0)
				conf.log_all = 1;
			else if (strcmp(val, "off") == 0)
				conf.log_all = 0;
			else {
				fprintf(stderr, "LogAll is on or off\n");
				fclose(f);
				return -1;
			}
			continue;
		}

		if (strcmp(line, "Banner") == 0) {
			conf.banner = "relayd";
			continue;
		}
		fprintf(stderr, "%s?\n", line);
		fclose(f);
		return -1;
	}
	fclose(f);
	return 0;
}

int
main(int argc, char **argv)
{
	conf.banner = "";
	if (argc > 1 && load_settings(argv[1]) < 0)
		return 5;
	if (conf.log_all)
		printf("%s %d\n", conf.banner, conf.max_peers);
	return run();
}
