#include "../net.h"

static struct {
	int (*fn)(void);
	const char *name;
} table[] = {
	{ run, "network" },
	{ NULL, NULL }
};
