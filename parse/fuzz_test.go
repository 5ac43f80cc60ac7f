package parse

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/keepatch/keepatch/parse/parsetest"
)

// seed adds the fixtures and the traps.
func seed(f *testing.F) {
	names, _ := filepath.Glob("testdata/parse/*.c")
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	for _, tt := range parsetest.Traps {
		f.Add([]byte(tt.Text(3)))
	}
}

// checkTree holds that every node lies inside its parent, and that the
// functions of one pass do not overlap.
func checkTree(f *File) (err error) {
	fail := func(what string, from, to, a, b int) {
		if err == nil {
			err = fmt.Errorf("%s %d to %d outside %d to %d", what, from, to, a, b)
		}
	}
	var stmt func(s *Stmt, from, to int)
	var expr func(e *Expr, from, to int)
	expr = func(e *Expr, from, to int) {
		if e == nil {
			return
		}
		if e.Pos < from || e.End > to || e.End < e.Pos {
			fail(fmt.Sprintf("expression %d", e.Kind), e.Pos, e.End, from, to)
		}
		expr(e.X, e.Pos, e.End)
		expr(e.Y, e.Pos, e.End)
		expr(e.Z, e.Pos, e.End)
		for _, a := range e.Args {
			expr(a, e.Pos, e.End)
		}
		stmt(e.Block, e.Pos, e.End)
	}
	stmt = func(s *Stmt, from, to int) {
		if s == nil {
			return
		}
		if s.Pos < from || s.End > to || s.End < s.Pos {
			fail(fmt.Sprintf("statement %d", s.Kind), s.Pos, s.End, from, to)
		}
		s.Exprs(func(e *Expr) { expr(e, s.Pos, s.End) })
		for _, d := range s.Decls {
			if d.Pos < s.Pos || d.End > s.End {
				fail("declaration", d.Pos, d.End, s.Pos, s.End)
			}
		}
		stmt(s.Init, s.Pos, s.End)
		stmt(s.Body, s.Pos, s.End)
		stmt(s.Else, s.Pos, s.End)
		for _, c := range s.List {
			if c.Parent != s {
				fail("wrong parent of a statement", c.Pos, c.End, s.Pos, s.End)
			}
			stmt(c, s.Pos, s.End)
		}
	}
	ends := map[int]int{}
	for _, fn := range f.Funcs {
		if fn.Start < 0 || fn.End > len(f.Src) || fn.BodyPos < fn.Start || fn.BodyPos > fn.End {
			fail("function "+fn.Name, fn.Start, fn.End, 0, len(f.Src))
		}
		if fn.Macro == nil {
			if fn.Start < ends[fn.Pass] {
				fail("function "+fn.Name+" overlaps", fn.Start, fn.End, ends[fn.Pass], 0)
			}
			ends[fn.Pass] = fn.End
		}
		stmt(fn.Body(), fn.Start, fn.End)
		for _, r := range fn.Repairs {
			if r.Off < fn.Start || r.Off > fn.End {
				fail("repair "+r.Kind, r.Off, r.End, fn.Start, fn.End)
			}
		}
	}
	for _, d := range f.Decls() {
		if d.Pos < 0 || d.End > len(f.Src) || d.End < d.Pos {
			fail("declaration "+d.Name, d.Pos, d.End, 0, len(f.Src))
		}
	}
	return err
}

func FuzzParse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		var file *File
		parsetest.Within(t, len(src), func() {
			file = New("f.c", src)
			readAll(file)
		})
		if err := checkTree(file); err != nil {
			t.Fatal(err)
		}
		if a, b := dumpFile(file), dumpFile(New("f.c", src)); a != b {
			t.Fatalf("two parses differ:\n%s\n%s", a, b)
		}
		for _, off := range []int{0, len(src) / 2, len(src)} {
			file.FuncsAt(off)
			file.Guards(off)
			file.Dead(off)
			file.Foreign(off, "linux")
		}
	})
}
