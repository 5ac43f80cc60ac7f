// Package patchtest makes the programs that tests of the readers of arguments extend.
package patchtest

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// layout indents with tabs.
type layout struct{}

func (layout) Layout(base, canonical string) (out []string) {
	for _, l := range strings.Split(strings.TrimSuffix(canonical, "\n"), "\n") {
		if strings.HasPrefix(l, "}") {
			base = strings.TrimSuffix(base, "\t")
		}
		out = append(out, base+l)
		if strings.HasSuffix(l, "{") {
			base += "\t"
		}
	}
	return out
}

func (layout) Call(name string, args ...string) string {
	return name + "(" + strings.Join(args, ", ") + ")"
}

func (layout) Deeper(base string) string { return base + "\t" }

func (layout) Head(result, name, params string, body []string) []string {
	return append([]string{result + " " + name + "(" + params + ")"}, body...)
}

func (layout) Comment(text string) string { return "/* " + text + " */" }

func (layout) EOL() string { return "\n" }

// Program is one program in memory, with an empty patch for it.
type Program struct {
	Patch *patch.Patch
	Nodes []*program.Node
	Prog  *program.Program
	File  *parse.File
}

// Load reads x.c, whose main() is the program. manuals are files that are no C.
func Load(t testing.TB, src string, manuals map[string]string) *Program {
	t.Helper()
	read := func(name string) ([]byte, error) {
		if name == "x.c" {
			return []byte(src), nil
		}
		if m, ok := manuals[name]; ok {
			return []byte(m), nil
		}
		return nil, fmt.Errorf("no file %s", name)
	}
	f := parse.New("x.c", []byte(src))
	files := []string{"x.c"}
	tree := program.NewTree(files, []*parse.File{f}, read, func() []string { return nil }, nil, func(string) bool { return false })
	if len(tree.Funcs["main"]) != 1 {
		t.Fatal("no main()")
	}
	p := &program.Program{Main: tree.Funcs["main"][0]}
	p.Steps = tree.Reach(p.Main)
	out := &Program{Prog: p, File: f}
	for n := range p.Steps {
		if !n.Macro {
			out.Nodes = append(out.Nodes, n)
		}
	}
	sort.Slice(out.Nodes, func(a, b int) bool { return out.Nodes[a].Forms[0].Start < out.Nodes[b].Forms[0].Start })
	out.Patch = &patch.Patch{
		Host: &patch.Host{
			Files: files, Read: read, Parsed: []*parse.File{f},
			Manuals: func() (names []string) {
				for n := range manuals {
					names = append(names, n)
				}
				sort.Strings(names)
				return names
			},
			Style: func(*parse.Func, int) patch.Layout { return layout{} },
			Leaves: func(f *parse.File, s *parse.Stmt) bool {
				return s != nil && strings.Contains(string(f.Src[s.Pos:s.End]), "exit(")
			},
			Include: func(*parse.File, string) ([]edit.Edit, bool) { return nil, true },
		},
		Tree: tree, Variable: "ka", Edits: map[*parse.File][]edit.Edit{}, Other: map[string]*patch.FileChange{},
		Reads: map[*parse.File]bool{}, NewFuncs: map[*parse.File]int{},
		Readers: map[*parse.File][]*parse.Func{}, Above: map[*parse.File]int{},
	}
	return out
}

// Inserted lists what the patch inserts into x.c in the order of the text, blanks folded,
// without the function that reads the argument.
func (p *Program) Inserted() (out []string) {
	list := append([]edit.Edit(nil), p.Patch.Edits[p.File]...)
	sort.SliceStable(list, func(a, b int) bool { return list[a].Start < list[b].Start })
	for _, e := range list {
		if s := strings.Join(strings.Fields(e.New), " "); !strings.Contains(s, "strtol(") {
			out = append(out, s)
		}
	}
	return out
}

// Patched is x.c with the patch.
func (p *Program) Patched(t testing.TB) string {
	t.Helper()
	n := p.Patch.NewFuncs[p.File]
	if p.Patch.Reads[p.File] {
		n++
	}
	changes, err := p.Patch.Changes(map[*parse.File]int{p.File: n})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if c.Path == "x.c" {
			text, err := edit.Apply(c.Src, c.Edits)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
	}
	return string(p.File.Src)
}

// Case is one program and what its switch is.
type Case struct {
	Name, Src string
	// Want is the option as it is spelled, "" where the form is not recognised, or
	// "error: " with the reason.
	Want     string
	Inserted []string
}

// Extend holds the cases of one reader.
func Extend(t *testing.T, cases []Case, find func(*patch.Patch, []*program.Node, *program.Program) (patch.Form, error)) {
	for _, tt := range cases {
		t.Run(tt.Name, func(t *testing.T) {
			p := Load(t, tt.Src, nil)
			got := ""
			form, err := find(p.Patch, p.Nodes, p.Prog)
			if err == nil && form != nil {
				var sp *patch.Spelling
				if sp, err = form.Extend(p.Patch, p.Prog); err == nil {
					got = sp.String()
				}
			}
			if err != nil {
				got = "error: " + err.Error()
			}
			if got != tt.Want {
				t.Errorf("%q, want %q", got, tt.Want)
			}
			if err != nil {
				return
			}
			if ins := p.Inserted(); !slices.Equal(ins, tt.Inserted) {
				t.Errorf("inserted\n%s\nwant\n%s", strings.Join(ins, "\n"), strings.Join(tt.Inserted, "\n"))
			}
			if form != nil {
				p.Patched(t)
			}
		})
	}
}
