#include <stdio.h>
#include "conf.h"
#include "net.h"

static struct settings settings;

static void load(struct settings *s)
{
	const char *val;
	int n;

	val = conf_get("banner");
	if (val != NULL)
		snprintf(s->banner, sizeof(s->banner), "%s", val);
	val = conf_get("verbose");
	if (val != NULL)
		s->verbose = yesno("verbose", val);
	val = conf_get("follow");
	if (val != NULL)
		s->follow = yesno("follow", val);
	if (conf_find_int("depth", &n))
		s->depth = n;
}

int main(int argc, char **argv)
{
	if (argc > 1 && conf_read(argv[1]) < 0)
		return 6;
	load(&settings);
	if (settings.verbose)
		printf("%s %d %d\n", settings.banner, settings.follow, settings.depth);
	return run();
}
