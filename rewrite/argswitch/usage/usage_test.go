package usage_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch/patchtest"
	"github.com/keepatch/keepatch/rewrite/argswitch/usage"
)

func TestReadEntry(t *testing.T) {
	for line, want := range map[string]string{
		`  -a        all of it`:         "-a:all of it",
		`  -b ADDR   bind to it`:        "-b:bind to it",
		`\t-b <addr>\tbind to it`:       "-b:bind to it",
		`  -b, --bind=ADDR  bind to it`: "-b --bind:bind to it",
		`      --bind=ADDR  bind to it`: "--bind:bind to it",
		`-a|--all  all of it`:           "-a --all:all of it",
		`  -a - all of it`:              "-a:all of it",
		`-h HOST, --host HOST   there`:  "-h --host:there",
		`  --baud   <rate>    the rate`: "--baud:the rate",
		`-a requires an argument`:       "none",
		`all of it -a`:                  "none",
		`Options:`:                      "none",
	} {
		got := "none"
		if e := usage.ReadEntry(line); e != nil {
			got = strings.Join(e.Names(), " ") + ":" + e.Desc
		}
		if got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// TestAdd holds what usage texts get for -k, --tcp-keepalive.
func TestAdd(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		sp        patch.Spelling
		want      []string
	}{
		{"a literal a line", `int main(int argc, char **argv) {
	printf("  -a        all of it\n");
	printf("  -b ADDR   bind to it\n");
	printf("  -x        leave\n");
}`, patch.Spelling{Short: "k", Peers: []string{"-a", "-b", "-x"}}, []string{`printf(" -k[IDLE[:INTERVAL[:COUNT]]]\n"); printf(" turn on TCP keepalive\n");`}},
		{"one literal", `int main(int argc, char **argv) {
	printf("options:\n"
		"  -a        all of it\n"
		"  -b ADDR   bind to it\n"
		"  -x        leave\n");
}`, patch.Spelling{Short: "k", Peers: []string{"-a", "-b", "-x"}}, []string{`" -k[IDLE[:INTERVAL[:COUNT]]]\n" " turn on TCP keepalive\n"`}},
		{"the end of the line first", `static const char *help =
"\nOptions:"
"\n  -a, --all          All of it"
"\n  -b, --bind=ADDR    Bind to it"
"\n  -h, --help         This text"
"\n";
int main(int argc, char **argv) {
	puts(help);
}`, patch.Spelling{Short: "k", Peers: []string{"-a", "-b", "-h"}}, []string{`"\n -k[IDLE[:INTERVAL[:COUNT]]]" "\n Turn on TCP keepalive"`}},
		{"long names", `int main(int argc, char **argv) {
	puts("  -a, --all          all of it\n"
		"  -b, --bind=ADDR    bind to it\n"
		"      --help         this text\n");
}`, patch.Spelling{Short: "k", Long: "tcp-keepalive", Dash: "--", Peers: []string{"-a", "--all", "-b", "--bind", "--help"}}, []string{`" -k, --tcp-keepalive[=IDLE[:INTERVAL[:COUNT]]]\n" " turn on TCP keepalive\n"`}},
		{"a synopsis", `int main(int argc, char **argv) {
	fprintf(stderr, "usage: x [-a] [-b addr] [-x] file\n");
}`, patch.Spelling{Short: "k", Peers: []string{"-a", "-b", "-x"}}, []string{`[-k[idle[:interval[:count]]]]`}},
		{"options of another program", `int main(int argc, char **argv) {
	printf("  -q        quiet\n");
	printf("  -r ADDR   remote\n");
}`, patch.Spelling{Short: "k", Peers: []string{"-a", "-b", "-x"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := patchtest.Load(t, tt.src, nil)
			tt.sp.Near, tt.sp.Func = p.Prog.Steps, p.Prog.Main.Forms[0]
			if got := usage.Add(p.Patch, &tt.sp); got != (tt.want != nil) {
				t.Errorf("added: %v", got)
			}
			if d := cmp.Diff(tt.want, p.Inserted()); d != "" {
				t.Error(d)
			}
			p.Patched(t)
		})
	}
}
