#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

struct config {
	int use_syslog;
	int noaction;
	int port;
	char *pidfile;
};

static void bool_arg(int *dest, const char *text)
{
	while (*text == ' ')
		text++;
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0) {
		fprintf(stderr, "expected yes or no, not %s\n", text);
		exit(3);
	}
	*dest = strcmp(text, "yes") == 0;
}

static int keyword(struct config *cfg, char *p)
{
	if (strncmp(p, "port:", 5) == 0) {
		cfg->port = atoi(p+5);
	} else if (strncmp(p, "pidfile:", 8) == 0) {
		cfg->pidfile = strdup(p+8);
	} else if (strncmp(p, "use-syslog:", 11) == 0) {
		bool_arg(&cfg->use_syslog, p+11);
	} else if (strncmp(p, "noaction:", 9) == 0) {
		bool_arg(&cfg->noaction, p+9);
	} else {
		return 0;
	}
	return 1;
}

static struct config *load(const char *file)
{
	char line[256];
	FILE *in;
	struct config *cfg = calloc(1, sizeof(*cfg));

	if (cfg == NULL)
		exit(2);
	cfg->use_syslog = 1;
	cfg->port       = 8955;
	cfg->pidfile    = NULL;
	if ((in = fopen(file, "r")) == NULL)
		exit(2);
	while (fgets(line, sizeof(line), in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (!keyword(cfg, line))
			exit(4);
	}
	fclose(in);
	return cfg;
}

static void dump(const struct config *cfg)
{
	printf("use-syslog: %d\n", cfg->use_syslog);
	printf("noaction: %d\n", cfg->noaction);
	printf("port: %d\n", cfg->port);
}

/* Each file stands for a reload. */
int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && argv[i][0] != '-'; i++)
		dump(load(argv[i]));
	return run();
}
