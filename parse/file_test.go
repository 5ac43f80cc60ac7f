package parse

import "testing"

// TestProse holds that what stands in #if 0 is no problem, and that code after
// it is read as ever.
func TestProse(t *testing.T) {
	f := New("t.c", []byte("#if 0\nDon't read this: it's \"prose\n /* but closed */\n#endif\nint f(void) { return 'x'; }\n"))
	if len(f.Problems) != 0 {
		t.Errorf("problems: %v", f.Problems)
	}
	if len(f.Funcs) != 1 || f.Funcs[0].Name != "f" {
		t.Errorf("functions: %v", f.Funcs)
	}
	f = New("t.c", []byte("int a; /* open\nint f(void) { }\n"))
	if len(f.Problems) != 1 || f.Problems[0].Msg != "unterminated comment" || f.Problems[0].Off != 7 {
		t.Errorf("problems: %v", f.Problems)
	}
}
