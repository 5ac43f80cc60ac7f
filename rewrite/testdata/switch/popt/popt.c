#include <stdlib.h>
#include <string.h>
#include "popt.h"

struct poptContext_s {
	int argc, at;
	const char **argv;
	const struct poptOption *options;
	const char *arg;
};

static struct poptContext_s the;

poptContext poptGetContext(const char *name, int argc, const char **argv, const struct poptOption *options, unsigned int flags)
{
	(void) name;
	(void) flags;
	the.argc = argc;
	the.argv = argv;
	the.options = options;
	the.at = 1;
	return &the;
}

int poptGetNextOpt(poptContext con)
{
	const struct poptOption *o;
	const char *a, *eq;
	size_t n;

	if (con->at >= con->argc)
		return -1;
	a = con->argv[con->at++];
	eq = strchr(a, '=');
	n = eq != NULL ? (size_t) (eq - a) : strlen(a);
	for (o = con->options; o->longName != NULL; o++) {
		if ((n == 2 && a[0] == '-' && a[1] == o->shortName) ||
		    (strncmp(a, "--", 2) == 0 && strlen(o->longName) == n - 2 && strncmp(a + 2, o->longName, n - 2) == 0)) {
			con->arg = eq != NULL ? eq + 1 : NULL;
			if ((o->argInfo & 0xff) == POPT_ARG_STRING && eq == NULL && (o->argInfo & POPT_ARGFLAG_OPTIONAL) == 0 && con->at < con->argc)
				con->arg = con->argv[con->at++];
			return o->val;
		}
	}
	return -11;
}

char *poptGetOptArg(poptContext con)
{
	return con->arg != NULL ? strdup(con->arg) : NULL;
}
