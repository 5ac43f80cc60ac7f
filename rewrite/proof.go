package rewrite

import (
	"bytes"
	"fmt"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/udiff"
)

// prove checks one fix by itself: insertions of whole lines only, the patched
// text parses as before, the block stands as a statement of the list it was
// meant for, and it sets the option on the descriptor.
func (m *maker) prove(t *target, fix *Fix, edits []edit.Edit) string {
	f := t.sp.file
	if err := edit.Validate(f.Src, edits, true); err != nil {
		return "the edits are not sound: " + err.Error()
	}
	for _, e := range edits {
		if e.Start != lineStart(f.Src, e.Start) || len(e.New) == 0 || e.New[len(e.New)-1] != '\n' {
			return "the edits are not whole lines"
		}
	}
	out, err := edit.Apply(f.Src, edits)
	if err != nil {
		return "the edits do not apply: " + err.Error()
	}
	g := parse.New(f.Path, out)
	if len(g.Problems) > len(f.Problems) || len(g.Funcs) != len(f.Funcs) {
		return "the patched file no longer parses as before"
	}
	last := edits[len(edits)-1]
	from := last.Start
	for _, e := range edits[:len(edits)-1] {
		from += len(e.New)
	}
	return stands(t, f, g, from, from+len(last.New))
}

// stands looks at the block in the patched file, under every selection of #if
// branches that sees it.
func stands(t *target, f, g *parse.File, from, to int) string {
	seen := false
	for _, fn := range g.Funcs {
		if fn.Macro != nil || fn.Start > from || fn.End < to {
			continue
		}
		why := ""
		fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Pos < from || s.Pos >= to || why != "" {
				return s.Pos < to && s.End > from
			}
			if s.Kind == parse.SOpaque {
				why = "the block is not understood where it stands"
				return false
			}
			if s.End > to {
				why = "the block swallows what follows it"
				return false
			}
			if p := s.Parent; p == nil || p.Kind != parse.SBlock {
				if p == nil || p.Pos < from {
					why = "the block would become the body of another statement"
					return false
				}
			}
			calls(s, func(c *parse.Expr, _ *parse.Stmt) {
				for _, a := range c.Args {
					if same(g, a, t.sp.key) {
						seen = true
					}
				}
			})
			return false
		})
		if why != "" {
			return why
		}
		// Repairs that the old text did not need show that the block upset
		// something around it.
		for _, old := range f.FuncsAt(t.sp.call.Pos) {
			old.Body()
			if old.Name == fn.Name && old.Pass == fn.Pass && len(fn.Repairs) > len(old.Repairs) {
				return "the patched function is no longer understood"
			}
		}
	}
	if !seen {
		return "the block would be seen by no build"
	}
	return ""
}

// finish applies all edits of a file and writes its diff, which must give the
// same bytes.
func (f *File) finish() error {
	out, err := edit.Apply(f.Src, f.Edits)
	if err != nil {
		return fmt.Errorf("the fixes of this file get into each other's way: %w", err)
	}
	f.New = out
	diff, err := udiff.Insertions("a/"+f.Path, "b/"+f.Path, f.Src, insertions(f.Src, f.Edits), 3)
	if err != nil {
		return fmt.Errorf("no diff could be written: %w", err)
	}
	back, err := udiff.Apply(diff, f.Src)
	if err != nil || !bytes.Equal(back, out) {
		return fmt.Errorf("the diff does not give the patched text (%v)", err)
	}
	f.Diff = diff
	return nil
}

// insertions turns edits of whole lines into what package udiff takes.
func insertions(src []byte, edits []edit.Edit) []udiff.Insertion {
	var out []udiff.Insertion
	for _, e := range edits {
		in := udiff.Insertion{Line: bytes.Count(src[:e.Start], []byte("\n"))}
		for l := range bytes.Lines([]byte(e.New)) {
			in.Lines = append(in.Lines, l)
		}
		out = append(out, in)
	}
	return out
}
