package optval

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/noreturn"
	"github.com/keepatch/keepatch/rewrite/style"
)

// request analyses a text and returns the chooser and the request for its first site that
// lacks keepalive, with the option call on the same descriptor as the model.
func request(t *testing.T, src string) (*Chooser, *Request) {
	t.Helper()
	read := func(string) ([]byte, error) { return []byte(src), nil }
	r := detect.Analyze([]string{"x.c"}, detect.Options{Workers: 1, Read: read})
	p := ctree.NewProgram(r.Sites, []string{"x.c"}, read, r.Index)
	e, st := exemplar.NewExemplars(&noreturn.Exits{Program: p}), style.NewStyles(p)
	finder := &anchor.Finder{Exemplars: e, Styles: st}
	for _, s := range r.Sites {
		if s.Verdict != "missing" {
			continue
		}
		sp, why := finder.FindSpot(anchor.Locate(s))
		if why != "" {
			t.Fatal(why)
		}
		pl, why := finder.FindPlace(sp)
		if why != "" {
			t.Fatal(why)
		}
		pl = finder.PastNextOption(sp, pl)
		req := &Request{Point: anchor.Point{Spot: sp, Place: pl}, Style: st.StyleAt(sp.Func, pl.Offset), Planned: map[string]*Value{}}
		for _, c := range e.OptionCalls(sp.File) {
			if c.FD == sp.Key {
				req.Model, req.Near = c, true
			}
		}
		return NewChooser(e), req
	}
	t.Fatalf("no site lacks keepalive in\n%s", src)
	return nil, nil
}

// client is a function that connects, with more between the creation's check and
// connect().
func client(before, more string) string {
	return "#include <sys/socket.h>\n" + before + `
int f(struct sockaddr *sa, char *name)
{
	int fd, rc;
	char *buf = malloc(10);

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		free(buf);
		return -1;
	}
` + more + `
	if (connect(fd, sa, sizeof(*sa)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}
`
}

// inElse is a function that connects in the else arm of the check, which begins with more.
func inElse(more string) string {
	return "#include <sys/socket.h>\nint f(struct sockaddr *sa)\n{\n\tint fd;\n\n\tif ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) {\n\t\tperror(0);\n\t} else {\n" +
		more + "\t\tuse();\n\t\tif (connect(fd, sa, sizeof(*sa)) < 0)\n\t\t\tperror(0);\n\t}\n\treturn fd;\n}\n"
}

// TestChoose holds which variable is 1: one that is there already, or a new one and where
// it is declared.
func TestChoose(t *testing.T) {
	set := func(name string) string {
		return "\tsetsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &" + name + ", sizeof(" + name + "));"
	}
	for _, tt := range []struct{ name, src, want string }{
		{"the function's own 1", client("", "\tint on = 1;\n"+set("on")), "on"},
		{"a constant of the file", client("static const int one = 1;\n", set("one")), "const one"},
		{"a variable of the file that is set to another value", client("static int one = 1;\nvoid g(void) { one = 0; }\n", set("one")), "at the top: int on = 1;"},
		{"a variable of the file that is 0", client("static int one;\n", set("one")), "at the top: int on = 1;"},
		{"none", client("", ""), "at the top: int on = 1;"},
		{"the name is taken", client("", "\tchar *on = name;\n\tuse(on);"), "at the top: int keepalive = 1;"},
		{"the name is taken outside", client("#define on 0\n", ""), "at the top: int keepalive = 1;"},
		{"the names are taken", client("#define on 0\nint keepalive(void);\n", ""), "at the top: int one = 1;"},
		{"the sibling's name", client("", "\tint yes;\n\tyes = 1;\n\tuse(&yes);\n"+set("yes")), "at the top: int on = 1;"},
		{"in a block of its own, as the sibling", client("", "\t{\n\t\tint yes = 1;\n\t"+set("yes")+"\n\t}"), "in a block: int yes = 1;"},
		{"const, as the sibling in its block", client("", "\t{\n\t\tconst int yes = 1;\n\t"+set("yes")+"\n\t}"), "in a block: const int yes = 1;"},
		{"a variable that something else changes", client("", "\tint on = 1;\n"+set("on")+"\n\ton = 7;\n\tuse(on);"), "in front: int keepalive = 1;"},
		{"a declaration under an #if", inElse("#ifdef A\n\tint yes = 1;\n" + set("yes") + "\n#endif\n"), "at the top: int on = 1;"},
		{"a declaration above the block", inElse("\tlong n = 1;\n"), "at the top: int on = 1;"},
		{"the name is taken under an #if", client("", "#ifdef A\n\tint on = 7;\n\tuse(on);\n#endif"), "at the top: int keepalive = 1;"},
		{"the program's name for int", client("typedef int net_int_t;\n", "\tif (name) {\n\t\tnet_int_t yes = 1;\n\t"+set("yes")+"\n\t}"), "at the top: net_int_t on = 1;"},
		{"the program's name for int is all there is", strings.ReplaceAll(client("typedef int net_int_t;\n", "\tnet_int_t yes;\n\tyes = rc_of(name);\n"+set("yes")), "\tint fd, rc;", "\tsock_t fd;"), "at the top: net_int_t on = 1;"},
		{"a 1 of that type", client("typedef int net_int_t;\n", "\tnet_int_t on = 1;\n"+set("on")), "on"},
		{"a 1 of that type for nothing", client("typedef long net_int_t;\n", "\tnet_int_t on = 1;\n\tuse(&on);\n"), "at the top: int keepalive = 1;"},
		{"the columns of the neighbours", strings.ReplaceAll(client("", ""), "\tint fd, rc;\n", "\tint\t fd, rc;\n"), "at the top: int\t on = 1;"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, req := request(t, tt.src)
			v := p.Choose(req)
			got := v.Name
			switch {
			case v.Edit != nil:
				got = "at the top: " + strings.TrimSpace(v.Edit.New)
			case v.Declare != "" && v.Own:
				got = "in a block: " + v.Declare
			case v.Declare != "":
				got = "in front: " + v.Declare
			case v.Assign != "":
				got = "set first: " + v.Assign
			case v.Const:
				got = "const " + v.Name
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestChooseOwn holds that a request for a variable of the block's own gets one, whatever
// else there is.
func TestChooseOwn(t *testing.T) {
	p, req := request(t, client("static const int one = 1;\n", "\tint on = 1;\n\tuse(on);\n"))
	req.Own = true
	if v := p.Choose(req); v.Declare == "" || v.Edit != nil {
		t.Errorf("%+v", v)
	}
}

// TestChoosePlanned holds that a second block of a function takes the first one's
// variable.
func TestChoosePlanned(t *testing.T) {
	p, req := request(t, client("", ""))
	first := p.Choose(req)
	req.Planned[first.Key] = first
	if second := p.Choose(req); first.Key == "" || second != first {
		t.Errorf("%+v, not %+v", second, first)
	}
}

// TestOptionGuarded holds which options tell by their #ifdef how SO_KEEPALIVE is written.
func TestOptionGuarded(t *testing.T) {
	for _, tt := range []struct {
		opt, guard string
		want       bool
	}{
		{"SO_REUSEADDR", "SO_REUSEADDR", true},
		{"SO_REUSEADDR", "SO_LINGER", false},
		{"SO_REUSEPORT", "SO_REUSEPORT", false},
	} {
		_, req := request(t, client("", "#ifdef "+tt.guard+"\n\trc = 1;\n\tsetsockopt(fd, SOL_SOCKET, "+tt.opt+", &rc, sizeof(rc));\n#endif"))
		if got := OptionGuarded(req.Model); got != tt.want {
			t.Errorf("%s in #ifdef %s: %v", tt.opt, tt.guard, got)
		}
	}
}
