package rewrite

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/udiff"
)

// contextLines is how much of a file's own text a diff shows around a change.
const contextLines = 3

// addHints adds those that are new.
func (p *Plan) addHints(hints []string) {
	for _, h := range hints {
		if !slices.Contains(p.Hints, h) {
			p.Hints = append(p.Hints, h)
		}
	}
}

// Join puts the plans of several programs together.
func Join(plans ...*Plan) *Plan {
	all := &Plan{src: map[string][]byte{}}
	for _, p := range plans {
		if p == nil {
			continue // an internal error, which has been told
		}
		all.Fixes = append(all.Fixes, p.Fixes...)
		all.Files = append(all.Files, p.Files...)
		all.Notes = append(all.Notes, p.Notes...)
		all.addHints(p.Hints)
		all.Remarks = append(all.Remarks, p.Remarks...)
		for k, v := range p.src {
			all.src[k] = v
		}
		if p.diffPath != nil {
			all.diffPath = p.diffPath
		}
	}
	return all
}

// shown is the path that diffs name a file by.
func (p *Plan) shown(path string) string {
	if p.diffPath == nil {
		return path
	}
	return p.diffPath(path)
}

// sources keeps the bytes of the files that fixes change.
func (p *Plan) sources(proj *project) {
	p.src = map[string][]byte{}
	for _, f := range proj.Files {
		p.src[f.Path] = f.Src
	}
	for path, src := range proj.extra {
		p.src[path] = src
	}
	for _, fix := range p.Fixes {
		if t := fix.target; t != nil && p.src[t.Spot.File.Path] == nil { // a setup in a file without sites
			p.src[t.Spot.File.Path] = t.Spot.File.Src
		}
	}
}

// Drop takes a fix back.
func (f *Fix) Drop(reason string) {
	f.Status, f.Reason, f.Files = result.FixNone, reason, nil
	f.Site.Fix = result.Fix{Status: f.Status, Reason: reason}
}

// Rebuild makes the files again from what is left of the fixes.
func (p *Plan) Rebuild() error {
	p.merge()
	for _, f := range p.Fixes {
		if f.Status == result.FixNone && len(f.Files) > 0 {
			return fmt.Errorf("%s: %s", f.Site.File, f.Reason)
		}
	}
	return nil
}

// merge collects the edits of every file and writes the diffs. A file whose
// edits do not go together loses all its fixes.
func (p *Plan) merge() {
	byPath := map[string]*File{}
	seen := map[string]bool{}
	for _, fix := range p.Fixes {
		for _, fe := range fix.Files {
			file := byPath[fe.Path]
			if file == nil {
				file = &File{Path: fe.Path, Src: p.src[fe.Path]}
				byPath[fe.Path] = file
			}
			file.Fixes = append(file.Fixes, fix)
			for _, e := range fe.Edits {
				// Fixes share what they all need: a variable, a function.
				if key := fe.Path + "\x00" + e.String(); !seen[key] {
					seen[key] = true
					file.Edits = append(file.Edits, e)
				}
			}
		}
	}
	p.Files = p.Files[:0]
	for _, f := range byPath {
		inOrder(f.Edits)
		if err := f.finish(p.shown(f.Path)); err != nil {
			for _, fix := range f.Fixes {
				fix.Drop(err.Error())
			}
			continue
		}
		p.Files = append(p.Files, f)
	}
	sort.Slice(p.Files, func(i, j int) bool { return p.Files[i].Path < p.Files[j].Path })
}

// inOrder sorts edits by their place. What stands at the same one is put as C wants
// it: headers, the switch's variable, then what uses them.
func inOrder(edits []edit.Edit) {
	rank := func(e edit.Edit) int {
		switch {
		case !strings.Contains(e.New, "\n"):
			return 2
		case onlyDirectives(e.New):
			return 0
		case argswitch.Declares(e.New):
			return 1
		}
		return 2
	}
	sort.SliceStable(edits, func(i, j int) bool {
		if edits[i].Start != edits[j].Start {
			return edits[i].Start < edits[j].Start
		}
		return rank(edits[i]) < rank(edits[j])
	})
}

// onlyDirectives reports whether each line of a text is one of the preprocessor.
func onlyDirectives(text string) bool {
	for _, l := range strings.Split(strings.TrimSpace(text), "\n") {
		if !strings.HasPrefix(strings.TrimSpace(l), "#") {
			return false
		}
	}
	return true
}

// With is the file's text with some of its fixes alone.
func (f *File) With(fixes []*Fix) ([]byte, error) {
	all := &Fix{}
	for _, fix := range fixes {
		for _, fe := range fix.Files {
			if fe.Path == f.Path {
				all.addEdits(fe)
			}
		}
	}
	if len(all.Files) == 0 {
		return f.Src, nil
	}
	edits := slices.Clone(all.Files[0].Edits)
	inOrder(edits)
	return edit.Apply(f.Src, edits)
}

// finish applies all edits of a file and writes its diff, which must give the
// same bytes.
func (f *File) finish(shown string) error {
	out, err := edit.Apply(f.Src, f.Edits)
	if err != nil {
		return fmt.Errorf("the fixes of this file conflict: %w", err)
	}
	f.New = out
	if name := f.declaredTwice(); name != "" {
		return fmt.Errorf("the fixes of this file would declare %s twice", name)
	}
	f.Diff, err = diffOf(shown, f.Src, out, f.Edits)
	return err
}

// tree returns the file as it was: the tree of one of its sites, where that is
// still there.
func (f *File) tree() *parse.File {
	for _, fix := range f.Fixes {
		if t := fix.Site.Node.File; t != nil && t.Path == f.Path && bytes.Equal(t.Src, f.Src) {
			return t
		}
	}
	return parse.New(f.Path, f.Src)
}

// declaredTwice names a variable that a block of a patched function declares
// twice, though it did not before.
func (f *File) declaredTwice() string {
	for _, fn := range f.tree().Funcs {
		if fn.Macro != nil {
			continue
		}
		from, to, inside := fn.Start, fn.End, false
		for _, e := range f.Edits {
			switch {
			case e.Start <= fn.Start:
				from, to = from+len(e.New), to+len(e.New)
			case e.Start < fn.End:
				to, inside = to+len(e.New), true
			}
		}
		if !inside {
			continue
		}
		old := map[string]bool{}
		twice(fn, func(name string) { old[name] = true })
		for _, g := range parse.New(f.Path, f.Src[fn.Start:fn.End]).Funcs {
			twice(g, func(name string) { old[name] = true }) // as the function reads without the file's macros
		}
		found := ""
		for _, g := range parse.New(f.Path, f.New[from:to]).Funcs {
			twice(g, func(name string) {
				if !old[name] && found == "" {
					found = name
				}
			})
		}
		if found != "" {
			return found
		}
	}
	return ""
}

// twice calls say for each name that a block declares again.
func twice(fn *parse.Func, say func(name string)) {
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SBlock {
			seen := map[string]bool{}
			for _, c := range s.List {
				for _, d := range c.Decls {
					if seen[d.Name] {
						say(d.Name)
					}
					seen[d.Name] = true
				}
			}
		}
		return true
	})
}

// diffOf compares a file as it was with the file as patched, and proves that they
// differ in the planned edits alone and that the diff gives the patched text.
func diffOf(path string, src, out []byte, edits []edit.Edit) ([]byte, error) {
	planned := insertions(src, edits)
	diff, err := udiff.Unified("a/"+path, "b/"+path, src, out, contextLines, planned...)
	if err != nil {
		return nil, fmt.Errorf("no diff could be written: %w", err)
	}
	back, err := udiff.Apply(diff, src)
	if err != nil {
		return nil, fmt.Errorf("the diff does not apply: %w", err)
	}
	if !bytes.Equal(back, out) {
		return nil, fmt.Errorf("the diff does not give the patched text")
	}
	return diff, nil
}

// insertions turns edits into what package udiff takes. Text that goes into
// the middle of a line replaces that line.
func insertions(src []byte, edits []edit.Edit) []udiff.Insertion {
	edits = append([]edit.Edit(nil), edits...)
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Start < edits[j].Start })
	var out []udiff.Insertion
	line, counted := 0, 0 // lines in src[:counted]
	for i := 0; i < len(edits); {
		e := edits[i]
		from := text.LineStart(src, e.Start)
		line, counted = line+bytes.Count(src[counted:from], []byte("\n")), from
		in := udiff.Insertion{Line: line}
		content := e.New
		i++
		if e.Start != from || !strings.HasSuffix(e.New, "\n") {
			// All that goes into this line, or before it.
			to := text.LineEnd(src, e.Start)
			var b strings.Builder
			b.Write(src[from:e.Start])
			b.WriteString(e.New)
			at := e.Start
			for ; i < len(edits) && edits[i].Start < to; i++ {
				b.Write(src[at:edits[i].Start])
				b.WriteString(edits[i].New)
				at = edits[i].Start
			}
			b.Write(src[at:to])
			in.Del, content = 1, b.String()
		}
		for l := range bytes.Lines([]byte(content)) {
			in.Lines = append(in.Lines, l)
		}
		out = append(out, in)
	}
	return out
}

// DiffOf is the patch of one fix by itself.
func (p *Plan) DiffOf(f *Fix) ([]byte, error) {
	var all []byte
	for _, fe := range f.Files {
		src := p.src[fe.Path]
		out, err := edit.Apply(src, fe.Edits)
		if err != nil {
			return nil, err
		}
		d, err := diffOf(p.shown(fe.Path), src, out, fe.Edits)
		if err != nil {
			return nil, err
		}
		all = append(all, d...)
	}
	return all, nil
}

// Block is the text that a fix inserts at the socket itself.
func (f *Fix) Block() string {
	if e := f.block(); e != nil {
		return e.New
	}
	return ""
}

// SetBlock replaces it by what a person wrote: whole lines, or none to drop
// the block.
func (f *Fix) SetBlock(text string) error {
	e := f.block()
	if e == nil {
		return fmt.Errorf("there is nothing to edit")
	}
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("the block is empty; answer n to leave the change out")
	}
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	e.New = text
	return nil
}

func (f *Fix) block() *edit.Edit {
	if len(f.Files) == 0 || len(f.Files[0].Edits) == 0 {
		return nil
	}
	edits := f.Files[0].Edits
	return &edits[len(edits)-1]
}
