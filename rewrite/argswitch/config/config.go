// Package config adds a keyword to the configuration file of a program by
// copying the form of a boolean keyword that is there already.
//
// A form is a way in which programs match keywords: comparisons one by one (compare),
// tables (rows), look-ups by name (lookup). This package picks the form and the sibling, and
// adds what goes with a keyword: its timers, its default, its line where the settings are
// written out (rest.go), the sample configuration and the manual (texts.go).
//
// The cost is linear in the functions that the program runs.
package config

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/rewrite/argswitch/config/compare"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/lookup"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/rows"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

type candidate struct {
	keyword.Form
	fn    *keyword.Func
	score int
}

// extender looks for the forms of a program.
type extender struct{ *keyword.Index }

// Extend plans the keyword, or says why there can be none.
func Extend(prog *keyword.Program) (*keyword.Patch, error) {
	x := &extender{Index: keyword.NewIndex(prog)}
	asked := &lookup.Finder{Index: x.Index}
	var all []*candidate
	var late keyword.Form
	for _, fn := range prog.Funcs {
		if source.IsGenerated(fn.File) || readsOptions(fn) {
			continue
		}
		for _, c := range slices.Concat(compare.Chains(x.Index, fn), rows.Tables(x.Index, fn),
			rows.CodeTables(x.Index, fn), rows.HandlerTables(x.Index, fn), asked.LookupForms(fn)) {
			switch {
			case !c.FromFile(fn):
			case len(c.Bools()) > 0 && !x.Early(fn, fn.Forms[0].BodyPos, true):
				late = c
			default:
				all = append(all, &candidate{Form: c, fn: fn})
			}
		}
	}
	var usable []*candidate
	for _, c := range all {
		if len(c.Bools()) == 0 {
			continue
		}
		c.score = len(c.Bools()) + len(c.Names())/4
		if keyword.AboutConfig.MatchString(c.fn.Name) || keyword.AboutConfig.MatchString(path.Base(c.File().Path)) {
			c.score += 1000
		}
		for _, fn := range prog.Funcs { // the part of the file about the sockets
			if fn.File == c.fn.File && slices.Contains(prog.Sites, fn.Name) {
				c.score += 500
				break
			}
		}
		usable = append(usable, c)
	}
	sort.SliceStable(usable, func(a, b int) bool { return usable[a].score > usable[b].score })
	for _, c := range all { // what a user would take for the new one
		if name := hasKeyword(c.Names()); name != "" && keyword.AboutConfig.MatchString(path.Base(c.File().Path)) {
			return nil, fmt.Errorf("%s: there is a keyword %s already (%s)", c.File().Path, name, otherForms)
		}
	}
	if len(usable) == 0 && late != nil {
		return nil, fmt.Errorf("%s: the keywords are read when the sockets are there already (%s)", late.File().Path, otherForms)
	}
	if len(usable) == 0 {
		return nil, x.refusal(all)
	}
	var first error
	for _, c := range usable {
		p, err := x.Extend(c)
		if err == nil {
			return p, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// hasKeyword is the keyword for keepalive that a program has, "" for none.
func hasKeyword(names []string) string {
	for _, n := range names {
		switch keyword.NormalName(n) {
		case "tcpkeepalive", "sokeepalive", "usetcpkeepalive", "enabletcpkeepalive": // KeepAlive alone may be HTTP's
			return n
		}
	}
	return ""
}

// readsOptions reports whether a function reads a command line by getopt_long():
// the names that it compares are those of options.
func readsOptions(fn *keyword.Func) bool {
	for _, u := range fn.Uses {
		if u == "getopt_long" || u == "getopt_long_only" {
			return true
		}
	}
	return false
}

// otherForms are the two other forms of the switch.
const otherForms = "--switch=option and --switch=env do without a configuration file"

func (x *extender) refusal(all []*candidate) error {
	if g := x.grammarFile(); g != "" {
		return fmt.Errorf("%s: the configuration file is read by a grammar, which a keyword cannot be added to by copying a row (%s)",
			g, otherForms)
	}
	for _, c := range all {
		if r, ok := c.Form.(interface{ Refusal() string }); ok && r.Refusal() != "" {
			return fmt.Errorf("%s (%s)", r.Refusal(), otherForms)
		}
	}
	if x.PerObject != "" {
		return fmt.Errorf("%s (%s)", x.PerObject, otherForms)
	}
	sort.SliceStable(all, func(a, b int) bool { return len(all[a].Names()) > len(all[b].Names()) })
	for _, c := range all {
		if keyword.AboutConfig.MatchString(c.fn.Name) || keyword.AboutConfig.MatchString(path.Base(c.File().Path)) {
			return fmt.Errorf("%s: no boolean keyword was found that could be copied (%s)", c.File().Path, otherForms)
		}
	}
	return fmt.Errorf("%s: no way in which the program reads a configuration file was recognised (%s)", x.Prog.Main.Path, otherForms)
}

// Extend adds the boolean keyword, and the timers' where there are numbers.
func (x *extender) Extend(c *candidate) (*keyword.Patch, error) {
	f := c.File()
	names := c.Names()
	taken := map[string]bool{}
	for _, n := range names {
		taken[keyword.NormalName(n)] = true
	}
	sp := words.SpellingOf(names)
	name := sp.Spell("tcp", "keepalive")
	if taken[keyword.NormalName(name)] {
		return nil, fmt.Errorf("%s: there is a keyword %s already", f.Path, name)
	}
	p := &keyword.Patch{File: f}
	var err error
	for _, s := range withoutLocalsFirst(c.Bools()) {
		if x.Prog.On && s.Arm.Flag {
			err = fmt.Errorf("%s: the keyword %s takes no argument, so that a copy could not turn off what is on by default",
				f.Path, s.Name)
			continue
		}
		if x.Prog.Ints && s.Arm.Kind != "" {
			err = fmt.Errorf("%s: the keyword %s is a %s, which the command line has no third value of "+
				"(--switch=option or --switch=config does without)", f.Path, s.Name, s.Arm.Kind)
			continue
		}
		if schema := x.schemaOf(s.Name); schema != "" {
			err = fmt.Errorf("%s: the keyword %s stands in a schema, which the file is held against (%s)", schema, s.Name, otherForms)
			continue
		}
		if err = c.Add(p, s, name, x.Prog.Var+".on"); err == nil {
			p.Keywords = append(p.Keywords, name)
			p.First, p.OnType = s, s.Arm.Kind
			break
		}
	}
	if err != nil {
		return nil, err
	}
	timers := [][2]string{{"idle", "idle"}, {"interval", "interval"}, {"count", "count"}}
	for _, s := range withoutLocalsFirst(c.Numbers()) {
		if k := s.Arm.Kind; k != "" && (x.Prog.Ints || !strings.HasPrefix(k, "unsigned") && k != "uint32_t" && k != "int32_t" ||
			strings.Count(k, " ") > 1 || strings.Contains(k, "char") || strings.Contains(k, "long") || strings.Contains(k, "short")) {
			continue // setsockopt() wants ints
		}
		if s.Arm.Bounded {
			continue
		}
		before := len(p.Inserts)
		order := []int{0, 1, 2}
		if c.Sorted() {
			order = []int{2, 0, 1} // count, idle, interval
		}
		added := make([]string, len(timers))
		for _, i := range order {
			added[i] = sp.Spell("tcp", "keepalive", timers[i][0])
			if err = c.Add(p, s, added[i], x.Prog.Var+"."+timers[i][1]); err != nil || taken[keyword.NormalName(added[i])] {
				p.Inserts = p.Inserts[:before]
				err = fmt.Errorf("no timers")
				break
			}
			p.Keywords = append(p.Keywords, added[i])
		}
		p.Keywords = p.Keywords[:1]
		if err == nil {
			p.Keywords = append(p.Keywords, added...)
		}
		if err == nil {
			p.Second, p.NumberType = s, s.Arm.Kind
			break
		}
	}
	c.Finish(p)
	x.defaultsAndDump(p, c)
	x.texts(p, p.First)
	return p, nil
}

// withoutLocalsFirst puts the siblings first that have no variables of their own, whose names would
// speak of them.
func withoutLocalsFirst(list []*keyword.Sibling) []*keyword.Sibling {
	out := slices.Clone(list)
	sort.SliceStable(out, func(a, b int) bool {
		return out[a].Arm != nil && !out[a].Arm.Locals && (out[b].Arm == nil || out[b].Arm.Locals)
	})
	return out
}
