package argv

import (
	"fmt"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// labelled is a reader whose options are labels that macros make of their names:
//
//	while ((ch = GETOPT(argc, argv)) != NULL) {
//		GETOPT_SWITCH(ch) {
//		GETOPT_OPT("-v"):
//			verbose = 1;
//			break;
//		GETOPT_OPTARG("-p"):
//			port = optarg;
//			break;
//
// The new label is one of those without an argument, which such a reader can leave out
// for none.
type labelled struct {
	n      *program.Node
	labels []optLabel
}

// optLabel is one label.
type optLabel struct {
	macro, name string // "" for the label of what is no option
	at          int
	breaks      bool // the arm before it ends with break
	plain       bool // its arm takes no argument
}

// FindLabels looks for it.
func FindLabels(_ *patch.Patch, nodes []*program.Node, p *program.Program) (patch.Form, error) {
	for _, n := range nodes {
		if p.Steps[n] > 3 && n.File != p.Main.File || !TakesArgs(n) {
			continue
		}
		if l := readLabels(n); l != nil {
			return l, nil
		}
	}
	return nil, nil
}

func readLabels(n *program.Node) *labelled {
	f := n.File
	l := &labelled{n: n}
	toks := f.Between(n.Forms[0].BodyPos, n.Last())
	options := 0
	for i, t := range toks {
		if t.Kind != token.Ident || i < 2 || i+1 >= len(toks) || !text.FirstOnLine(f.Src, int(t.Off)) {
			if k := len(l.labels) - 1; k >= 0 && t.Kind == token.Ident && strings.HasSuffix(f.Text(t), "optarg") {
				l.labels[k].plain = false
			}
			continue
		}
		o := optLabel{macro: f.Text(t), at: int(t.Off), plain: true, breaks: toks[i-1].Op == token.Semi && toks[i-2].Op == token.KwBreak}
		switch {
		case i+4 < len(toks) && toks[i+1].Op == token.LParen && toks[i+2].Kind == token.String &&
			toks[i+3].Op == token.RParen && toks[i+4].Op == token.Colon:
			o.name = strings.Trim(f.Text(toks[i+2]), `"`)
			if !strings.HasPrefix(o.name, "-") {
				return nil
			}
			options++
		case toks[i+1].Op == token.Colon && len(l.labels) > 0 && o.macro == strings.ToUpper(o.macro):
			o.macro = ""
		default:
			continue
		}
		l.labels = append(l.labels, o)
	}
	if options < 2 {
		return nil
	}
	return l
}

// flag is the macro of options without an argument.
func (l *labelled) flag() string {
	takes := map[string]bool{}
	for _, o := range l.labels {
		takes[o.macro] = takes[o.macro] || !o.plain
	}
	for i := len(l.labels) - 1; i >= 0; i-- {
		if o := l.labels[i]; o.name != "" && !takes[o.macro] {
			return o.macro
		}
	}
	return ""
}

func (l *labelled) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	f, fn := l.n.File, l.n.Forms[0]
	macro := l.flag()
	if macro == "" || j.Settings.On {
		return nil, fmt.Errorf("%s: no label of an option without an argument can serve as a pattern", f.Path)
	}
	sp := &patch.Spelling{Dash: "--", Func: fn, Flag: true, Near: p.Steps}
	used, long := map[byte]bool{}, 0
	for _, o := range l.labels {
		switch {
		case o.name == "":
			continue
		case len(o.name) == 2:
			used[o.name[1]] = true
		default:
			long++
		}
		sp.Peers = append(sp.Peers, o.name)
	}
	name := "--" + j.Settings.LongName()
	if long*2 > len(sp.Peers) {
		sp.Long = j.Settings.LongName()
	} else {
		letter, err := j.Letter(f.Path, used, false)
		if err != nil {
			return nil, err
		}
		sp.Short, name = letter, "-"+letter
	}
	for _, o := range l.labels {
		if o.name == name {
			return nil, fmt.Errorf("%s: there is an option %s already (--switch-long gives it another name)", f.Path, name)
		}
	}
	i, ok := l.insertionPoint(f, macro, name, fn)
	if !ok {
		return nil, fmt.Errorf("%s: no certain place among the labels of options", f.Path)
	}
	st := j.Host.Style(fn, l.labels[0].at)
	at := text.LineStart(f.Src, l.labels[i].at)
	ind := text.IndentAt(f.Src, l.labels[0].at)
	lines := append([]string{ind + macro + `("` + name + `"):`}, st.Layout(st.Deeper(ind), j.CommandLineVariable()+".on = 1;\nbreak;")...)
	content := strings.Join(lines, st.EOL()) + st.EOL()
	if at > 0 && text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) {
		content += st.EOL()
	}
	j.Insert(f, patch.AboveComments(f, at), content)
	return sp, nil
}

// insertionPoint is the label before which the new one goes: in the order of the names where
// there is one, else after the last option without an argument.
func (l *labelled) insertionPoint(f *parse.File, macro, name string, fn *parse.Func) (int, bool) {
	var names []string
	var tries []int
	for i, o := range l.labels {
		if o.name == "" {
			continue
		}
		names = append(names, o.name)
		if o.name > name {
			tries = append(tries, i)
		}
	}
	if !sort.StringsAreSorted(names) || len(names) < 3 {
		tries = nil
	}
	for i := len(l.labels) - 1; i > 0; i-- {
		if l.labels[i-1].macro == macro {
			tries = append(tries, i)
		}
	}
	for i := len(l.labels) - 1; i > 0; i-- {
		tries = append(tries, i)
	}
	for _, i := range tries {
		if i > 0 && l.labels[i].breaks && f.SameGuards(l.labels[i].at, fn.BodyPos) {
			return i, true
		}
	}
	return 0, false
}
