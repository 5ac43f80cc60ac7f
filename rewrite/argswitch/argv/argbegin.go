package argv

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/getopt"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// argbegin is a loop over the options that a macro opens, as in Plan 9:
//
//	ARGBEGIN {
//	case 'v':
//		verbose = 1;
//		break;
//	default:
//		usage();
//	} ARGEND
type argbegin struct {
	n    *program.Node
	fn   *parse.Func
	sw   *parse.Stmt
	rest string // the text after the letter, "" where the macros do not tell
	used map[byte]bool
}

// FindArgbegin looks for it.
func FindArgbegin(j *patch.Patch, nodes []*program.Node, p *program.Program) (patch.Form, error) {
	for _, n := range nodes {
		if p.Steps[n] > 3 && n.File != p.Main.File || !TakesArgs(n) {
			continue
		}
		for _, fn := range n.Forms {
			a := &argbegin{n: n, fn: fn, used: map[byte]bool{}}
			fn.Body().Walk(func(s *parse.Stmt) bool {
				if a.sw == nil && s.Kind == parse.SMacro && s.Body != nil && s.Body.Kind == parse.SBlock &&
					opensSwitch(j, n.File.Text(n.File.Toks[n.File.TokAt(s.Pos)])) {
					for _, arm := range getopt.ArmsOf(s) {
						if arm.Letter() != 0 {
							a.sw = s
						}
					}
				}
				return a.sw == nil
			})
			if a.sw != nil {
				getopt.Labels(n, a.sw, "", a.used)
				a.rest = restAfterLetter(j)
				return a, nil
			}
		}
	}
	return nil, nil
}

// opensSwitch reports whether a macro opens a switch over the letters of argv: its text says
// so, or its name where the system has it.
func opensSwitch(j *patch.Patch, name string) bool {
	found := j.Tree.Macros(name)
	for _, m := range found {
		if s := macroText(m); !text.HasWord(s, "switch") || !text.HasWord(s, "argv") {
			return false
		}
	}
	return len(found) > 0 || name == "ARGBEGIN"
}

func macroText(m *parse.Macro) string {
	var b strings.Builder
	for _, t := range m.Body {
		b.WriteString(m.File.Text(t) + " ")
	}
	return b.String()
}

// restAfterLetter is what ARGF() takes when something stands after the letter, as the
// program's header has it.
func restAfterLetter(j *patch.Patch) string {
	rest := ""
	for _, m := range append(j.Tree.FuncMacros("ARGF"), j.Tree.FuncMacros("EARGF")...) {
		found := afterLetter.FindStringSubmatch(text.StripSpace(macroText(m)))
		if found == nil || rest != "" && rest != found[1] {
			return ""
		}
		rest = found[1]
	}
	return rest
}

var afterLetter = text.NewPattern(`(argv\[0\]\[\w+(?:\+1)?\]|\(\*argv\)\[\w+(?:\+1)?\])[!=]='\\0'`)

func (a *argbegin) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	sp := &patch.Spelling{Dash: "--", Func: a.fn, Near: p.Steps, Flag: a.rest == ""}
	for c := range a.used {
		sp.Peers = append(sp.Peers, "-"+string(c))
	}
	letter, err := j.Letter(a.fn.File.Path, a.used, false)
	if err != nil {
		return nil, err
	}
	sp.Short = letter
	d := &getopt.Dispatch{Fn: a.fn, Forms: a.n.Forms, Sw: a.sw}
	if sp.Flag {
		return sp, d.AddCaseOf(j, "'"+letter+"'", "", "", "", sp)
	}
	read, err := j.Reader(a.fn)
	if err != nil {
		return nil, err
	}
	take := "ARGF()"
	if len(j.Tree.FuncMacros("ARGF")) == 0 {
		take = "EARGF(abort())" // which something to take keeps from
	}
	return sp, d.AddCaseOf(j, "'"+letter+"'", read, a.rest+` != '\0' ? `+take+" : NULL", "&"+a.rest, sp)
}
