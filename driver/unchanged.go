package driver

import (
	"bytes"

	"github.com/keepatch/keepatch/detect/since"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
)

// FindingsUnchanged reports whether a change provably leaves all findings as they are, so
// that the analysis can be skipped: no changed line holds a call that could be a site, and
// the tokens of each file are the same, only comments and white space differ. It is false
// for files that are new, deleted or renamed, and for comments that hold "keepatch:".
func FindingsUnchanged(c *since.Change) bool {
	for _, name := range c.Files() {
		now, err := c.Now(name)
		if err != nil {
			return false
		}
		before, same, err := c.ReadSame(name)
		if err != nil || !same {
			return false
		}
		mark := []byte("keepatch:")
		if bytes.Contains(now, mark) || bytes.Contains(before, mark) {
			return false
		}
		f, old := parse.New(name, now), parse.New(name, before)
		if len(f.Problems) > 0 || !sameTokens(f, old) {
			return false
		}
		for _, call := range sites.Names {
			for _, i := range f.Idents(call) {
				if c.Touches(name, f.Lines().Line(int(f.Toks[i].Off))) {
					return false
				}
			}
		}
	}
	return true
}

// sameTokens says whether two files differ in comments and blanks only.
// Directives are made of tokens as well.
func sameTokens(a, b *parse.File) bool {
	if len(a.Toks) != len(b.Toks) || len(a.Dirs) != len(b.Dirs) {
		return false
	}
	for i := range a.Toks {
		if a.Text(a.Toks[i]) != b.Text(b.Toks[i]) {
			return false
		}
	}
	return true
}
