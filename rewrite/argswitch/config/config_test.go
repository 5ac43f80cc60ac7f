package config

import (
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
)

// TestExtend holds which keywords a program gets, and what is inserted.
func TestExtend(t *testing.T) {
	const reader = `static void read_config(const char *path)
{
	char line[256], key[64], val[128];
	FILE *f = fopen(path, "r");

	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "%63s %127s", key, val) == 2)
			set(key, val);
	fclose(f);
}
int main(int argc, char **argv) { read_config(argv[1]); }
`
	sections := strings.NewReplacer("key[64]", "sec[64], key[64]", `"%63s %127s", key, val) == 2`, `"%63s %63s %127s", sec, key, val) == 3`,
		"set(key", "set(sec, key").Replace(reader)
	const codes = `enum { C_QUIET, C_LOUD, C_DEEP, C_NONE };
static int quiet = -1, loud = -1, deep;
static struct { const char *name; int code; } keywords[] = {
	{ "quiet", C_QUIET },
	{ "loud", C_LOUD },
	{ "deep", C_DEEP },
	{ NULL, C_NONE }
};
static int code_of(const char *key) { int i; for (i = 0; keywords[i].name; i++) if (!strcmp(keywords[i].name, key)) break; return keywords[i].code; }
`
	for _, tt := range []struct {
		name, src string
		want      string // the keywords, or "error: " with the beginning of the reason
		inserted  []string
	}{
		{"the timers stand in the section of their boolean", `static int verbose, quiet, players, depth, height;
static int boolify(const char *val) { if (strcasecmp(val, "yes") == 0) return 1; if (strcasecmp(val, "no") == 0) return 0; exit(3); }
static void set(const char *section, const char *key, const char *val)
{
	if (strcasecmp(section, "server") == 0) {
		if (strcasecmp(key, "players") == 0) {
			players = atoi(val);
		} else if (strcasecmp(key, "verbose") == 0) {
			verbose = boolify(val);
		} else if (strcasecmp(key, "quiet") == 0) {
			quiet = boolify(val);
		}
	} else if (strcasecmp(section, "world") == 0) {
		if (strcasecmp(key, "depth") == 0) {
			depth = atoi(val);
		} else if (strcasecmp(key, "height") == 0) {
			height = atoi(val);
		}
	}
}
` + sections, "tcp_keepalive tcp_keepalive_idle tcp_keepalive_interval tcp_keepalive_count", []string{
			`else if (strcasecmp(key, "tcp_keepalive") == 0) { ka.on = boolify(val); }`,
			`else if (strcasecmp(key, "tcp_keepalive_idle") == 0) { ka.idle = atoi(val); }`,
			`else if (strcasecmp(key, "tcp_keepalive_interval") == 0) { ka.interval = atoi(val); }`,
			`else if (strcasecmp(key, "tcp_keepalive_count") == 0) { ka.count = atoi(val); }`,
		}},
		{"no number in the section of the boolean", `static int verbose, quiet, depth;
static int boolify(const char *val) { if (strcasecmp(val, "yes") == 0) return 1; if (strcasecmp(val, "no") == 0) return 0; exit(3); }
static void set(const char *section, const char *key, const char *val)
{
	if (strcasecmp(section, "server") == 0) {
		if (strcasecmp(key, "verbose") == 0) {
			verbose = boolify(val);
		} else if (strcasecmp(key, "quiet") == 0) {
			quiet = boolify(val);
		}
	} else if (strcasecmp(section, "world") == 0) {
		if (strcasecmp(key, "name") == 0) {
			name = strdup(val);
		} else if (strcasecmp(key, "depth") == 0) {
			depth = atoi(val);
		}
	}
}
` + sections, "tcp_keepalive", []string{
			`else if (strcasecmp(key, "tcp_keepalive") == 0) { ka.on = boolify(val); }`,
		}},
		{"a chain of comparisons", `static int verbose, quiet, workers;
static int yesno(const char *key, const char *val) { if (strcasecmp(val, "yes") == 0) return 1; if (strcasecmp(val, "no") == 0) return 0; exit(3); }
static void set(const char *key, const char *val)
{
	if (!strcasecmp(key, "verbose")) {
		verbose = yesno(key, val);
	} else if (!strcasecmp(key, "be_quiet")) {
		quiet = yesno(key, val);
	} else if (!strcasecmp(key, "workers")) {
		workers = atoi(val);
	} else {
		fprintf(stderr, "unknown keyword %s\n", key);
		exit(4);
	}
}
` + reader, "tcp_keepalive tcp_keepalive_idle tcp_keepalive_interval tcp_keepalive_count", []string{
			`else if (!strcasecmp(key, "tcp_keepalive")) { ka.on = yesno(key, val); }`,
			`else if (!strcasecmp(key, "tcp_keepalive_idle")) { ka.idle = atoi(val); }`,
			`else if (!strcasecmp(key, "tcp_keepalive_interval")) { ka.interval = atoi(val); }`,
			`else if (!strcasecmp(key, "tcp_keepalive_count")) { ka.count = atoi(val); }`,
		}},
		{"names with a section, messages with the name, a number that is cut", `static int quiet, loud, port, level;
static void set(const char *key, const char *val)
{
	if (!strcasecmp(key, "log:quiet")) {
		if (str2bool(val, &quiet) < 0)
			syslog(LOG_ERR, "'quiet' expects a truthy value, not %s", val);
	} else if (!strcasecmp(key, "server:port")) {
		port = get_number(val, 1, 1000);
	} else if (!strcasecmp(key, "log:level")) {
		level = (unsigned char)atoi(val);
	} else if (!strcasecmp(key, "log:file")) {
		strcpy(file, val);
	}
}
` + reader, "tcp_keepalive tcp_keepalive_idle tcp_keepalive_interval tcp_keepalive_count", []string{
			`else if (!strcasecmp(key, "server:tcp_keepalive")) { if (str2bool(val, &ka.on) < 0) syslog(LOG_ERR, "'tcp_keepalive' expects a truthy value, not %s", val); }`,
			`else if (!strcasecmp(key, "server:tcp_keepalive_idle")) { ka.idle = (int)atoi(val); }`,
			`else if (!strcasecmp(key, "server:tcp_keepalive_interval")) { ka.interval = (int)atoi(val); }`,
			`else if (!strcasecmp(key, "server:tcp_keepalive_count")) { ka.count = (int)atoi(val); }`,
		}},
		{"a message that says what the keyword does", `static int quiet, loud, deep;
static void set(const char *key, const char *val)
{
	if (!strcasecmp(key, "be_quiet")) {
		quiet = yesno(val);
		log("be_quiet: must be quiet now");
	} else if (!strcasecmp(key, "depth")) {
		deep = atoi(val);
	} else if (!strcasecmp(key, "file")) {
		strcpy(file, val);
	}
}
` + reader, "error: conf.c: ", nil},
		{"a file that each child reads", `static int verbose, quiet, workers;
static void set(const char *key, const char *val)
{
	if (!strcasecmp(key, "verbose")) {
		verbose = yesno(val);
	} else if (!strcasecmp(key, "quiet")) {
		quiet = yesno(val);
	} else if (!strcasecmp(key, "workers")) {
		workers = atoi(val);
	}
}
` + strings.Replace(reader, "read_config(argv[1]);", `
	int fd;

	if (argc > 2) {
		read_config(argv[2]);
		exit(0);
	}
	while ((fd = accept(0, NULL, NULL)) >= 0)
		if (fork() == 0)
			read_config(argv[1]);
`, 1), "error: conf.c: the keywords are read when the sockets are there already", nil},
		{"look-ups of keywords that are options too", `static int quiet, loud;
static const struct option longs[] = {
	{ "quiet", no_argument, 0, 'q' },
	{ "loud", no_argument, 0, 'l' },
	{ NULL, 0, 0, 0 }
};
static int conf_bool(const char *key) { const char *s = find(key); return s != NULL && strcmp(s, "yes") == 0; }
static void read_config(void)
{
	quiet = conf_bool("quiet");
	loud = conf_bool("loud");
}
int main(int argc, char **argv) { read_config(); parse(argc, argv, longs); }
`, "tcp_keepalive", []string{`ka.on = conf_bool("tcp_keepalive");`}},
		{"addresses within the rows, types whose cases tell what is stored", `int quiet, loud, depth;
static struct keyword { const char *name; int flags; struct { int type; void *ptr; } to; } keywords[] = {
	{ "Quiet", F_OPTIONAL, { P_SET, &quiet } },
	{ "Depth", F_OPTIONAL, { P_INT, &depth } },
	{ "Loud", F_NONE, { P_SET, &loud } },
	{ NULL, 0, { 0, NULL } }
};
static void set(const char *key, const char *val)
{
	struct keyword *k = find(keywords, key);

	switch (k->to.type) {
	case P_SET:
		*(int *)k->to.ptr = 1;
		break;
	case P_INT:
		*(int *)k->to.ptr = atoi(val);
		break;
	}
}
` + reader, "TCPKeepAlive TCPKeepAliveIdle TCPKeepAliveInterval TCPKeepAliveCount", []string{
			`{ "TCPKeepAlive", F_NONE, { P_SET, &ka.on } },`,
			`{ "TCPKeepAliveIdle", F_OPTIONAL, { P_INT, &ka.idle } },`,
			`{ "TCPKeepAliveInterval", F_OPTIONAL, { P_INT, &ka.interval } },`,
			`{ "TCPKeepAliveCount", F_OPTIONAL, { P_INT, &ka.count } },`,
		}},
		{"a table of names, kinds and addresses", `int log_all, foreground, max_peers;
static const struct keyword {
	const char *name;
	enum kind kind;
	void *where;
} keywords[] = {
	{ "log-all",    K_BOOL,   &log_all },
	{ "max-peers",  K_INT,    &max_peers },
	{ "foreground", K_BOOL,   &foreground },
	{ NULL,         K_INT,    NULL }
};
static int set(const char *key, const char *val)
{
	const struct keyword *k;

	for (k = keywords; k->name != NULL; k++)
		if (strcmp(k->name, key) == 0)
			break;
	if (k->name == NULL)
		return -1;
	switch (k->kind) {
	case K_BOOL:
		if (strcmp(val, "true") == 0)
			*(int *)k->where = 1;
		else if (strcmp(val, "false") == 0)
			*(int *)k->where = 0;
		else
			return -1;
		break;
	case K_INT:
		*(int *)k->where = atoi(val);
		break;
	}
	return 0;
}
` + reader, "tcp-keepalive tcp-keepalive-idle tcp-keepalive-interval tcp-keepalive-count", []string{
			`{ "tcp-keepalive", K_BOOL, &ka.on },`,
			`{ "tcp-keepalive-idle", K_INT, &ka.idle },`,
			`{ "tcp-keepalive-interval", K_INT, &ka.interval },`,
			`{ "tcp-keepalive-count", K_INT, &ka.count },`,
		}},
		{"a chain without a boolean", `static void set(const char *key, const char *val)
{
	if (!strcasecmp(key, "workers")) {
		workers = atoi(val);
	} else if (!strcasecmp(key, "port")) {
		port = atoi(val);
	} else {
		exit(4);
	}
}
` + reader, "error: conf.c: no way in which the program reads a configuration file was recognised", nil},
		{"offsets into a struct", `struct conf { int quiet, loud, deep; };
static struct row { const char *name; int type; size_t at; } rows[] = {
	{ "quiet", T_BOOL, offsetof(struct conf, quiet) },
	{ "loud", T_BOOL, offsetof(struct conf, loud) },
	{ "deep", T_INT, offsetof(struct conf, deep) },
};
static void set(const char *key, const char *val) { find(rows, key, val); }
` + reader, "error: conf.c: the rows of the table rows are offsets into a struct", nil},
		{"commands from a network", `static void quiet(char *val) { silent = yesno(val); }
static void loud(char *val) { noisy = yesno(val); }
static void deep(char *val) { depth = atoi(val); }
static int silent, noisy, depth;
static struct cmd { const char *name; void (*run)(char *); } commands[] = {
	{ "quiet", quiet },
	{ "loud", loud },
	{ "deep", deep },
};
static void serve(const char *key, const char *val) { run(commands, key, val); }
static void set(const char *key, const char *val) { serve(key, val); }
` + strings.Replace(reader, "conf", "file", -1), "error: net.c: no way in which the program reads a configuration file was recognised", nil},
		{"a function that only turns off", `static int silent, noisy, depth;
static void quiet(char *val) { silent = 0; }
static void loud(char *val) { noisy = 0; }
static void deep(char *val) { depth = 0; }
static struct cmd { const char *name; void (*run)(char *); } commands[] = {
	{ "quiet", quiet },
	{ "loud", loud },
	{ "deep", deep },
};
static void set(const char *key, const char *val) { run(commands, key, val); }
` + reader, "error: conf.c: no boolean keyword was found", nil},
		{"a code that is an index", codes + `static const char *help[] = { "say less", "say more", "go down" };
static void set(const char *key, const char *val)
{
	int c = code_of(key);

	switch (c) {
	case C_QUIET:
		quiet = yesno(val);
		break;
	case C_LOUD:
		loud = yesno(val);
		break;
	case C_DEEP:
		deep = atoi(val);
		break;
	default:
		puts(help[c]);
	}
}
` + reader, "error: conf.c: the codes of the table keywords are indexes of an array too", nil},
		{"a pointer that is looked through first", codes + `static void set(const char *key, const char *val)
{
	int *p;

	switch (code_of(key)) {
	case C_QUIET:
		p = &quiet;
	parse_flag:
		if (*p == -1)
			*p = yesno(val);
		break;
	case C_LOUD:
		p = &loud;
		goto parse_flag;
	case C_DEEP:
		deep = atoi(val);
		break;
	}
}
` + reader, "error: conf.c: no boolean keyword was found", nil},
		{"options, not keywords", `static int verbose;
static struct option longs[] = { { "verbose", no_argument, &verbose, 1 }, { NULL, 0, NULL, 0 } };
int main(int argc, char **argv) { while (getopt_long(argc, argv, "", longs, NULL) != -1) ; }`, "error: conf.c: no way in which the program reads a configuration file was recognised", nil},
		{"no configuration file", `int main(int argc, char **argv) { return 0; }`, "error: conf.c: no way in which the program reads a configuration file was recognised", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := "conf.c"
			if strings.Contains(tt.want, "net.c") {
				path = "net.c"
			}
			f := parse.New(path, []byte(tt.src))
			p := &keyword.Program{Main: f, Files: []*parse.File{f}, Var: "ka", Read: func(string) ([]byte, error) { return f.Src, nil }}
			for i, fn := range f.Funcs {
				uses := map[string]bool{}
				for _, tok := range f.Toks {
					if int(tok.Off) > fn.BodyPos && int(tok.Off) < fn.End {
						uses[f.Text(tok)] = true
					}
				}
				g := &keyword.Func{Name: fn.Name, File: f, Forms: []*parse.Func{fn}, Steps: len(f.Funcs) - i}
				for u := range uses {
					g.Uses = append(g.Uses, u)
				}
				sort.Strings(g.Uses)
				p.Funcs = append(p.Funcs, g)
				if uses["accept"] {
					p.Sites = append(p.Sites, fn.Name)
				}
			}
			added, err := Extend(p)
			if err != nil {
				if !strings.HasPrefix("error: "+err.Error(), tt.want) || tt.want == "" {
					t.Errorf("error: %v, want %q", err, tt.want)
				}
				return
			}
			if got := strings.Join(added.Keywords, " "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			sort.SliceStable(added.Inserts, func(a, b int) bool { return added.Inserts[a].At < added.Inserts[b].At })
			var got []string
			for _, in := range added.Inserts {
				got = append(got, strings.Join(strings.Fields(in.Text), " "))
			}
			if d := cmp.Diff(tt.inserted, got); d != "" {
				t.Error(d)
			}
		})
	}
}
