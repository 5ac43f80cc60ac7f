package cc

import (
	"strings"
	"sync"
	"testing"

	"github.com/keepatch/keepatch/parse"
)

// callIn makes a file of one function and returns it with the offset of the
// call of socket in it.
func callIn(t *testing.T, src string) (*parse.Func, int) {
	t.Helper()
	text := "int f(int a)\n{\n" + src + "\n}\n"
	f := parse.New("t.c", []byte(text))
	if len(f.Funcs) == 0 {
		t.Fatalf("no function in %q", text)
	}
	return f.Funcs[0], strings.Index(text, "socket(")
}

func TestConfirm(t *testing.T) {
	tests := []struct {
		name, src string
		reason    string // "" where cc agrees
		edits     string // kinds
	}{
		{"plain", "int fd = socket(1, 2, 3);", "", ""},
		{"assignment", "fd = socket(AF_INET, SOCK_STREAM, 0);", "", ""},
		{"condition", "if ((fd = socket(1, 2, 3)) < 0) {\n return -1;\n}", "", ""},
		{"if else", "if ((fd = socket(1, 2, 3)) < 0)\n a(); else\n b();", "", ""},
		{"while", "while ((fd = socket(1, 2, 3)) < 0) x();", "", ""},
		{"do", "do { x(); } while ((fd = socket(1, 2, 3)) < 0);", "", ""},
		{"for init", "for (fd = socket(1, 2, 3); fd < 0; fd++) ;", "", ""},
		{"for declaration", "for (int fd = socket(1, 2, 3); fd < 0; fd++) { }", "", ""},
		{"for post", "for (;; fd = socket(1, 2, 3)) x();", "", ""},
		{"switch", "switch (socket(1, 2, 3)) { case 1: break; }", "", ""},
		{"return", "return socket(1, 2, 3);", "", ""},
		{"label", "again: fd = socket(1, 2, 3);", "", ""},
		{"case", "switch (a) { case 1: fd = socket(1, 2, 3); default: ; }", "", ""},
		{"label before a declaration", "x: ; int fd = socket(1, 2, 3);", "", ""},
		{"statement expression", "x = ({ int s = socket(1, 2, 3); s; });", "", ""},
		{"argument", "check(socket(1, 2, 3), \"so\\\"ck\" PRI \"et\");", "", "word between literals"},
		{"cast", "(void)socket(1, 2, 3);", "", ""},
		{"typedefs", "conn_t *c = (conn_t *)x; my_fd s = socket(1, 2, 3); size_t n = sizeof(conn_t);", "", ""},
		{"attribute", "__attribute__((unused)) int s = socket(1, 2, 3);", "", ""},
		{"literals", "char *x = L\"a\" \"b\\\n c\", y = '\\'', z = u8\"\xfc\"; s = socket(1, 2, 3);", "", ""},
		{"names", "\xe4$ = __FILE__; __COUNTER__; _Static_assert(1, \"\"); s = socket(1, 2, 3);", "", ""},
		{"digraphs", "<% s<:0:> = socket(1, 2, 3); %>", "", ""},
		{"continuation", "s = soc\\\nket(1); s = socket(1, 2, 3);", "", ""},
		{"asm", "asm volatile (\"x\" : \"=r\"(a)); s = socket(1, 2, 3);", "", ""},
		{"undefined label", "if (a) goto out; s = socket(1, 2, 3);", "", ""},
		{"label at the end", "s = socket(1, 2, 3); out:", "", ""},
		{"extension", "s = __extension__ socket(1, 2, 3);", "", ""},
		{"macro statement", "TRACE((\"x\"))\ns = socket(1, 2, 3);", "", "macro without semicolon"},
		{"macro statement around", "CHK(s = socket(1, 2, 3))\nfoo();", "", "macro without semicolon"},
		{"macro statement at a brace", "{CHK(s = socket(1, 2, 3))}", "", "macro without semicolon"},
		{"macro block", "FOREACH(a, b) { s = socket(1, 2, 3); }", "", "macro heads a block"},
		{"macro block without arguments", "forever { s = socket(1, 2, 3); }", "", "macro heads a block"},
		{"macro block with a type", "EACH(x, struct y *, z) { s = socket(1, 2, 3); } END(z);", "", "macro heads a block macro heads a block"},
		{"macro block with the call", "EACH(x, socket(1, 2, 3)) { }", "", "macro heads a block"},
		{"type argument", "x = va_arg(ap, struct y *); s = socket(1, 2, 3);", "", "type as an argument"},
		{"type beside the call", "x = wrap(struct y, socket(1, 2, 3));", "", "type as an argument"},
		{"empty argument", "x = M(, , a); s = socket(1, 2, 3);", "", "arguments that are no expressions arguments that are no expressions"},
		{"operator argument", "x = M(a, <, b); s = socket(1, 2, 3);", "", "arguments that are no expressions"},
		{"macro in a condition", "if LIKELY(a) s = socket(1, 2, 3);", "", "word in a declaration"},
		{"macro in a declaration", "int x UNUSED = 1, s = socket(1, 2, 3);", "", "word in a declaration"},
		{"type macro", "STACK_OF(X) *x; s = socket(1, 2, 3);", "", "word in a declaration"},
		{"macro label", "switch (a) { CASE(1): s = socket(1, 2, 3); }", "", "word in a declaration"},
		{"macro in a cast", "x = (struct y FAR *)z; s = socket(1, 2, 3);", "", "word in a declaration"},
		{"else without if", "x();\nelse\ny(); s = socket(1, 2, 3);", "", "else without if"},
		{"opaque", "foo 1 bar; s = socket(1, 2, 3);", "", "statement not understood"},

		{"opaque with the call", "foo 1 socket(1, 2, 3) bar;", "cc: ", ""},
		{"unbalanced", "if (a { s = socket(1, 2, 3);", "unbalanced", ""},
		{"unterminated string", "x = \"abc\n; s = socket(1, 2, 3);", "unterminated string", ""},
		{"unterminated char", "x = 'a\n; s = socket(1, 2, 3);", "unterminated char", ""},
		{"other bytes", "@ s = socket(1, 2, 3);", "no C", ""},
		{"hash", "s = #socket(1, 2, 3);", "no C", ""},
		{"too deep", "s = socket(1, 2, 3); x = " + strings.Repeat("(", 250) + "1" + strings.Repeat(")", 250) + ";", "nested too deeply", ""},
		{"too large", "s = socket(1, 2, 3);" + strings.Repeat("a;", 40000), "too large", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fn, off := callIn(t, tt.src)
			o := Confirm(fn, off)
			if o.Agrees != (tt.reason == "") || !strings.Contains(o.Reason, tt.reason) {
				t.Errorf("agrees %v, %q; want %q", o.Agrees, o.Reason, tt.reason)
			}
			var kinds []string
			for _, e := range o.Edits {
				kinds = append(kinds, e.Kind)
			}
			if got := strings.Join(kinds, " "); got != tt.edits {
				t.Errorf("edits %q, want %q", got, tt.edits)
			}
		})
	}
}

// TestConfirmDisagrees makes the own tree wrong on purpose: cc must see it.
func TestConfirmDisagrees(t *testing.T) {
	tests := []struct {
		name, src string
		spoil     func(call *parse.Expr, stmt *parse.Stmt)
		want      string
	}{
		{"arguments", "s = socket(1, 2, 3);", func(c *parse.Expr, _ *parse.Stmt) { c.Args = c.Args[:2] }, "counts 3 arguments"},
		{"start", "x(); s = socket(1, 2, 3);", func(_ *parse.Expr, s *parse.Stmt) { s.Pos -= 5 }, "sees the statement"},
		{"end", "s = socket(1, 2, 3); x();", func(_ *parse.Expr, s *parse.Stmt) { s.End += 5 }, "sees the statement"},
		{"kind", "s = socket(1, 2, 3);", func(_ *parse.Expr, s *parse.Stmt) { s.Kind = parse.SReturn }, "another kind"},
		{"offset", "s = socket(1, 2, 3);", func(c *parse.Expr, _ *parse.Stmt) { c.NamePos -= 4; c.Pos -= 4; c.X.Pos -= 4 }, "no call"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fn, off := callIn(t, tt.src)
			call, stmt := callAt(fn, off)
			tt.spoil(call, stmt)
			o := Confirm(fn, call.NamePos)
			if o.Agrees || !strings.Contains(o.Reason, tt.want) {
				t.Errorf("agrees %v, %q; want %q", o.Agrees, o.Reason, tt.want)
			}
		})
	}
	fn, off := callIn(t, "s = socket(1, 2, 3);")
	if o := Confirm(fn, off+1); o.Agrees || o.Reason != "no call at this offset" {
		t.Errorf("%+v", o)
	}
	fn, _ = callIn(t, "s = (socket)(1, 2, 3);")
	if o := Confirm(fn, strings.Index(string(fn.File.Src), "socket")); !o.Agrees {
		t.Errorf("a name in parentheses: %+v", o)
	}
	macro := parse.New("t.c", []byte("#define M(x) socket(x, 1, 2)\n")).Funcs[0]
	if o := Confirm(macro, macro.BodyPos); o.Agrees || o.Reason != "the body of a macro" {
		t.Errorf("%+v", o)
	}
}

func TestTouched(t *testing.T) {
	fn, off := callIn(t, "TRACE(x)\ns = socket(1, 2, 3);\nreturn s;")
	o := Confirm(fn, off)
	trace := strings.Index(string(fn.File.Src), "TRACE")
	if !o.Touched(trace, off) || o.Touched(off, fn.End) || o.Touched(0, trace) {
		t.Errorf("%+v", o)
	}
}

func TestParses(t *testing.T) {
	tests := []struct {
		name, src, keep, want string // keep is the text that must stand as it is
	}{
		{"plain", "if (a) { b(); }", "b();", ""},
		{"macro elsewhere", "TRACE(x)\nif (a) { b(); }", "b();", ""},
		{"opaque elsewhere", "foo 1 bar;\nif (a) { b(); }", "b();", ""},
		{"macro in the block", "TRACE(x)\nif (a) { b(); }", "TRACE(x)", "macro without semicolon"},
		{"opaque block", "foo 1 bar;\nif (a) { b(); }", "foo 1 bar;", "cc: "},
		{"semicolon missing", "int on = 1\nsetsockopt(fd, &on);", "int on = 1\nsetsockopt(fd, &on);", "cc: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fn, _ := callIn(t, tt.src)
			from := strings.Index(string(fn.File.Src), tt.keep)
			err := Parses(fn, [2]int{from, from + len(tt.keep)})
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if tt.name != "semicolon missing" {
				if err := Parses(fn); err != nil {
					t.Errorf("without a range: %v", err)
				}
			}
		})
	}
}

// TestConfirmParallel is for the race detector.
func TestConfirmParallel(t *testing.T) {
	fn, off := callIn(t, "conn_t *c; TRACE(x)\ns = socket(1, 2, 3);")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if o := Confirm(fn, off); !o.Agrees {
					t.Error(o.Reason)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkConfirm(b *testing.B) {
	text := "int f(int a)\n{\n" + strings.Repeat("\tif (a < 0) {\n\t\tTRACE((\"x\"))\n\t\tfoo(a, \"b\", *c);\n\t}\n", 40) + "\ts = socket(1, 2, 3);\n}\n"
	f := parse.New("t.c", []byte(text))
	off := strings.Index(text, "socket")
	b.ReportAllocs()
	for b.Loop() {
		if o := Confirm(f.Funcs[0], off); !o.Agrees {
			b.Fatal(o.Reason)
		}
	}
}
