package proof

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/templates"
)

// targetOf is the insertion at BLOCK; in function f of a text.
func targetOf(t *testing.T, src string) *compose.Target {
	t.Helper()
	f := parse.New("x.c", []byte(src))
	fn := f.FuncsNamed("f")[0]
	sp, pl := placeOf(t, f, fn, false)
	p := compose.NewComposer(ctree.NewProgram(nil, nil, nil, nil))
	return &compose.Target{Point: anchor.Point{Spot: sp, Place: pl}, Site: &result.Site{Call: "accept"}, Composer: p, Style: p.StyleAt(fn, pl.Offset)}
}

// TestAssigned puts a block with a message or a way out in a function and holds what is
// said of the variables that these name.
func TestAssigned(t *testing.T) {
	const (
		made   = "fd = accept(l, 0, 0); if (fd < 0) return; "
		unset  = "message: p may be unset at the block"
		isNull = "message: p may be NULL at the block"
	)
	for _, tt := range []struct{ name, body, report, leave, want string }{
		{"a parameter", made + "BLOCK;", "log(x);", "", ""},
		{"a name that the function does not declare", made + "BLOCK;", "log(progname);", "", ""},
		{"a value at the declaration", "char *p = name(); " + made + "BLOCK;", "log(p);", "", ""},
		{"no value", "char *p; " + made + "BLOCK;", "log(p);", "", unset},
		{"no value, a way out", "char *p; " + made + "BLOCK;", "", "free(p);", unset},
		{"the name in a literal", "char *p; " + made + "BLOCK;", `log("p");`, "", ""},
		{"a value before the block", "char *p; p = name(); " + made + "BLOCK;", "log(p);", "", ""},
		{"a value behind the block", "char *p; " + made + "BLOCK; p = name();", "log(p);", "", unset},
		{"a value in one arm", "char *p; if (x) p = name(); " + made + "BLOCK;", "log(p);", "", unset},
		{"a value in both arms", "char *p; if (x) p = name(); else p = other(); " + made + "BLOCK;", "log(p);", "", ""},
		{"the arm without a value leaves", "char *p; if (x) p = name(); else return; " + made + "BLOCK;", "log(p);", "", ""},
		{"the arm without a value exits", "char *p; if (x) p = name(); else exit(1); " + made + "BLOCK;", "log(p);", "", ""},
		{"a value in the round before", "char *p; for (;;) { " + made + "BLOCK; p = name(); }", "log(p);", "", unset},
		{"another variable gets the value", "char *p, *q; q = name(); " + made + "BLOCK;", "log(p);", "", unset},
		{"its address is given away", "int p; get(&p); " + made + "BLOCK;", "log(p);", "", ""},
		{"a macro gets it", "int p; GET(p); " + made + "BLOCK;", "log(p);", "", ""},
		{"a function gets it", "int p; get(p); " + made + "BLOCK;", "log(p);", "", unset},
		{"a static variable", "static char *p; " + made + "BLOCK;", "log(p);", "", ""},
		{"a static variable that is NULL at first", "static char *p = NULL; " + made + "BLOCK;", "log(p);", "", ""},
		{"an array", "char p[8]; " + made + "BLOCK;", "log(p);", "", ""},
		{"the value that the block declares", "char *v; " + made + "BLOCK;", "log(v);", "", ""},
		{"the descriptor's own object", "struct conn *p; p->fd = accept(l, 0, 0); if (p->fd < 0) return; BLOCK;", "log(p->fd);", "", ""},

		{"NULL", "char *p = NULL; " + made + "BLOCK;", "log(p);", "", isNull},
		{"0", "char *p = 0; " + made + "BLOCK;", "log(p);", "", isNull},
		{"0 as a number", "int p = 0; " + made + "BLOCK;", "log(p);", "", ""},
		{"0 of a type that may be a pointer", "conn p = 0; " + made + "BLOCK;", "log(p);", "", ""},
		{"0 of a type that is one, by its use", "conn p = 0; " + made + "BLOCK;", "log(p->name);", "", isNull},
		{"NULL, a way out", "char *p = NULL; " + made + "BLOCK;", "", "free(p);", ""},
		{"NULL in one arm", "char *p = name(); if (x) p = NULL; " + made + "BLOCK;", "log(p);", "", isNull},
		{"NULL no longer", "char *p = NULL; p = name(); " + made + "BLOCK;", "log(p);", "", ""},
		{"tested", "char *p = NULL; if (x) p = name(); " + made + "if (p) { BLOCK; }", "log(p);", "", ""},
		{"tested for not being", "char *p = NULL; if (x) p = name(); " + made + "if (!p) { BLOCK; }", "log(p);", "", isNull},
		{"the test leaves", "char *p = NULL; if (x) p = name(); if (!p) return; " + made + "BLOCK;", "log(p);", "", ""},
		{"compared with NULL", "char *p = NULL; if (x) p = name(); if (p == NULL) return; " + made + "BLOCK;", "log(p);", "", ""},
		{"NULL compared with it", "char *p = NULL; if (x) p = name(); if (NULL == p) return; " + made + "BLOCK;", "log(p);", "", ""},
		{"compared for being another", "char *p = NULL; if (x) p = name(); if (p != NULL) return; " + made + "BLOCK;", "log(p);", "", isNull},
		{"a given one that turns out to be NULL", "char *p = name(); " + made + "if (p == NULL) { BLOCK; }", "log(p);", "", isNull},
		{"one without a value that turns out to be NULL", "char *p; if (x) p = name(); " + made + "if (p == NULL) { BLOCK; }", "log(p);", "", unset},
		{"assigned and turned out to be NULL", "char *p; if ((p = name()) == NULL) { " + made + "BLOCK; }", "log(p);", "", isNull},
		{"assigned and tested", "char *p; if ((p = name()) == NULL) return; " + made + "BLOCK;", "log(p);", "", ""},
		{"tested with another", "char *p = NULL; if (x) p = name(); if (!p || !x) return; " + made + "BLOCK;", "log(p);", "", ""},
		{"tested or another", "char *p = NULL; if (x) p = name(); if (!p && !x) return; " + made + "BLOCK;", "log(p);", "", isNull},
		{"a test gives no value", "char *p; if (!p) return; " + made + "BLOCK;", "log(p);", "", unset},
		{"a switch tests nothing", "char *p = NULL; switch (x) { case 1: p = name(); } " + made + "BLOCK;", "log(p);", "", isNull},
		{"a case tells nothing of a pointer", "conn p = name(); " + made + "switch (p) { case 1: x = 2; BLOCK; }", "log(p->name);", "", ""},
		{"a macro leaves NULL", "char *p = NULL; GET(p); " + made + "BLOCK;", "log(p);", "", isNull},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := targetOf(t, "void f(int l, int x)\n{\n\tint fd = -1;\n\t"+tt.body+"\n}\n")
			var b templates.Block
			if tt.report != "" {
				b.Report = []string{tt.report}
			}
			if tt.leave != "" {
				b.Leave = []string{tt.leave}
			}
			if got := Assigned(tg, &b, &optval.Value{Name: "v"}).String(); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestAssignedPattern takes the message from further down: what is NULL there as well
// is none of the block's faults.
func TestAssignedPattern(t *testing.T) {
	for _, tt := range []struct{ name, between, want string }{
		{"NULL there, too", "", ""},
		{"given there", "\tp = name();\n", "message: p may be NULL at the block"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := targetOf(t, "void f(int l, struct sockaddr *a)\n{\n\tint fd = -1;\n\tchar *p = NULL;\n\tfd = accept(l, 0, 0);\n\tif (fd < 0)\n\t\treturn;\n\tBLOCK;\n"+tt.between+
				"\tint on = 1;\n\tif (setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)) < 0) {\n\t\tfprintf(stderr, \"%s: SO_OOBINLINE failed\\n\", p);\n\t}\n\tserve(fd);\n}\n")
			tg.Idiom = tg.Composer.IdiomFor(tg)
			if tg.Idiom.Pattern() == nil || !strings.Contains(strings.Join(tg.Idiom.Report, ""), ", p)") {
				t.Fatalf("the block says %q", tg.Idiom.Report)
			}
			b := &templates.Block{Report: tg.Idiom.Report}
			got := Assigned(tg, b, &optval.Value{Name: "on"})
			if got.String() != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if got != nil { // another pattern first, then none
				var pl compose.Plain
				if !got.Drop(&pl) || pl.Stays {
					t.Errorf("the pattern is kept: %+v", pl)
				}
				if !got.Drop(&pl) || !pl.Stays {
					t.Errorf("the block does not go on: %+v", pl)
				}
				if got.Drop(&pl) {
					t.Errorf("there is more to do without than %+v", pl)
				}
			}
		})
	}
}

// TestSameAs holds which local stands for a member of what is not there yet.
func TestSameAs(t *testing.T) {
	const made = "fd = accept(l, 0, 0); if (fd < 0) return; "
	for _, tt := range []struct{ name, locals, stmt, member, local string }{
		{"a parameter has the name", "", "log(c->a);", "c->a", "a"},
		{"a local that is given", "char *b = name(); ", "log(c->b);", "c->b", "b"},
		{"a local without a value", "char *b; ", "log(c->b);", "", ""},
		{"a number", "", "log(c->x);", "", ""},
		{"no local of that name", "", "log(c->z);", "", ""},
		{"two members", "char *b = name(); ", "log(c->a, c->b);", "", ""},
		{"a member whose name begins with the other's", "char *ab = name(); ", "log(c->ab, c->a);", "", ""},
		{"one member twice", "", "log(c->a, c->a);", "c->a", "a"},
		{"the object itself, too", "", "log(c, c->a);", "", ""},
		{"no member", "", "log(c);", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := targetOf(t, "void f(int l, int x, char *a)\n{\n\tint fd = -1; struct conn *c; "+tt.locals+made+"BLOCK;\n\tc = make();\n}\n")
			member, local := newAssigned(tg).sameAs(tg, tt.stmt, "c")
			if local == "" {
				member = "" // of no account
			}
			if member != tt.member || local != tt.local {
				t.Errorf("%q %q, want %q %q", member, local, tt.member, tt.local)
			}
			if got := Assigned(tg, &templates.Block{Report: []string{tt.stmt}}, &optval.Value{}); got == nil {
				t.Error("c has a value")
			} else if tt.local != "" {
				var pl, again compose.Plain
				again.Alias(tt.member, tt.local)
				if !got.Drop(&pl) || pl.Stays || pl.Alias(tt.member, tt.local) {
					t.Errorf("%s does not stand for %s", tt.local, tt.member)
				}
			}
		})
	}
}

// TestAssignedOrder holds that the first breach is the one that is told, messages before
// the way out.
func TestAssignedOrder(t *testing.T) {
	tg := targetOf(t, "void f(int l)\n{\n\tint fd = -1; char *p, *q;\n\tfd = accept(l, 0, 0); if (fd < 0) return; BLOCK;\n}\n")
	got := Assigned(tg, &templates.Block{Report: []string{"log(q);"}, Leave: []string{"free(p);"}}, &optval.Value{}).String()
	if want := "message: q may be unset at the block"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
