#include <stdio.h>
#include "conf.h"
#include "net.h"

static struct settings settings;

static void load(struct settings *s)
{
	snprintf(s->banner, sizeof(s->banner), "%s", conf_text("main", "banner", ""));
	s->verbose = conf_bool("main", "verbose", 0);
	s->follow = conf_bool("main", "follow-links", 1);
	s->depth = conf_get_int("main", "depth", 0);
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
