package parse

import (
	"github.com/keepatch/keepatch/parse/parsetest"
	"strings"
	"testing"
)

// BenchmarkParse reads a file of ordinary code, 1 MB.
func BenchmarkParse(b *testing.B) {
	fn := `
static int open_%d(struct conn *c, const char *host, int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
#ifdef HAVE_IPV6
	int family = c->v6 ? AF_INET6 : AF_INET;
#else
	int family = AF_INET;
#endif
	int fd = socket(family, SOCK_STREAM, 0);	/* the connection */

	if (fd < 0) {
		log_error("socket: %s:%" PRIu16 "\n", host, port);
		return -1;
	}
	TAILQ_FOREACH(c, &conns, link)
		close(c->fd);
	return fd;
}
`
	src := []byte(strings.Repeat(fn, 1<<20/len(fn)))
	b.Run("New", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			New("t.c", src)
		}
	})
	b.Run("all trees", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			readAll(New("t.c", src))
		}
	})
}

// BenchmarkTraps shows which trap costs most a byte; all of them must stay
// within a small factor of BenchmarkParse.
func BenchmarkTraps(b *testing.B) {
	for _, tt := range parsetest.Traps {
		b.Run(tt.Name, func(b *testing.B) {
			src := []byte(tt.Text(20_000))
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				readAll(New("t.c", src))
			}
		})
	}
}

// readAll parses everything that is parsed on demand.
func readAll(f *File) {
	f.Decls()
	f.Idents("socket")
	for _, fn := range f.Funcs {
		fn.Body().Walk(func(s *Stmt) bool {
			s.Exprs(func(e *Expr) { e.Walk(func(*Expr) bool { return true }) })
			return true
		})
	}
	for _, m := range f.Macros {
		m.Expr()
	}
}
