package argv

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// leading is the option of a program that takes its arguments by their places, or reads its
// options in a way that is not recognised: main() takes it off the list, before anything else
// looks at the arguments, when it comes first.
//
//	if (argc > 1 && strncmp(argv[1], "-k", 2) == 0 && (argv[1][2] == '\0' || argv[1][2] == '=')) {
//		...
//		argv[1] = argv[0];
//		argv++;
//		argc--;
//	}
type leading struct {
	n           *program.Node
	count, list string
	at          *parse.Stmt // the statement that the new one goes before
	words       bool        // the program has options
}

// Leading is that form, where main() gets its arguments and nothing stands in the way.
func Leading(j *patch.Patch, p *program.Program, words bool) patch.Form {
	fn := p.Main.Forms[0]
	if !namesList(p.Main) || constList(fn) {
		return nil
	}
	l := &leading{n: p.Main, count: fn.Params[0].Name, list: fn.Params[1].Name, words: words}
	if l.at = l.place(j); l.at == nil {
		return nil
	}
	return l
}

// namesList says whether main() has names for its arguments.
func namesList(main *program.Node) bool {
	fn := main.Forms[0]
	return len(fn.Params) > 1 && TakesArgs(main) && fn.Params[0].Name != "" && fn.Params[1].Name != ""
}

// constList says whether main() may not change its list of arguments: char *const argv[].
func constList(fn *parse.Func) bool {
	return slices.ContainsFunc(fn.Params[:2], func(d *parse.Decl) bool { return constElements.Match(fn.File.Src[d.Pos:d.End]) })
}

// WhyNotLeading is what stands in the way of that form, where Leading has none.
func WhyNotLeading(j *patch.Patch, p *program.Program) string {
	fn := p.Main.Forms[0]
	if !namesList(p.Main) {
		return "main() takes no arguments"
	}
	if constList(fn) {
		return "main() may not change its list of arguments, which is const"
	}
	l := &leading{n: p.Main, count: fn.Params[0].Name, list: fn.Params[1].Name}
	used := l.firstUse(j)
	for _, s := range fn.Body().List {
		if len(s.Decls) > 0 && s.Pos <= used && used < s.End {
			return "main() looks at its arguments where its variables are declared, and an option would have to come off the list before"
		}
	}
	return "main() has no statement before its arguments are looked at, at which an option could come off the list"
}

var constElements = text.NewPattern(`\*\s*const\b`)

// place is the last statement of main()'s own, after its declarations, before which no build
// has looked at an argument; the program's name is none.
func (l *leading) place(j *patch.Patch) *parse.Stmt {
	fn := l.n.Forms[0]
	f := fn.File
	used := l.firstUse(j)
	unused := used == l.n.Last() // nothing to wait for
	used = min(used, l.firstSocket(j))
	var at *parse.Stmt
	after := 0 // the declarations that a statement follows
	for _, s := range fn.Body().List {
		if s.Pos > used || unused && at != nil {
			break
		}
		if len(s.Decls) > 0 {
			after = s.End
			if at == nil && s.End > used && mixesDeclarations(f) {
				at = s
			}
			continue
		}
		if text.FirstOnLine(f.Src, s.Pos) && f.SameGuards(s.Pos, fn.BodyPos) && s.Kind != parse.SLabel {
			at = s
		}
	}
	if at == nil || after > used && len(at.Decls) == 0 { // a declaration takes one
		return nil
	}
	for _, s := range fn.Body().List { // no declaration comes behind it in old C
		if len(s.Decls) > 0 && s.Pos >= at.Pos && !mixesDeclarations(f) {
			return nil
		}
	}
	return at
}

// firstUse is where main() first looks at its arguments, in any build; a macro may do so.
func (l *leading) firstUse(j *patch.Patch) int {
	f := l.n.File
	toks := f.Between(l.n.Forms[0].BodyPos, l.n.Last())
	op := func(i int) token.Op {
		if i < 0 || i >= len(toks) {
			return token.Op(0)
		}
		return toks[i].Op
	}
	for i, t := range toks {
		if t.Kind != token.Ident {
			continue
		}
		switch f.Text(t) {
		case l.count:
			return int(t.Off)
		case l.list:
			name := op(i+1) == token.LBrack && i+3 < len(toks) && f.Text(toks[i+2]) == "0" && op(i+3) == token.RBrack ||
				op(i-1) == token.Mul && (op(i-2) == token.LParen || op(i-2) == token.Assign || op(i-2) == token.Comma) &&
					(op(i+1) == token.RParen || op(i+1) == token.Semi || op(i+1) == token.Comma)
			if !name {
				return int(t.Off)
			}
		default:
			for _, m := range j.Tree.Macros(f.Text(t)) {
				if text.HasWord(macroText(m), l.list) {
					return int(t.Off)
				}
			}
		}
	}
	return l.n.Last()
}

// mixesDeclarations reports whether a file declares variables among its statements.
func mixesDeclarations(f *parse.File) bool {
	return slices.ContainsFunc(f.Funcs, func(fn *parse.Func) bool {
		return fn.Macro == nil && (fn.HasMixedDecl() || declaresInFor(fn))
	})
}

func declaresInFor(fn *parse.Func) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		found = found || s.Kind == parse.SFor && s.Init != nil && len(s.Init.Decls) > 0
		return !found
	})
	return found
}

// firstSocket is where main() may first make a socket: the option has to be known before.
func (l *leading) firstSocket(j *patch.Patch) int {
	f := l.n.File
	own := slices.Contains(j.Sites, l.n)
	for _, t := range f.Between(l.n.Forms[0].BodyPos, l.n.Last()) {
		if t.Kind != token.Ident {
			continue
		}
		if own && sites.Has(f.Text(t)) {
			return int(t.Off)
		}
		for _, n := range j.Tree.Find(f.Text(t), f) {
			if n.Macro || n == l.n || n.File.Foreign(n.Forms[0].BodyPos, "linux") != "" {
				continue
			}
			steps := j.Tree.Reach(n)
			for _, s := range j.Sites {
				if _, ok := steps[s]; ok {
					return int(t.Off)
				}
			}
		}
	}
	return l.n.Last()
}

// literals are the words in quotes of the functions that get the arguments.
func (l *leading) literals(p *program.Program) map[string]bool {
	out := map[string]bool{}
	for n, steps := range p.Steps {
		if n.Macro || steps > 3 {
			continue
		}
		for _, t := range n.File.Between(n.Forms[0].BodyPos, n.Last()) {
			switch s := n.File.Text(t); t.Kind {
			case token.String:
				out[strings.Trim(s, `"`)] = true
			case token.Char:
				out[s] = true
			}
		}
	}
	for _, t := range l.n.File.Toks {
		if t.Kind == token.String {
			out[strings.Trim(l.n.File.Text(t), `"`)] = true
		}
	}
	return out
}

// spelling is -k where the program has no options, else a long name, with as many hyphens
// as the others have.
func (l *leading) spelling(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	fn := l.n.Forms[0]
	sp := &patch.Spelling{Dash: "--", Func: fn, Equal: true, First: true, Near: p.Steps}
	lits := l.literals(p)
	one, two := 0, 0
	for s := range lits {
		switch {
		case strings.HasPrefix(s, "--") && optionName.MatchString(s):
			two++
		case optionName.MatchString(s):
			if len(s) > 2 {
				one++
			}
		default:
			continue
		}
		sp.Peers = append(sp.Peers, s)
	}
	if !l.words && !knowsLetter(lits, "k") && j.Settings.Short == "" || j.Settings.Short != "" {
		if sp.Short = j.Settings.Short; sp.Short == "" {
			sp.Short = "k"
		}
		if lits["-"+sp.Short] {
			return nil, fmt.Errorf("%s: the option -%s is taken", l.n.File.Path, sp.Short)
		}
		return sp, nil
	}
	sp.Long = j.Settings.LongName()
	if one > two && two == 0 {
		sp.Dash = "-"
	}
	if lits[sp.Long] || lits["-"+sp.Long] || lits["--"+sp.Long] {
		return nil, fmt.Errorf("%s: there is an option %s%s already (--switch-long gives it another name)", l.n.File.Path, sp.Dash, sp.Long)
	}
	return sp, nil
}

// knowsLetter reports whether a program may have an option of one letter: it compares with
// the letter, or a string of letters and colons holds it.
func knowsLetter(lits map[string]bool, letter string) bool {
	for s := range lits {
		if strings.Contains(s, letter) && strings.Contains(s, ":") && optionLetters.MatchString(s) {
			return true
		}
	}
	return lits["-"+letter] || lits["'"+letter+"'"]
}

var optionLetters = text.NewPattern(`^[A-Za-z0-9:]+$`)

// BeginsWithOption reports whether a text is or begins with an option, or a hyphen to compare with:
// "-v", "--to=%s", "-c FILE  ...", and not "----" or "-NAME-%d", which are printed.
func BeginsWithOption(s string) bool { return optionWord.MatchString(s) }

var optionWord = text.NewPattern(`^--?(?:[A-Za-z0-9?][\w-]*)?(?:$|[^\w%-])`)

// IsOptionName reports whether a word is the name of an option with its hyphens.
func IsOptionName(s string) bool { return optionName.MatchString(s) }

var optionName = text.NewPattern(`^--?[A-Za-z][\w-]*$`)

func (l *leading) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	fn := l.n.Forms[0]
	f := fn.File
	sp, err := l.spelling(j, p)
	if err != nil {
		return nil, err
	}
	read, err := j.Reader(fn)
	if err != nil {
		return nil, err
	}
	if err := j.Include(f, "string.h"); err != nil && !usesStrings(f) {
		return nil, err
	}
	name := "-" + sp.Short
	if sp.Short == "" {
		name = sp.Dash + sp.Long
	}
	st := j.Host.Style(fn, l.at.Pos)
	x, n := l.list+"[1]", len(name)
	body := fmt.Sprintf("if (%s < 0) {\n%s\n}\n%s = %s[0];\n%s++;\n%s--;\n",
		st.Call(read, fmt.Sprintf("%s[%d] == '=' ? &%s[%d] : NULL", x, n, x, n+1)),
		strings.Join(l.failure(j, x), "\n"), x, l.list, l.list, l.count)
	cond := fmt.Sprintf(`%s > 1 && %s == 0 && (%s[%d] == '\0' || %s[%d] == '=')`,
		l.count, st.Call("strncmp", x, `"`+name+`"`, fmt.Sprint(n)), x, n, x, n)
	lines := st.Layout(text.IndentAt(f.Src, l.at.Pos), "if ("+cond+") {\n"+body+"}")
	at := patch.AboveComments(f, text.LineStart(f.Src, l.at.Pos))
	if text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) {
		lines = append(lines, "")
	}
	j.Insert(f, at, strings.Join(lines, st.EOL())+st.EOL())
	return sp, nil
}

// failure is what a wrong argument of the option ends in: as a wrong number of arguments
// does, as far as that needs nothing that is set later.
func (l *leading) failure(j *patch.Patch, arg string) []string {
	fn := l.n.Forms[0]
	unknown := l.wrongCount(j)
	before := *l.at
	before.End = before.Pos // nothing of it is around the new code
	lines := j.FailureIn(fn, &before, unknown, arg)
	if !l.unset(lines) {
		return lines
	}
	st := j.Host.Style(fn, l.at.Pos)
	leave := j.WayOut(fn.File, unknown, true)
	if len(leave) == 0 || l.unset(leave) {
		status := "1"
		if len(fn.File.Idents("EXIT_FAILURE")) > 0 {
			status = "EXIT_FAILURE"
		}
		leave = []string{st.Call("exit", status) + ";"}
	}
	return append([]string{st.Call("fprintf", "stderr", `"invalid keepalive times: %s\n"`, arg) + ";"}, leave...)
}

// wrongCount is what main() does about a wrong number of arguments: the first arm of a
// condition on it that ends the program, and not as one that was asked for help.
func (l *leading) wrongCount(j *patch.Patch) []*parse.Stmt {
	f := l.n.File
	for _, s := range l.n.Forms[0].Body().List {
		counted := false
		for ; s != nil; s = s.Else {
			arm := s
			if s.Kind == parse.SIf {
				arm = s.Body
				counted = counted || s.Expr != nil && text.HasWord(parse.ExprText(f, s.Expr), l.count)
			}
			if counted && arm != nil && ends(j, f, arm) && len(j.WayOut(f, []*parse.Stmt{arm}, true)) > 0 {
				return []*parse.Stmt{arm}
			}
			if s.Kind != parse.SIf {
				break
			}
		}
	}
	return nil
}

// ends reports whether a statement ends with one that leaves the function.
func ends(j *patch.Patch, f *parse.File, s *parse.Stmt) bool {
	list := patch.Flat([]*parse.Stmt{s})
	if len(list) == 0 {
		return false
	}
	last := list[len(list)-1]
	return last.Kind == parse.SReturn || last.Kind == parse.SGoto || last.Kind == parse.SExpr && j.Host.Leaves(f, last)
}

// unset reports whether statements use a variable of main() that nothing before the place
// has set.
func (l *leading) unset(lines []string) bool {
	fn := l.n.Forms[0]
	src := []byte(strings.Join(lines, "\n"))
	set := map[string]bool{}
	for _, s := range fn.Body().List {
		if s.Pos < l.at.Pos && s.Kind == parse.SExpr && s.Expr != nil && s.Expr.Kind == parse.XAssign && s.Expr.X.Strip() != nil {
			set[s.Expr.X.Strip().Name] = true
		}
	}
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			own := s.Parent == fn.Body() && s.Pos < l.at.Pos && (d.Init != nil || d.Static || set[d.Name])
			found = found || d.Name != "" && !own && text.HasWord(src, d.Name)
		}
		return !found
	})
	return found
}
