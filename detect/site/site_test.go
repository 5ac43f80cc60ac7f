package site_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect/program/programtest"
	"github.com/keepatch/keepatch/detect/site"
)

// Each small program with its candidates, as "file name function".
func TestAll(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"by name", `int f(void) { return socket(1, 2, 0) + accept(3, 0, 0); }`, "x.c socket f; x.c accept f"},
		{"a prototype, a definition, a member, a local", `int socket(int, int, int);
			int accept(int fd) { return fd; }
			int f(struct ops *o, int (*socket)(int)) { return o->socket(1) + socket(2); }`, ""},
		{"in parentheses, through a pointer, of two", `int f(int plain) { return (socket)(1, 2, 0) + (*accept)(3, 0, 0) + (plain ? accept4 : own)(3, 0, 0, 0); }`,
			"x.c socket f; x.c accept f; x.c accept4 f"},
		{"renamed by a macro", "#define os_socket socket\nint f(void) { return os_socket(1, 2, 0); }", "x.c socket f"},
		{"renamed, but the tree has a function of that name", "#define os_socket socket\nint os_socket(int a) { return a; }\nint f(void) { return os_socket(1); }", ""},
		{"within a macro", "#define NEW(d) socket(d, 1, 0)\nint f(void) { return NEW(2); }", "x.c socket NEW"},
		{"through syscall()", `int f(void) { return syscall(SYS_accept4, 3, 0, 0, 0); }`, "x.c accept4 f"},
		{"in two files", "-- b.c --\nint g(void) { return accept(3, 0, 0); }\n-- a.c --\nint f(void) { return socket(1, 2, 0); }\n", "a.c socket f; b.c accept g"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, k := range site.All(programtest.Load(t, c.src).Program) {
				in := "-"
				if k.In != nil {
					in = k.In.Func.Name
				}
				got = append(got, fmt.Sprintf("%s %s %s", k.File.Path, k.Name, in))
			}
			if diff := cmp.Diff(c.want, strings.Join(got, "; ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
