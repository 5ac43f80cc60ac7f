package driver

import (
	"bytes"

	"github.com/keepatch/keepatch/detect/since"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
)

// Quiet reports whether a change cannot add or remove a finding, so that nothing
// has to be analysed: it touches no line with a call that could be a site, and
// the files' tokens are what they were, only comments and blanks differ. Files
// that are new, gone or renamed are never quiet, and neither are comments that
// speak to keepatch.
func Quiet(c *since.Change) bool {
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
