package argv

import (
	"testing"

	"github.com/keepatch/keepatch/rewrite/argswitch/patch/patchtest"
)

// TestFindLoop holds what programs get that look at argv themselves.
func TestFindLoop(t *testing.T) {
	patchtest.Extend(t, []patchtest.Case{
		{Name: "strcmp", Src: `int main(int argc, char **argv) { int i;
for (i = 1; i < argc; i++) {
	if (strcmp(argv[i], "-a") == 0)
		a = 1;
	else if (strcmp(argv[i], "-b") == 0)
		b = argv[++i];
	else
		exit(1);
}
}`, Want: "-k", Inserted: []string{
			`else if (strncmp(argv[i], "-k", 2) == 0 && (argv[i][2] == '\0' || argv[i][2] == '=')) { if (set_ka(argv[i][2] == '=' ? &argv[i][3] : NULL) < 0) { fprintf(stderr, "invalid keepalive times: %s\n", argv[i]); exit(1); } }`,
		}},
		{Name: "!strcmp, long names", Src: `int main(int argc, char **argv) { int i;
for (i = 1; i < argc; i++) {
	if (!strcmp(argv[i], "--all")) {
		a = 1;
	} else if (!strcmp(argv[i], "--bind")) {
		b = argv[++i];
	} else {
		exit(1);
	}
}
}`, Want: "--tcp-keepalive", Inserted: []string{
			`else if (strncmp(argv[i], "--tcp-keepalive", 15) == 0 && (argv[i][15] == '\0' || argv[i][15] == '=')) { if (set_ka(argv[i][15] == '=' ? &argv[i][16] : NULL) < 0) { fprintf(stderr, "invalid keepalive times: %s\n", argv[i]); exit(1); } }`,
		}},
		{Name: "a switch over the letter", Src: `int main(int argc, char **argv) { int i;
for (i = 1; i < argc && argv[i][0] == '-'; i++) {
	switch (argv[i][1]) {
	case 'a':
		a = 1;
		break;
	case 'b':
		b = argv[++i];
		break;
	default:
		exit(1);
	}
}
}`, Want: "-k", Inserted: []string{
			`case 'k': if (set_ka(argv[i][2] != '\0' ? &argv[i][2] : NULL) < 0) { fprintf(stderr, "invalid keepalive times: %s\n", argv[i]); exit(1); } break;`,
		}},
		{Name: "a switch over the letter, as a sum", Src: `int main(int argc, char **argv) { int i = 1;
while (i < argc && *argv[i] == '-') {
	switch (*(argv[i] + 1)) {
	case 'a':
		a = 1;
		break;
	case 'b':
		if (*(argv[i] + 2))
			b = argv[i] + 2;
		else
			exit(1);
		break;
	default:
		exit(1);
	}
	i++;
}
}`, Want: "-k", Inserted: []string{
			`case 'k': if (set_ka(*(argv[i] + 2) != '\0' ? argv[i] + 2 : NULL) < 0) { fprintf(stderr, "invalid keepalive times: %s\n", argv[i]); exit(1); } break;`,
		}},
		{Name: "a switch over a variable, the rest behind a pointer", Src: `int main(int argc, char **argv) {
while (--argc > 0 && (*++argv)[0] == '-') {
	char *p = argv[0] + 1;
	int flag = *p++;
	if (flag == '\0' || *p == '\0') {
		if (argc > 1 && argv[1][0] != '-') {
			p = *++argv;
			argc--;
		} else
			p = "";
	}
	switch (flag) {
	case 'a':
		a = 1;
		break;
	case 'f':
		b = p;
		break;
	default:
		exit(1);
	}
}
}`, Want: "-k", Inserted: []string{
			`case 'k': if (set_ka(*p != '\0' ? p : NULL) < 0) { fprintf(stderr, "invalid keepalive times: %s\n", p); exit(1); } break;`,
		}},
		{Name: "a switch over a variable", Src: `int main(int argc, char **argv) { int i, c;
for (i = 1; i < argc; i++) {
	if (argv[i][0] != '-')
		break;
	c = argv[i][1];
	switch (c) {
	case 'a':
		a = 1;
		break;
	case 'f':
		b = argv[++i];
		break;
	default:
		exit(1);
	}
}
}`, Want: "-k", Inserted: []string{
			`case 'k': if (set_ka(argv[i][2] != '\0' ? &argv[i][2] : NULL) < 0) { fprintf(stderr, "invalid keepalive times: %s\n", argv[i]); exit(1); } break;`,
		}},
		{Name: "a variable that another function sets", Src: `int main(int argc, char **argv) {
int c = next(argv);
switch (c) { case 'a': a = 1; break; case 'f': b = 1; break; default: exit(1); }
}`, Want: ""},
		{Name: "all letters of a word", Src: `int main(int argc, char **argv) { char *p;
while (--argc > 0 && (*++argv)[0] == '-') {
	for (p = argv[0] + 1; *p; p++) {
		switch (*p) {
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
}
}`, Want: "-k", Inserted: []string{
			`case 'k': if (set_ka(p[1] != '\0' ? p + 1 : NULL) < 0) { fprintf(stderr, "invalid keepalive times: %s\n", p + 1); exit(1); } p += strlen(p + 1); break;`,
		}},
		{Name: "no options", Src: `int main(int argc, char **argv) { return run(argv[1]); }`, Want: ""},
		{Name: "no arguments", Src: `int main(void) { return 0; }`, Want: ""},
	}, FindLoop)
}

// TestFindWords: the chain compares words whose hyphens are off.
func TestFindWords(t *testing.T) {
	const set = `static int set(char **p) {
	if (streq(p[0], "all") && !p[1])
		a = 1;
	else if (streq(p[0], "bind") && p[1] && !p[2])
		b = p[1];
	else if (streq(p[0], "port") && p[1] && !p[2])
		c = p[1];
	else if (streq(p[0], "user") && p[1] && !p[2])
		d = p[1];
	else if (streq(p[0], "quiet") && !p[1])
		e = 1;
	else
		exit(1);
	return 0;
}
`
	const main = `int main(int argc, char **argv) {
	if (strncmp(argv[1], "--", 2) == 0)
		set(split(argv[1] + 2));
	else
		usage();
}`
	patchtest.Extend(t, []patchtest.Case{
		{Name: "with its usage text", Src: set + `static void usage(void) { printf("--all     all of it\n--bind x  bind\n--port x  port\n--user x  user\n--quiet   quiet\n"); }
` + main, Want: "--tcp-keepalive", Inserted: []string{
			`else if (streq(p[0], "tcp-keepalive") && !p[2]) { if (set_ka(p[1]) < 0) { fprintf(stderr, "invalid keepalive times: %s\n", p[1]); exit(1); } }`,
		}},
		{Name: "without", Src: set + main, Want: ""},
	}, FindWords)
}
