package parse

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var kinds = []struct {
	name string
	hash func(string) uint32
}{
	{"func", FuncHash}, {"var", VarHash}, {"type", TypeHash}, {"init", InitHash},
	{"enum", EnumHash}, {"macro", MacroHash}, {"member", MemberHash}, {"call", CallHash},
}

// TestWordKinds says as what the index enters a name. More than is true costs
// time; less would be a definition that nobody finds.
func TestWordKinds(t *testing.T) {
	for _, tt := range []struct{ src, name, want string }{
		{"int f(int a) { return a; }", "f", "func"},
		{"int f(a)\nint a;\n{ return a; }", "f", "func"},
		{"int\nf(int a)\n{\n}", "f", "func"},
		{"int f(int a);", "f", ""},
		{"int f(int a), g(void);", "f", ""},
		{"int f(int a) __attribute__((pure));", "f", "func"},
		{"int f(int a /* ) */,\n#if A\n int b)\n#else\n int c)\n#endif\n{\n}", "f", "func"},
		{"#define f(x) ((x) + 1)", "f", "func macro"},
		{"#define f 1", "f", "macro"},
		{"int v;", "v", "var"},
		{"int *v = 0, w[2];", "w", "var"},
		{"int (*v)(int);", "v", "func var type"},
		{"int v __attribute__((unused));", "v", "func var type"},
		{"typedef int v;", "v", "type"},
		{"typedef int (*v)(int);", "v", "func var type"},
		{"typedef struct { int a; } v;", "v", "var type"},
		{"struct v { int a; };", "v", "func type"},
		{"struct v;", "v", "var"},
		{"struct v f(void);", "v", ""},
		{"struct v a = { 1 };", "v", "init"},
		{"static const v a[] = {\n { 1 },\n};", "v", "init"},
		{"v a = {1}, b = {2}; v c;", "v", "init"},
		{"v a = 1;", "v", ""},
		{"v *f(void) { int a[] = {1}; }", "v", ""},
		{"int g = 1; v f(void) { return 1; }", "v", ""},
		{"enum { V, W = 2 };", "W", "enum"},
		{"enum v f(void) { return V; }", "f", "func"},
		{"struct s { enum e { V, W } v; };", "W", "enum"},
		{"enum v a[] = { V };", "v", "init"},
		{"enum __attribute__((packed)) { V };", "V", "enum"},
		{"typedef void (v)(int);", "v", "func var type"},
		{"int (v)(int a) { return a; }", "v", "func var type"},
		{"int f(char *UNUSED(a), int b) { return b; }", "f", "func"},
		{"int (*f(int a))(int) { return 0; }", "f", "func"},
		{"struct v { int a; } b = { 1 };", "v", "func type init"},
		{"struct a { struct v { int b; } c; };", "v", "type"},
		{"#define f socket(1, 2, 3)", "f", "func macro"},
		{"void f(void) { a->v = b.v; }", "v", "member"},
		{"void f(void) { fd = socket (1, 2, 3); }", "socket", "call"},
		{"void f(void) { fd = (socket)(1, 2, 3); }", "socket", "call"},
		{"void f(void) { fd = a->accept(1); }", "accept", "member"},
		{"void f(void) { int socket = 1; }", "socket", ""},
		{"#define S(a) socket(a, 1, 0)", "socket", "call"},
		{"void f(void) { fd = accept /* the next */ (1, 0, 0); }", "accept", "call"},
	} {
		var w Words
		hashes, _ := w.Scan([]byte(tt.src))
		var got []string
		for _, k := range kinds {
			if slices.Contains(hashes, k.hash(tt.name)) {
				got = append(got, k.name)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q: %s is %q, want %q", tt.src, tt.name, s, tt.want)
		}
	}
}

// TestWordsMissNothing holds the index against the trees: what these define has
// to be entered as that.
func TestWordsMissNothing(t *testing.T) {
	names := 0
	for _, root := range []string{"../testdata", "testdata", "../detect/testdata", "../rewrite"} {
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
	var w Words
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
			want(fn.Name, fn.NamePos, FuncHash(fn.Name), "func")
		}
	}
	for _, m := range f.Macros {
		want(m.Name, m.Off, MacroHash(m.Name), "macro")
	}
	var tags func(d *Decl)
	tags = func(d *Decl) {
		if def := d.Type.Def; def != nil {
			want(def.Tag, d.Pos, TypeHash(def.Tag), "type")
			for _, m := range def.Fields {
				tags(m)
			}
		}
	}
	for _, d := range f.Decls() {
		switch {
		case d.Enum:
			want(d.Name, d.NamePos, EnumHash(d.Name), "enum")
			continue
		case d.Typedef:
			want(d.Name, d.NamePos, TypeHash(d.Name), "type")
		case !d.Type.Func && f.Toks[f.TokAt(d.NamePos)+1].Kind != Ident: // a macro before the type shifts them
			want(d.Name, d.NamePos, VarHash(d.Name), "var")
		}
		if d.Type.Def != nil && d.Type.Def.Tag != "" {
			want(d.Type.Def.Tag, d.Pos, TypeHash(d.Type.Def.Tag), "type")
		}
		if d.Init != nil && d.Init.Kind == XInit && d.Type.Base != "" {
			base := d.Type.Base[strings.LastIndexByte(d.Type.Base, ' ')+1:]
			if !strings.Contains(base, "@") {
				want(base, d.Pos, InitHash(base), "init")
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
		case LBrace:
			depth++
		case RBrace:
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
			if k.Kind == Ident {
				want[f.Text(k)] = append(want[f.Text(k)], int32(i))
			}
		}
		for name, list := range want {
			seen[bucketOf(name)] = true
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
