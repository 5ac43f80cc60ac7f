package parse

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse/token"
)

// TestWordsMissNothing holds the index against the trees: what these define has
// to be entered as that.
func TestWordsMissNothing(t *testing.T) {
	names := 0
	for _, root := range []string{"testdata", "../detect", "../rewrite"} {
		n, missing := indexed(t, root)
		names += n
		for _, m := range missing {
			t.Error(m)
		}
	}
	if names < 500 {
		t.Errorf("only %d names were looked at", names)
	}
}

// TestCorpusWords does the same with real packages, which hold a few pieces that
// are no C: functions cut in two files, parameters with a semicolon between.
func TestCorpusWords(t *testing.T) {
	root := os.Getenv("KEEPATCH_CORPUS")
	if root == "" {
		t.Skip("KEEPATCH_CORPUS is not set")
	}
	n, missing := indexed(t, root)
	t.Logf("%d of %d names are not in the index as what they are", len(missing), n)
	if len(missing)*2000 > n {
		t.Error(strings.Join(missing, "\n"))
	}
}

// indexed counts the names that the files below a folder define, and lists
// those that the index does not have.
func indexed(t *testing.T, root string) (names int, missing []string) {
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".c") && !strings.HasSuffix(path, ".h") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil || len(src) > 4<<20 {
			return err
		}
		n, m := notIndexed(New(path, src))
		names += n
		missing = append(missing, m...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, missing
}

// notIndexed counts what the file defines and lists what of it is missing.
func notIndexed(f *File) (names int, out []string) {
	var w token.Words
	hashes, _ := w.Scan(f.Src)
	has := map[uint32]bool{}
	for _, h := range hashes {
		has[h] = true
	}
	want := func(name string, off int, hash uint32, kind string) {
		if name == "" {
			return
		}
		if names++; !has[hash] {
			out = append(out, fmt.Sprintf("%s:%d: %s is no %s of the index", f.Path, f.Lines().Line(off), name, kind))
		}
	}
	for _, fn := range f.Funcs {
		if !inClass(f, fn.NamePos) {
			want(fn.Name, fn.NamePos, token.FuncHash(fn.Name), "func")
		}
	}
	for _, m := range f.Macros {
		want(m.Name, m.Off, token.MacroHash(m.Name), "macro")
	}
	var tags func(d *Decl)
	tags = func(d *Decl) {
		if def := d.Type.Def; def != nil {
			want(def.Tag, d.Pos, token.TypeHash(def.Tag), "type")
			for _, m := range def.Fields {
				tags(m)
			}
		}
	}
	for _, d := range f.Decls() {
		switch {
		case d.Enum:
			want(d.Name, d.NamePos, token.EnumHash(d.Name), "enum")
			continue
		case d.Typedef:
			want(d.Name, d.NamePos, token.TypeHash(d.Name), "type")
		case !d.IsFunc && f.Toks[f.TokAt(d.NamePos)+1].Kind != token.Ident: // a macro before the type shifts them
			want(d.Name, d.NamePos, token.VarHash(d.Name), "var")
		}
		if d.Type.Def != nil && d.Type.Def.Tag != "" {
			want(d.Type.Def.Tag, d.Pos, token.TypeHash(d.Type.Def.Tag), "type")
		}
		if d.Init != nil && d.Init.Kind == XInit && d.Type.Base != "" && !d.Type.Func {
			base := d.Type.Base[strings.LastIndexByte(d.Type.Base, ' ')+1:]
			if !strings.Contains(base, "@") {
				want(base, d.Pos, token.InitHash(base), "init")
			}
		}
	}
	return names, out
}

// inClass reports whether a function is a member of a C++ class, which is
// called through an object and never by its name alone.
func inClass(f *File, off int) bool {
	depth := 0
	for _, t := range f.Toks[:f.TokAt(off)] {
		switch t.Op {
		case token.LBrace:
			depth++
		case token.RBrace:
			depth--
		}
	}
	return depth > 0 && bytes.Contains(f.Src[:off], []byte("class "))
}

// TestIdents finds by the buckets what a walk over all tokens finds.
func TestIdents(t *testing.T) {
	seen := map[uint8]bool{}
	paths, _ := filepath.Glob("testdata/parse/*.c")
	for _, path := range append(paths, "made up") {
		src, _ := os.ReadFile(path)
		for i := 0; path == "made up" && i < 26*26; i++ {
			src = fmt.Appendf(src, "int %cx%c;\n", 'a'+i/26, 'a'+i%26)
		}
		f := New(path, src)
		want := map[string][]int32{}
		for i, k := range f.Toks {
			if k.Kind == token.Ident {
				want[f.Text(k)] = append(want[f.Text(k)], int32(i))
			}
		}
		for name, list := range want {
			seen[token.BucketOf(name)] = true
			if got := f.Idents(name); !slices.Equal(got, list) {
				t.Errorf("%s: %s at %v, want %v", path, name, got, list)
			}
		}
		if got := f.Idents("in_no_file"); len(got) > 0 {
			t.Errorf("%s: in_no_file at %v", path, got)
		}
	}
	if !seen[255] || !seen[0] {
		t.Error("no name is in the first or the last bucket")
	}
}
