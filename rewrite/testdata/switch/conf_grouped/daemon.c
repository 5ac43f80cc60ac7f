#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

/* one for each line with "interface" */
struct interface {
	char name[16];
	int unicast;
	int passive;
	int wired;
	struct interface *next;
};

static struct interface *interfaces;
static int foreground;
static int verbose;
static int workers = 1;
static int backlog;

static int get_bool(const char *val)
{
	if (strcmp(val, "yes") == 0)
		return 1;
	if (strcmp(val, "no") == 0)
		return 0;
	exit(3);
}

static int get_int(const char *val)
{
	return atoi(val);
}

static void set_interface(struct interface *ifp, const char *key, const char *val)
{
	if (strcmp(key, "unicast") == 0)
		ifp->unicast = get_bool(val);
	else if (strcmp(key, "passive") == 0)
		ifp->passive = get_bool(val);
	else if (strcmp(key, "wired") == 0)
		ifp->wired = get_bool(val);
	else
		exit(4);
}

static void read_interface(const char *name)
{
	struct interface *ifp = calloc(1, sizeof(*ifp));
	char key[64], val[128];

	if (sscanf(name, "%15s %63s %127s", ifp->name, key, val) == 3)
		set_interface(ifp, key, val);
	ifp->next = interfaces;
	interfaces = ifp;
}

static void set(const char *key, const char *val)
{
	if (strcmp(key, "workers") == 0 ||
	    strcmp(key, "backlog") == 0) {
		int v = get_int(val);

		if (v < 0)
			exit(3);
		if (strcmp(key, "workers") == 0)
			workers = v;
		else if (strcmp(key, "backlog") == 0)
			backlog = v;
		else
			abort();
	} else if (strcmp(key, "foreground") == 0 ||
	           strcmp(key, "verbose") == 0) {
		int b = get_bool(val);

		if (strcmp(key, "foreground") == 0)
			foreground = b;
		else if (strcmp(key, "verbose") == 0)
			verbose = b;
		else
			abort();
	} else {
		fprintf(stderr, "unknown keyword %s\n", key);
		exit(4);
	}
}

static void open_log(const char *path)
{
	FILE *f = fopen(path, "a");

	if (f != NULL)
		fclose(f);
}

static void read_line(char *line)
{
	char key[64], val[128];

	if (strncmp(line, "interface ", 10) == 0)
		read_interface(line + 10);
	else if (strncmp(line, "log ", 4) == 0)
		open_log(line + 4);
	else if (sscanf(line, "%63s %127s", key, val) == 2)
		set(key, val);
}

static void read_config(const char *path)
{
	char line[256];
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), f) != NULL)
		read_line(line);
	fclose(f);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		read_config(argv[1]);
	if (verbose && foreground)
		printf("%d %d\n", workers, backlog);
	return run();
}
