package lsp

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// A change in a large program is judged before anybody waits for it. KEEPATCH_CORPUS
// is the folder of the labelled packages.
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
	best := time.Hour
	for range 20 {
		begin := time.Now()
		e.edit(u, 0, 0, "\n")
		ask()
		best = min(best, time.Since(begin))
	}
	t.Logf("a change takes %v", best)
	if best > 200*time.Millisecond {
		t.Errorf("a change takes %v", best)
	}
}
