//go:build unix

package lsp

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// A change in a large program is judged before anybody waits for it. KEEPATCH_CORPUS
// is the folder of the labelled packages. Processor time counts, since the machine may
// be busy with something else.
func TestCorpusChange(t *testing.T) {
	root := filepath.Join(os.Getenv("KEEPATCH_CORPUS"), "redis")
	if os.Getenv("KEEPATCH_CORPUS") == "" {
		t.Skip("needs KEEPATCH_CORPUS")
	}
	text, err := os.ReadFile(filepath.Join(root, "src", "anet.c"))
	if err != nil {
		t.Fatal(err)
	}
	e := newEditor(t, root, `{}`)
	u := uri.File(filepath.Join(root, "src", "anet.c"))
	e.openURI(u, string(text))
	ask := func() {
		e.request("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": u}, "position": protocol.Position{}}, nil)
	}
	ask()
	anet := strings.Index(string(text), "\nstatic int anetCreateSocket(")
	if anet < 0 {
		t.Fatal("anet.c is another one")
	}
	body := anet + strings.Index(string(text)[anet:], "{") + 1
	for what, change := range map[string]struct {
		at   int
		text string
	}{
		"a line at the top":          {0, "\n"},
		"a statement":                {body, "\n    int keepatch;"},
		"a new socket":               {anet, "\nint keepatch(void *sa) { int fd = socket(AF_INET, SOCK_STREAM, 0); return connect(fd, sa, 16); }\n"},
		"a comment that is not over": {body, "/*"},
	} {
		var took, worked []time.Duration
		for range 7 {
			for _, c := range []struct {
				from, to int
				text     string
			}{{change.at, change.at, change.text}, {change.at, change.at + len(change.text), ""}} {
				begin, used := time.Now(), processor(t)
				e.edit(u, c.from, c.to, c.text)
				ask()
				took = append(took, time.Since(begin))
				worked = append(worked, processor(t)-used)
			}
		}
		slices.Sort(took)
		slices.Sort(worked)
		half := len(took) / 2
		t.Logf("%s takes %v, and %v of processor time; %v and %v at most", what, took[half], worked[half], took[2*half-1], worked[2*half-1])
		if worked[half] > 200*time.Millisecond {
			t.Errorf("%s takes %v of processor time", what, worked[half])
		}
	}
}

// processor is the time that this process, and so client and server, has computed for.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
