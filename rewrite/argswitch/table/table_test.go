package table

import (
	"testing"

	"github.com/keepatch/keepatch/rewrite/argswitch/patch/patchtest"
)

func TestFindArgp(t *testing.T) {
	const main = `static struct argp argp = { options, parse_opt, 0, 0 };
int main(int argc, char **argv) { argp_parse(&argp, argc, argv, 0, 0, 0); }`
	patchtest.Extend(t, []patchtest.Case{
		{Name: "a table and its parser", Src: `static struct argp_option options[] = {
	{ "all", 'a', 0, 0, "all of it" },
	{ "bind", 'b', "ADDR", 0, "bind to it" },
	{ 0 }
};
static int parse_opt(int key, char *arg, struct argp_state *state) {
	switch (key) {
	case 'a':
		a = 1;
		break;
	case 'b':
		b = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}
` + main, Want: "-k, --tcp-keepalive", Inserted: []string{
			`{ "tcp-keepalive", 'k', "IDLE[:INTERVAL[:COUNT]]", OPTION_ARG_OPTIONAL, "turn on TCP keepalive", 0 },`,
			`case 'k': if (set_ka(arg) < 0) { argp_error(state, "invalid keepalive times: %s", arg); } break;`,
		}},
		{Name: "no table", Src: `static int parse_opt(int key, char *arg, struct argp_state *state) { return 0; }
` + main, Want: "error: x.c: the table options was not found"},
		{Name: "not this", Src: `int main(int argc, char **argv) { return 0; }`, Want: ""},
	}, FindArgp)
}

func TestFindTables(t *testing.T) {
	patchtest.Extend(t, []patchtest.Case{
		{Name: "libpopt", Src: `static struct poptOption options[] = {
	{ "all", 'a', POPT_ARG_NONE, NULL, 'a', "all of it", NULL },
	{ "bind", 'b', POPT_ARG_STRING, &addr, 'b', "bind to it", "ADDR" },
	POPT_TABLEEND
};
int main(int argc, char **argv) { int c; poptContext ctx = poptGetContext(NULL, argc, argv, options, 0);
while ((c = poptGetNextOpt(ctx)) > 0) {
	switch (c) {
	case 'a':
		a = 1;
		break;
	case 'b':
		b = 1;
		break;
	default:
		exit(1);
	}
}
}`, Want: "-k, --tcp-keepalive", Inserted: []string{
			`{ "tcp-keepalive", 'k', POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, NULL, 'k', "turn on TCP keepalive", "IDLE[:INTERVAL[:COUNT]]" },`,
			`case 'k': if (set_ka(poptGetOptArg(ctx)) < 0) { fprintf(stderr, "invalid keepalive times\n"); exit(1); } break;`,
		}},
		{Name: "GOption", Src: `static GOptionEntry entries[] = {
	{ "all", 'a', 0, G_OPTION_ARG_NONE, &all, "all of it", NULL },
	{ "bind", 'b', 0, G_OPTION_ARG_STRING, &addr, "bind to it", "ADDR" },
	{ NULL }
};
int main(int argc, char **argv) {
	GOptionContext *c = g_option_context_new("x");
	g_option_context_add_main_entries(c, entries, NULL);
	if (!g_option_context_parse(c, &argc, &argv, NULL))
		exit(1);
}`, Want: "-k, --tcp-keepalive", Inserted: []string{
			"static gboolean take_ka(const gchar *name, const gchar *value, gpointer data, GError **error);",
			`{ "tcp-keepalive", 'k', G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, (gpointer) take_ka, "turn on TCP keepalive", "IDLE[:INTERVAL[:COUNT]]" },`,
			`static gboolean take_ka(const gchar *name, const gchar *value, gpointer data, GError **error) { (void) name; (void) data; if (set_ka(value) < 0) { g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "invalid keepalive times: %s", value); return FALSE; } return TRUE; }`,
		}},
		{Name: "popt, never asked", Src: `int main(int argc, char **argv) { poptGetContext(NULL, argc, argv, options, 0); }`, Want: "error: x.c: poptGetContext() without poptGetNextOpt()"},
		{Name: "not this", Src: `int main(int argc, char **argv) { return 0; }`, Want: ""},
	}, FindTables)
}
