package program

import (
	"path"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// grammar is a file that yacc or lex makes C of. Its code names functions that no other
// file may name.
type grammar struct {
	file   *parse.File // of no text
	words  []string
	listed bool // a build file lists it
}

var identifier = text.NewPattern(`[A-Za-z_]\w*`)

// readGrammars takes the names of functions from the grammars whose C is not among the
// files.
func (t *Tree) readGrammars(names func() []string, read func(string) ([]byte, error)) {
	if names == nil {
		return
	}
	for _, name := range names() {
		name = path.Clean(name)
		stem := name[:len(name)-len(path.Ext(name))]
		if t.ByPath[stem+".c"] != nil {
			continue
		}
		src, err := read(name)
		if err != nil {
			continue
		}
		g := &grammar{file: &parse.File{}}
		g.file.Path = name
		for _, w := range identifier.FindAll(src, -1) {
			if t.Funcs[string(w)] != nil {
				g.words = append(g.words, string(w))
			}
		}
		t.grammars = append(t.grammars, g)
	}
}

// grammarsOf are those that a program is linked with; where no build file tells, those
// in the folder of its main().
func (t *Tree) grammarsOf(main *Node) []*grammar {
	var out []*grammar
	s := t.linkedWith(main)
	for _, g := range t.grammars {
		if s != nil && s.grammars[g.file.Path] || !g.listed && path.Dir(g.file.Path) == path.Dir(main.File.Path) {
			out = append(out, g)
		}
	}
	return out
}
