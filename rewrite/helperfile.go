package rewrite

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/include"
	"github.com/keepatch/keepatch/rewrite/newfunc"
	"github.com/keepatch/keepatch/rewrite/proof"
	"github.com/keepatch/keepatch/templates"
)

// sharedHelper puts one function for all files into the file that the user
// named; the others get its prototype after their includes. A fix for which
// that is not certain stays inline.
func (m *maker) sharedHelper(fixes []*Fix) error {
	home, err := m.helperHome()
	if err != nil {
		return err
	}
	if !m.proj.Includes(home, "sys/socket.h") {
		return fmt.Errorf("%s does not include <sys/socket.h>", home.Path)
	}
	name := newfunc.Name(m.proj.Program, home)
	if name == "" || len(fixes) == 0 {
		return nil
	}
	var inside []*Fix
	for _, fix := range fixes {
		if fix.target.Spot.File.Path == home.Path {
			inside = append(inside, fix)
		}
	}
	at, ok := len(home.Src), true
	if len(inside) > 0 {
		var guards []string
		at, guards, ok = newfunc.Place(home, firstOf(inside).Spot.Func, placesOf(inside))
		ok = ok && guards == nil // the calls of the other files need it, too
	}
	if !ok || at > 0 && home.Src[at-1] != '\n' {
		return fmt.Errorf("%s: no safe place for the function", home.Path)
	}
	pattern := m.patternOf(inside) // messages of other files may not exist here
	text, ok := m.helperText(home, name, pattern, fixes, false)
	if !ok {
		return fmt.Errorf("%s: the function could not be written", home.Path)
	}
	eol := fixes[0].target.Style.EOL
	text = strings.Replace(text, "static void", "void", 1)
	if len(inside) == 0 {
		text = eol + strings.TrimSuffix(text, eol)
	}
	shared := []edit.Edit{edit.Insert(at, text)}
	if m.opt.Timers.Any() {
		inc, ok := include.Timers(m.proj.Program, home, -1, eol)
		if !ok {
			return fmt.Errorf("%s: no safe place for #include <netinet/tcp.h>", home.Path)
		}
		shared = append(inc, shared...)
	}
	out, err := edit.Apply(home.Src, shared)
	if err != nil {
		return err
	}
	if g := parse.New(home.Path, out); len(g.Problems) > len(home.Problems) || proof.CountFunctions(g) != proof.CountFunctions(home)+1 {
		return fmt.Errorf("%s: the patched file no longer parses as before", home.Path)
	}
	typ, ok := fdType(fixes)
	if !ok {
		return fmt.Errorf("the descriptors are of different types")
	}
	proto := "void " + name + fixes[0].target.Style.CallGap + "(" + typ + " fd);"
	for _, fix := range fixes {
		m.callShared(fix, home, name, proto, shared)
	}
	return nil
}

// callShared turns one block into a call of the shared function.
func (m *maker) callShared(fix *Fix, home *parse.File, name, proto string, shared []edit.Edit) {
	t := fix.target
	f := t.Spot.File
	canonical, err := m.opt.Templates.RenderNamed("inline.tmpl", templates.Block{FD: t.Spot.FD, Helper: name, Ignore: true,
		Test: t.FullTest(t.gateTest), Set: name + t.Style.CallGap + "(" + t.Style.Pad + t.Spot.FD + t.Style.Pad + ")"})
	if err != nil {
		return
	}
	block := t.Insertion(t.Style.Layout(t.Place.Base, canonical), true)
	if f.Path == home.Path {
		all := append(append(append([]edit.Edit(nil), shared...), t.Place.Braces...), block)
		if why := m.prover.Prove(&t.Target, all, 1); why == "" {
			fix.Files = []FileEdits{{Path: f.Path, Edits: all}}
		}
		return
	}
	at, ok := newfunc.AfterIncludes(f)
	if !ok || at > block.Start {
		return
	}
	all := append([]edit.Edit{edit.Insert(at, t.Style.EOL+proto+t.Style.EOL)},
		append(t.Place.Braces[:len(t.Place.Braces):len(t.Place.Braces)], block)...)
	if why := m.prover.Prove(&t.Target, all, 0); why == "" {
		fix.Files = []FileEdits{{Path: f.Path, Edits: all}, {Path: home.Path, Edits: shared}}
	}
}

// helperHome is the file that takes the shared function.
func (m *maker) helperHome() (*parse.File, error) {
	name := path.Clean(filepath.ToSlash(m.opt.HelperFile))
	for _, f := range m.proj.Files {
		if path.Clean(f.Path) == name {
			return f, nil
		}
	}
	read := m.opt.Read
	if read == nil {
		read = os.ReadFile
	}
	src, err := read(m.opt.HelperFile)
	if err != nil {
		return nil, err
	}
	if m.proj.extra == nil {
		m.proj.extra = map[string][]byte{}
	}
	m.proj.extra[name] = src
	return parse.New(name, src), nil
}

func firstOf(fixes []*Fix) *task {
	first := fixes[0].target
	for _, fix := range fixes {
		if fix.target.Place.Offset < first.Place.Offset {
			first = fix.target
		}
	}
	return first
}

// patchable are the fixes that carry a block of their own.
func patchable(plan *Plan, printed map[*Fix]bool, timers bool) []*Fix {
	var out []*Fix
	for _, fix := range plan.Fixes {
		if printed[fix] && fix.Status == result.FixPatch && fix.target != nil &&
			fix.target.Idiom != nil && (fix.target.timers.Any() || !timers) {
			out = append(out, fix)
		}
	}
	return out
}
