package callgraph

import (
	"fmt"

	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// maxVtableFuncs bounds how many functions are asked for the method table they work for.
const maxVtableFuncs = 24

// Entries is how control comes to a function.
type Entries struct {
	// tables are the method tables that lead to it: the braced initializers that hold its
	// address or that of a function that calls it, and the functions that store it to members.
	tables map[string]bool
	// unused are the files of those functions on the way that nothing in the tree uses: they
	// are for callers outside of it.
	unused map[string]bool
	// offered are the files of those that callers outside of the tree can see.
	offered map[string]bool
}

// SharedWith reports whether who comes to one function can come to the other too. A
// caller outside of the tree sees all that a file offers.
func (e *Entries) SharedWith(o *Entries) bool {
	meet := func(a, b map[string]bool) bool {
		for k := range a {
			if b[k] {
				return true
			}
		}
		return false
	}
	return meet(e.tables, o.tables) || meet(e.unused, o.unused) || meet(e.unused, o.offered) || meet(e.offered, o.unused)
}

// EntriesOf lists them; nil where something else leads to the function.
func EntriesOf(p *program.Program, fn *parse.Func) *Entries {
	out := &Entries{tables: map[string]bool{}, unused: map[string]bool{}, offered: map[string]bool{}}
	seen := map[*parse.Func]bool{fn: true}
	queue := []*parse.Func{fn}
	for len(queue) > 0 {
		fn := queue[0]
		queue = queue[1:]
		mentions, callers := p.AddressesTaken(fn), p.Callers(fn)
		if len(seen) > maxVtableFuncs || fn.Macro != nil || fn.Name == "main" {
			return nil
		}
		for _, m := range mentions {
			key := VtableOf(m)
			if key == "" {
				return nil
			}
			out.tables[key] = true
		}
		for _, c := range callers {
			if !seen[c.In.Func] {
				seen[c.In.Func] = true
				queue = append(queue, c.In.Func)
			}
		}
		if len(mentions) == 0 && len(callers) == 0 {
			out.unused[fn.File.Path] = true
		}
		if !fn.Static {
			out.offered[fn.File.Path] = true
		}
	}
	return out
}

// CallersByTable returns the calls of a function, those through tables included; it is not known
// who calls it where its address goes elsewhere, or no call through a table was found.
func CallersByTable(p *program.Program, fn *parse.Func) (calls []program.Ref, known bool) {
	mentions := p.AddressesTaken(fn)
	for _, m := range mentions {
		if VtableOf(m) == "" {
			return nil, false
		}
	}
	calls = CallSites(p, fn)
	return calls, len(mentions) == 0 || len(calls) > len(p.Callers(fn))
}

// VtableOf names the object that a function's address is stored in, "" where
// it goes elsewhere.
func VtableOf(m program.AddressTaken) string {
	row, member := m.StoredIn()
	if row != nil {
		return fmt.Sprintf("%s:%d", m.File.Path, row.Pos)
	}
	if root := value.RootName(member); root != "" {
		return fmt.Sprintf("%s:%d:%s", m.File.Path, m.In.Func.Start, root)
	}
	return ""
}
