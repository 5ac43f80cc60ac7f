// Package programtest builds programs from C texts in tests. A test marks the
// expressions that it asks about as arguments of calls: ask(x), use(y).
package programtest

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// Program is a program that is held in memory.
type Program struct {
	*program.Program
	t testing.TB
}

// Load loads a C text as x.c, or the files of a txtar archive.
func Load(t testing.TB, src string) Program {
	t.Helper()
	files := map[string][]byte{}
	ar := txtar.Parse([]byte(src))
	for _, f := range ar.Files {
		files[f.Name] = f.Data
	}
	if len(files) == 0 {
		files["x.c"] = []byte(src)
	}
	var paths []string
	for p := range files {
		paths = append(paths, p)
	}
	p := program.Load(paths, program.Options{Platform: "linux", Workers: 1, Read: func(path string) ([]byte, error) {
		if b, ok := files[path]; ok {
			return b, nil
		}
		return nil, fs.ErrNotExist
	}})
	if len(p.Errors) > 0 {
		t.Fatalf("%v", p.Errors)
	}
	return Program{p, t}
}

// Func returns the one function of a name.
func (p Program) Func(name string) *program.FuncInfo {
	p.t.Helper()
	var found []*program.FuncInfo
	for _, u := range p.Files {
		u.Tables()
		for _, fn := range u.Funcs[name] {
			found = append(found, u.Info(fn))
		}
	}
	if len(found) != 1 {
		p.t.Fatalf("%d functions %s", len(found), name)
	}
	return found[0]
}

// Calls returns the calls of a name, in order of files and texts.
func (p Program) Calls(name string) []program.Ref {
	p.t.Helper()
	var out []program.Ref
	for _, u := range p.Files {
		fns := slices.Clone(u.Tree().Funcs)
		for _, fn := range fns {
			fi := u.Info(fn)
			for _, c := range fi.Calls {
				if c.Callee() == name && !slices.ContainsFunc(out, func(r program.Ref) bool { return r.Expr == c }) {
					out = append(out, program.Ref{In: fi, Expr: c})
				}
			}
		}
	}
	if len(out) == 0 {
		p.t.Fatalf("no call of %s", name)
	}
	return out
}

// Arg returns the first argument of the first call of a name.
func (p Program) Arg(name string) (*program.FuncInfo, *parse.Expr) {
	p.t.Helper()
	c := p.Calls(name)[0]
	if len(c.Expr.Args) == 0 {
		p.t.Fatalf("%s() without arguments", name)
	}
	return c.In, c.Expr.Args[0]
}

// Text is an expression as it stands, blanks folded.
func Text(f *parse.File, e *parse.Expr) string {
	if e == nil {
		return ""
	}
	return strings.Join(strings.Fields(string(f.Src[e.Pos:e.End])), " ")
}
