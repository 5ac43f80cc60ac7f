package parse

import (
	"github.com/keepatch/keepatch/parse/parsetest"
	"testing"
	"time"
)

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

// TestTraps holds the time for a trap of several 100,000 tokens below what
// anything quadratic would take. On a busy machine all takes long, but four times
// the text no more than about four times as long.
func TestTraps(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	for _, tt := range parsetest.Traps {
		t.Run(tt.Name, func(t *testing.T) {
			size, whole := timeTrap(tt.Text(n))
			if testing.Verbose() {
				t.Logf("%d bytes: %v", size, whole)
			}
			if whole < 20*time.Second {
				return
			}
			if quarter, d := timeTrap(tt.Text(n / 4)); whole > 10*d {
				t.Errorf("%d bytes took %v, %d bytes %v", size, whole, quarter, d)
			}
		})
	}
}

func timeTrap(text string) (size int, d time.Duration) {
	start := time.Now()
	readAll(New("t.c", []byte(text)))
	return len(text), time.Since(start)
}
