package getopt

import (
	"testing"

	"github.com/keepatch/keepatch/rewrite/argswitch/patch/patchtest"
)

// TestExtend holds what a program with getopt() gets: how the option is spelled, and what
// is inserted.
func TestExtend(t *testing.T) {
	patchtest.Extend(t, []patchtest.Case{
		{Name: "a switch", Src: `int main(int argc, char **argv) { int c;
while ((c = getopt(argc, argv, "ab:")) != -1) {
	switch (c) {
	case 'a':
		a = 1;
		break;
	default:
		exit(1);
	}
}
}`, Want: "-k", Inserted: []string{"k::", "case 'k': if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); exit(1); } break;"}},
		{Name: "a way out that names a variable of another block", Src: `int main(int argc, char **argv) { int c;
while ((c = getopt(argc, argv, "ac:")) != -1) {
	switch (c) {
	case 'a':
		a = 1;
		break;
	case 'c':
		if (atoi(optarg) < 1) {
			char text[100];
			snprintf(text, sizeof(text), "too few: %s", optarg);
			usage_exit(text, argv[0]);
		}
		break;
	}
}
}`, Want: "-k", Inserted: []string{"k::", "case 'k': if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); exit(1); } break;"}},
		{Name: "a program that goes to work without a known option", Src: `int main(int argc, char **argv) { int c;
while ((c = getopt(argc, argv, "ac:")) != -1) {
	switch (c) {
	case 'a':
		a = 1;
		break;
	default:
		return serve(argv[optind]);
	}
}
}`, Want: "-k", Inserted: []string{"k::", "case 'k': if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); exit(1); } break;"}},
		{Name: "help that gets its status", Src: `int main(int argc, char **argv) { int c;
while ((c = getopt(argc, argv, "ac:h?")) != -1) {
	switch (c) {
	case 'a':
		a = 1;
		break;
	case 'h':
	case '?':
		usage_exit(argv[0], 0, NULL);
		break;
	default:
		usage_exit(argv[0], -3, "Unknown option");
		break;
	}
}
}`, Want: "-k", Inserted: []string{"k::", "case 'k': if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); exit(1); } break;"}},
		{Name: "a flag that ends with success", Src: `int main(int argc, char **argv) { int c, bad = 0;
while ((c = getopt(argc, argv, "a")) != -1) {
	switch (c) {
	case 'a':
		a = 1;
		break;
	default:
		bad = 1;
		break;
	}
}
if (bad || optind < argc) {
	puts("usage: prog -a");
	exit(0);
}
}`, Want: "-k", Inserted: []string{"k::", "case 'k': if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); exit(1); } break;"}},
		{Name: "a flag that ends with failure", Src: `int main(int argc, char **argv) { int c, bad = 0;
while ((c = getopt(argc, argv, "a")) != -1) {
	switch (c) {
	case 'a':
		a = 1;
		break;
	default:
		bad = 1;
		break;
	}
}
if (bad || optind < argc) {
	puts("usage: prog -a");
	exit(2);
}
}`, Want: "-k", Inserted: []string{"k::", "case 'k': if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); bad = 1; } break;"}},
		{Name: "a chain", Src: `int main(int argc, char **argv) { int c;
while ((c = getopt(argc, argv, "ab:")) != -1) {
	if (c == 'a')
		a = 1;
	else if (c == 'b')
		b = optarg;
	else
		exit(1);
}
}`, Want: "-k", Inserted: []string{"k::", "else if (c == 'k') { if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); exit(1); } }"}},
		{Name: "a copy under a prefix", Src: `int main(int argc, char **argv) { int c;
while ((c = my_getopt(argc, argv, "ab:")) != -1) {
	switch (c) {
	case 'a':
		a = my_optarg;
		break;
	default:
		exit(1);
	}
}
}`, Want: "-k", Inserted: []string{"k::", "case 'k': if (set_ka(my_optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", my_optarg); exit(1); } break;"}},
		{Name: "a copy whose variables have no prefix", Src: `int main(int argc, char **argv) { int c;
while ((c = my_getopt(argc, argv, "ab:")) != -1) {
	switch (c) {
	case 'a':
		a = optarg;
		break;
	default:
		exit(1);
	}
}
}`, Want: "-k", Inserted: []string{"k::", "case 'k': if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); exit(1); } break;"}},
		{Name: "k is taken", Src: `int main(int argc, char **argv) { int c;
while ((c = getopt(argc, argv, "k:")) != -1) {
	switch (c) {
	case 'k':
		k = optarg;
		break;
	default:
		exit(1);
	}
}
}`, Want: "-K", Inserted: []string{"K::", "case 'K': if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); exit(1); } break;"}},
		{Name: "long options", Src: `static struct option longs[] = {
	{ "all", no_argument, NULL, 'a' },
	{ "bind", required_argument, NULL, 'b' },
	{ NULL, 0, NULL, 0 }
};
int main(int argc, char **argv) { int c;
while ((c = getopt_long(argc, argv, "ab:", longs, NULL)) != -1) {
	switch (c) {
	case 'a':
		a = 1;
		break;
	case 'b':
		b = optarg;
		break;
	default:
		exit(1);
	}
}
}`, Want: "-k, --tcp-keepalive", Inserted: []string{"{ \"tcp-keepalive\", optional_argument, NULL, 'k' },", "k::", "case 'k': if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); exit(1); } break;"}},
		{Name: "the string is made at run time", Src: `int main(int argc, char **argv) { int c;
while ((c = getopt(argc, argv, opts())) != -1) {
	switch (c) {
	case 'a':
		a = 1;
		break;
	}
}
}`, Want: "error: x.c: the option string of getopt() is computed"},
		{Name: "two loops", Src: `void f(int argc, char **argv) { int c;
while ((c = getopt(argc, argv, "xk")) != -1)
	switch (c) {
	case 'x':
		x = 1;
		break;
	}
}
void g(int argc, char **argv) { int c;
while ((c = getopt(argc, argv, "y")) != -1)
	switch (c) {
	case 'y':
		y = 1;
		break;
	}
}
int main(int argc, char **argv) { if (a) f(argc, argv); else g(argc, argv); }`, Want: "-K", Inserted: []string{"K::", "case 'K': if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); exit(1); } break;", "K::", "case 'K': if (set_ka(optarg) < 0) { fprintf(stderr, \"invalid keepalive times: %s\\n\", optarg); exit(1); } break;"}},
		{Name: "no getopt", Src: `int main(int argc, char **argv) { return 0; }`, Want: ""},
	}, Find)
}
