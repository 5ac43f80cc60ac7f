package exemplar

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

func (f Form) String() string {
	return []string{"bare", "void", "if", "assign", "check", "other"}[f]
}

// TestOptionCalls holds how a setsockopt() call in a function is read.
func TestOptionCalls(t *testing.T) {
	const call = "setsockopt(fd, SOL_SOCKET, SO_X, &on, sizeof(on))"
	for _, tt := range []struct{ name, body, want string }{
		{"bare", call + ";", "bare"},
		{"cast to void", "(void) " + call + ";", "void(void) "},
		{"tested", "if (" + call + " < 0) return;", "if:: < 0"},
		{"tested, == -1", "if (" + call + " == -1) return;", "if:: == -1"},
		{"tested, turned round", "if (-1 == " + call + ") return;", "if:-1 == :"},
		{"as a truth", "if (" + call + ") return;", "if::"},
		{"beside another condition", "if (debug && " + call + " < 0) return;", "if:: < 0 before=debug && "},
		{"with another behind", "if (" + call + " < 0 && debug) return;", "if:: < 0 also= && debug"},
		{"assigned", "r = " + call + "; if (r < 0) return;", "assign:: < 0 result=r"},
		{"assigned in the test", "if ((r = " + call + ") < 0) return;", "other"},
		{"declared", "int r = " + call + "; if (r != 0) return;", "assign:: != 0 result=r"},
		{"into a check", "CHECK(" + call + ");", "check CHECK"},
		{"returned", "return " + call + ";", "other"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse.New("x.c", []byte("void f(int fd)\n{\n\tint on = 1, r;\n\t"+tt.body+"\n}\n"))
			list := NewExemplars(&noreturn.Exits{Program: ctree.NewProgram(nil, nil, nil, nil)}).OptionCalls(f)
			if len(list) != 1 {
				t.Fatalf("%d calls", len(list))
			}
			h := list[0]
			got := h.Form.String()
			switch h.Form {
			case FormVoid:
				got += h.Void
			case FormIf, FormAssign:
				got += ":" + h.Front + ":" + h.Test
			case FormCheck:
				got += " " + h.Check.Name
			}
			for _, x := range [][2]string{{"before", h.Before}, {"also", h.Also}} {
				if x[1] != "" {
					got += fmt.Sprintf(" %s=%s", x[0], x[1])
				}
			}
			if h.Form == FormAssign {
				got += " result=" + h.Result
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if h.FD != "fd" || h.Level != "SOL_SOCKET" || h.Opt != "SO_X" || h.Value != "on" {
				t.Errorf("arguments: %s %s %s %s", h.FD, h.Level, h.Opt, h.Value)
			}
		})
	}
}

// TestSpelling holds how the value and its size are written.
func TestSpelling(t *testing.T) {
	for args, want := range map[string]string{
		"&on, sizeof(on)":                  `"" on "sizeof(%s)"`,
		"&on, sizeof on":                   `"" on "sizeof %s"`,
		"&on, sizeof (on)":                 `"" on "sizeof (%s)"`,
		"(char *)&on, sizeof(on)":          `"(char *)" on "sizeof(%s)"`,
		"(const void *) &on, sizeof( on )": `"(const void *) " on "sizeof( %s )"`,
		"&on, sizeof(int)":                 `"" on "sizeof(%s)"`,
		"&on, (socklen_t)sizeof(on)":       `"" on "(socklen_t)sizeof(%s)"`,
		"p, len":                           `""  ""`,
	} {
		f := parse.New("x.c", []byte("void f(int fd)\n{\n\tsetsockopt(fd, SOL_SOCKET, SO_X, "+args+");\n}\n"))
		h := NewExemplars(&noreturn.Exits{Program: ctree.NewProgram(nil, nil, nil, nil)}).OptionCalls(f)[0]
		if got := fmt.Sprintf("%q %s %q", h.Cast, h.Value, h.Sizeof); got != want {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
	}
}

// A call counts once, in however many selections of #if it is.
func TestOnce(t *testing.T) {
	f := parse.New("x.c", []byte("void f(int fd)\n{\n#if A\n\tif (x)\n#else\n\tif (y)\n#endif\n\t\tsetsockopt(fd, 1, 2, &on, n);\n}\n"))
	if got := NewExemplars(&noreturn.Exits{Program: ctree.NewProgram(nil, nil, nil, nil)}).OptionCalls(f); len(got) != 1 {
		t.Errorf("%d calls", len(got))
	}
}

// TestSetterCalls holds what the program's own functions are called with in place of
// SO_REUSEADDR.
func TestSetterCalls(t *testing.T) {
	for _, tt := range []struct{ name, def, call, want string }{
		{"level, option, value", "int set(int s, int l, int o, int v) { return setsockopt(s, l, o, &v, sizeof(v)); }", "set(fd, SOL_SOCKET, SO_REUSEADDR, 1)", "set(sock, SOL_SOCKET, SO_KEEPALIVE, 1)"},
		{"option, value", "int set(int s, int o, int v) { return setsockopt(s, SOL_SOCKET, o, &v, sizeof(v)); }", "set(fd, SO_REUSEADDR, 1)", "set(sock, SO_KEEPALIVE, 1)"},
		{"off", "int set(int s, int o, int v) { return setsockopt(s, SOL_SOCKET, o, &v, sizeof(v)); }", "set(fd, SO_REUSEADDR, 0)", ""},
		{"not the option's function", "int set(int s, int o, int v) { return log(s, o, v); }", "set(fd, SO_REUSEADDR, 1)", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse.New("x.c", []byte(tt.def+"\nvoid f(int fd)\n{\n\t"+tt.call+";\n}\n"))
			p := ctree.NewProgram(nil, []string{"x.c"}, func(string) ([]byte, error) { return f.Src, nil }, nil)
			p.Files = []*parse.File{f}
			for _, fn := range f.Funcs {
				p.Funcs[fn.Name] = append(p.Funcs[fn.Name], fn)
			}
			var got []string
			for _, h := range NewExemplars(&noreturn.Exits{Program: p}).SetterCalls(f) {
				got = append(got, h.Through.Text("sock"))
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
}
