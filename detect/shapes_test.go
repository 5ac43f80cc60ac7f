package detect

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/program"
)

// growing are programs of which one part grows: n callers of a wrapper, n stores to
// one member, n wrappers on each other, n listeners of one event loop, n functions
// with a socket in one file, n handlers that one function calls for as many callers.
var growing = []struct {
	name string
	base int // how many of it the smallest program has
	src  func(n int) string
}{
	{"callers", 50, func(n int) string {
		var b strings.Builder
		b.WriteString("int stream_open(int family)\n{\n\tint fd = socket(family, SOCK_STREAM, 0);\n\tif (fd < 0)\n\t\treturn -1;\n\treturn fd;\n}\n")
		for i := range n {
			fmt.Fprintf(&b, "void user%d(struct sockaddr *sa)\n{\n\tint fd = stream_open(%s);\n\tconnect(fd, sa, sizeof *sa);\n\twrite(fd, \"x\", 1);\n}\n", i, family(i, n))
		}
		return b.String()
	}},
	{"stores", 50, func(n int) string {
		var b strings.Builder
		b.WriteString("struct service { int family; int fd; };\n")
		for i := range n {
			fmt.Fprintf(&b, "void choose%d(struct service *s)\n{\n\ts->family = %s;\n}\n", i, family(i, n))
		}
		b.WriteString("void service_open(struct service *s, struct sockaddr *sa)\n{\n\ts->fd = socket(s->family, SOCK_STREAM, 0);\n\tconnect(s->fd, sa, sizeof *sa);\n}\n")
		return b.String()
	}},
	{"depth", 25, func(n int) string {
		var b strings.Builder
		b.WriteString("int level0(int family)\n{\n\treturn socket(family, SOCK_STREAM, 0);\n}\n")
		for i := range n {
			fmt.Fprintf(&b, "int level%d(int family)\n{\n\tint fd = level%d(family);\n\tif (fd < 0)\n\t\treturn -1;\n\treturn fd;\n}\n", i+1, i)
		}
		fmt.Fprintf(&b, "void user(struct sockaddr *sa)\n{\n\tint fd = level%d(AF_INET);\n\tint gd = level0(AF_UNIX);\n\tconnect(fd, sa, sizeof *sa);\n\tconnect(gd, sa, sizeof *sa);\n}\n", n)
		return b.String()
	}},
	{"listeners", 10, func(n int) string {
		var b strings.Builder
		b.WriteString("struct source { int fd; int kind; void (*ready)(struct source *); struct source *next; };\nstatic struct source *sources;\n")
		b.WriteString("static void add(struct source *s, int fd, void (*ready)(struct source *))\n{\n\ts->fd = fd;\n\ts->ready = ready;\n\ts->next = sources;\n\tsources = s;\n}\n")
		for i := range n {
			fmt.Fprintf(&b, "static void ready%d(struct source *s)\n{\n\tint c = accept(s->fd, 0, 0);\n\twrite(c, \"x\", 1);\n}\n", i)
			fmt.Fprintf(&b, "void listen%d(struct source *s, struct sockaddr *sa)\n{\n\tint fd = socket(%s, SOCK_STREAM, 0);\n\tbind(fd, sa, sizeof *sa);\n\tlisten(fd, 5);\n\tadd(s, fd, ready%d);\n}\n", i, family(i, n), i)
		}
		b.WriteString("int main(void)\n{\n\tstruct source *s;\n\tfor (;;)\n\t\tfor (s = sources; s; s = s->next)\n\t\t\ts->ready(s);\n}\n")
		return b.String()
	}},
	{"sites", 100, func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "int open%d(struct sockaddr *sa)\n{\n\tint fd = socket(%s, SOCK_STREAM, 0);\n\tif (fd < 0 || connect(fd, sa, sizeof *sa) < 0)\n\t\treturn -1;\n\treturn fd;\n}\n", i, family(i, n))
		}
		return b.String()
	}},
	{"handlers", 50, func(n int) string {
		var b strings.Builder
		b.WriteString("struct item { int key; struct item *next; };\n")
		b.WriteString("int each(struct item *l, int (*fn)(struct item *, void *), void *arg)\n{\n\tfor (; l; l = l->next)\n\t\tif (fn(l, arg) < 0)\n\t\t\treturn -1;\n\treturn 0;\n}\n")
		for i := range n {
			fmt.Fprintf(&b, "static int open%d(struct item *it, void *arg)\n{\n\tint *fd = arg;\n\t*fd = socket(%s, SOCK_STREAM, it->key);\n\treturn *fd;\n}\n", i, family(i, n))
			fmt.Fprintf(&b, "struct conn%d { int fd; };\nvoid start%d(struct item *l, struct conn%d *c, struct sockaddr *sa)\n{\n\teach(l, open%d, &c->fd);\n\tconnect(c->fd, sa, sizeof *sa);\n}\n", i, i, i, i)
		}
		return b.String()
	}},
}

// family is AF_UNIX but for the last of n.
func family(i, n int) string {
	if i == n-1 {
		return "AF_INET"
	}
	return "AF_UNIX"
}

// BenchmarkShapes shows that twice as much of one thing takes twice as long.
func BenchmarkShapes(b *testing.B) {
	for _, g := range growing {
		for x := 1; x <= 32; x *= 2 {
			src := []byte(g.src(g.base * x))
			b.Run(fmt.Sprintf("%s/%dx", g.name, x), func(b *testing.B) {
				for b.Loop() {
					Analyze([]string{"grown.c"}, program.Options{Read: func(string) ([]byte, error) { return src, nil }})
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*x), "µs/x")
			})
		}
	}
}
