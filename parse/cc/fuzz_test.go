package cc

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/parsetest"
)

// seedConfirm adds the fixtures and the traps.
func seedConfirm(f *testing.F) {
	names, _ := filepath.Glob("../testdata/parse/*.c")
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

func FuzzConfirm(f *testing.F) {
	seedConfirm(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		parsetest.Within(t, len(src), func() { checkConfirm(t, src) })
	})
}

// checkConfirm holds that the second opinion on each call of src is true to itself.
func checkConfirm(t *testing.T, src []byte) {
	file := parse.New("f.c", src)
	for _, fn := range file.Funcs {
		calls := 0
		walkAll(fn.Body(), func(*parse.Stmt) bool { return true }, func(s *parse.Stmt, e *parse.Expr) bool {
			if calls++; e.Kind != parse.XCall || calls > 20 {
				return true
			}
			o := Confirm(fn, e.NamePos)
			if o.Agrees != (o.Reason == "") {
				t.Fatalf("agrees %v but %q", o.Agrees, o.Reason)
			}
			for _, r := range o.Edits {
				if r.Off < fn.BodyPos || r.End > fn.End || r.End < r.Off {
					t.Fatalf("edit %d to %d outside the body", r.Off, r.End)
				}
				// A semicolon put in is told with the statement it ends.
				if r.Kind != parse.RepairMacroStmt && r.Kind != parse.RepairSemicolon && r.Off <= e.NamePos && e.NamePos < r.End {
					t.Fatalf("edit %q covers the call", r.Kind)
				}
			}
			return true
		})
		if err := Parses(fn, [2]int{fn.BodyPos, fn.End}); err == nil {
			if err := Parses(fn); err != nil {
				t.Fatalf("clean, but %v", err)
			}
		}
	}
}
