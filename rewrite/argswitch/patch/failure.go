package patch

import (
	"slices"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// FailureIn is the same for any code that reads options: unknown is what is
// done about one that it doesn't know.
func (j *Patch) FailureIn(fn *parse.Func, region *parse.Stmt, unknown []*parse.Stmt, arg string) []string {
	msg, jump, final := j.message(fn, region, unknown, arg)
	leave := j.WayOut(fn.File, unknown, fn.Name == "main")
	if !final && tellsReason(leave) {
		return leave
	}
	if strings.Contains(msg, "stderr") {
		if err := j.Include(fn.File, "stdio.h"); err != nil {
			msg = "" // a program that never prints to a stream
		}
	}
	if final {
		return []string{msg}
	}
	if n := len(leave) - 1; n >= 0 && j.flagForgives(fn, leave[n]) {
		leave = nil
	}
	if len(leave) == 0 && jump != "" {
		leave = []string{jump}
	}
	if len(leave) == 0 {
		leave = j.OtherWayOut(fn, region)
	}
	if n := len(leave) - 1; n >= 0 && strings.HasPrefix(leave[n], "return") && j.failureIgnored(fn) {
		leave[n] = j.exit(fn)
	}
	if msg == "" {
		return leave
	}
	return append([]string{msg}, leave...)
}

// aReason matches what a usage function is told about an unknown option, as
// usage(argv[i], "unknown option").
var aReason = text.NewPattern(`(?i)^(?P<call>[^"]*\busage\w*\s*\([^"]*)"[^"\\%]*\b(?:unknown|unrecogni[sz]ed|invalid|illegal|bad|wrong)\b[^"\\%]*"(?P<rest>[^"]*)$`)

// tellsReason puts the reason that belongs to the new option in the place of that which
// the usage function gets for an unknown one, and reports whether there is such a place:
// two messages would contradict each other.
func tellsReason(leave []string) bool {
	for i, s := range leave {
		if aReason.MatchString(s) {
			leave[i] = aReason.ReplaceAllString(s, `${call}"invalid keepalive times"${rest}`)
			return true
		}
	}
	return false
}

// WayOut copies the statements of the default arm that say how to use the
// program and end it; messages about the unknown option are left out.
func (j *Patch) WayOut(f *parse.File, stmts []*parse.Stmt, inMain bool) []string {
	var out []string
	leaves := false
	for _, s := range Flat(stmts) {
		switch s.Kind {
		case parse.SBreak, parse.SEmpty:
			continue
		case parse.SExpr:
			line := OneLine(TextAt(f, s))
			if text.HasWord(line, "optopt") || len(line) > 100 {
				continue
			}
			e := s.Expr.Strip()
			left := j.Host.Leaves(f, s)
			if e.Kind == parse.XCall && !left && holdsLiteral(e) {
				continue
			}
			if e.Callee() == "abort" {
				return nil // which is for errors of the program, not of its user
			}
			if (left || j.isMacro(f, e.Callee())) && (j.exitsZero(f, e, 3) || passesSuccess(f, e)) {
				return nil // as for a user who asks for help
			}
			if e.Kind == parse.XAssign && (helpFlag.MatchString(parse.ExprText(f, e.X)) || !setsFlag(e)) {
				return nil // what is done for a user who asks for help, or for a good option
			}
			if e.Kind != parse.XCall && e.Kind != parse.XAssign && e.Kind != parse.XPostfix && e.Kind != parse.XUnary {
				continue
			}
			if left && holdsLiteral(e) && !strings.Contains(strings.ToLower(line), "usage") {
				return nil // it reports the unknown option and ends
			}
			out = append(out, line)
			leaves = leaves || left || e.Kind != parse.XCall
		case parse.SReturn, parse.SGoto:
			if s.Kind == parse.SReturn && inMain && (isSuccess(f, s.Expr) || goesOn(s.Expr)) {
				return nil
			}
			if s.Kind == parse.SGoto && j.jumpsToSuccess(f, s) {
				return nil
			}
			out = append(out, OneLine(TextAt(f, s)))
			leaves = true
		default:
			return nil
		}
		if leaves && s.Kind != parse.SExpr {
			break
		}
	}
	if !leaves {
		return nil
	}
	return out
}

// goesOn reports whether main() returns what a function does that is no text about a wrong
// option: its work.
func goesOn(e *parse.Expr) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		found = found || x.Kind == parse.XCall && !endsWrong.MatchString(x.Callee())
		return !found
	})
	return found
}

// endsWrong matches the names of functions whose result is the status of a wrong option.
var endsWrong = text.NewPattern(`(?i)usage|help|err|fail|die|fatal|exit|bad|invalid|wrong|print`)

// setsFlag reports whether an assignment sets a variable to a constant, as one that counts
// the wrong options does.
func setsFlag(e *parse.Expr) bool {
	to, val := e.X.Strip(), e.Y.Strip()
	return to != nil && val != nil && to.Kind != parse.XIndex &&
		(val.Kind == parse.XNumber || val.Kind == parse.XIdent || val.Kind == parse.XUnary)
}

// helpFlag matches the flags that say what a user asked for.
var helpFlag = text.NewPattern(`(?i)(^|[^a-z])(show_?|print_?|do_?|want_?)?(help|usage|version)`)

// failureStatus matches the names of statuses that a wrong option may end with. Any other
// says what else went wrong.
var failureStatus = text.NewPattern(`(?i)usage|fail|arg|opt|param|syntax|inval|command`)

// isFailureStatus reports whether a status is a constant that a wrong argument may end with.
func isFailureStatus(f *parse.File, e *parse.Expr) bool {
	s := strings.Trim(text.StripSpace(parse.ExprText(f, e)), "()")
	if n, err := strconv.Atoi(s); err == nil {
		return n != 0
	}
	return s == strings.ToUpper(s) && !strings.ContainsAny(s, "?(") && failureStatus.MatchString(s)
}

// Flat takes the braces off a lone block.
func Flat(stmts []*parse.Stmt) []*parse.Stmt {
	var out []*parse.Stmt
	for _, s := range stmts {
		if s.Kind == parse.SBlock {
			out = append(out, Flat(s.List)...)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// TextAt returns the text of a statement as it stands.
func TextAt(f *parse.File, s *parse.Stmt) string { return string(f.Src[s.Pos:s.End]) }

func holdsLiteral(e *parse.Expr) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		found = found || x.Kind == parse.XString
		return !found
	})
	return found
}

// OtherWayOut is how the arms of other options give up: by exit(), return or a
// call of a usage function.
func (j *Patch) OtherWayOut(fn *parse.Func, region *parse.Stmt) []string {
	f := fn.File
	best, rank := "", 0
	look := func(root *parse.Stmt, bonus int) {
		root.Walk(func(s *parse.Stmt) bool {
			text, r := "", 0
			switch {
			case s.Kind == parse.SReturn && fn.Name != "main" && s.Expr != nil:
				if v := s.Expr.Strip(); negative(f, v) {
					text, r = OneLine(TextAt(f, s)), 2
				}
			case s.Kind == parse.SExpr && s.Expr != nil:
				e := s.Expr.Strip()
				name := strings.ToLower(e.Callee())
				switch {
				case e.Kind != parse.XCall || !j.Host.Leaves(f, s) || holdsLiteral(e):
				case strings.Contains(name, "usage") && !passesSuccess(f, e) && !j.exitsZero(f, e, 3):
					text, r = OneLine(TextAt(f, s)), 4
				case knowledge.ExitsWith.Has(name) && len(e.Args) == 1 && isFailureStatus(f, e.Args[0]):
					if text, r = OneLine(TextAt(f, s)), 3; namesOtherFault(fn, e) {
						text, r = "", 0
					}
				}
			}
			if r > 0 && r+bonus > rank && !usesOtherBlock(s, region) {
				best, rank = text, r+bonus
			}
			return true
		})
	}
	look(region, 10)
	look(fn.Body(), 0)
	if best != "" {
		return []string{best}
	}
	return []string{j.exit(fn)}
}

// namesOtherFault reports whether a status is a number that a function ends with once, as
// a program does that numbers what can go wrong.
func namesOtherFault(fn *parse.Func, exit *parse.Expr) bool {
	status := text.StripSpace(parse.ExprText(fn.File, exit.Args[0]))
	if n, err := strconv.Atoi(status); err != nil || n <= 2 || n >= 64 { // 64 and more are those of sysexits.h
		return false
	}
	times := 0
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SExpr && s.Expr != nil {
			if e := s.Expr.Strip(); knowledge.ExitsWith.Has(e.Callee()) && len(e.Args) == 1 &&
				text.StripSpace(parse.ExprText(fn.File, e.Args[0])) == status {
				times++
			}
		}
		return true
	})
	return times == 1
}

// usesOtherBlock reports whether a statement names a variable of a block around it that
// is not around the code that reads the options, too.
func usesOtherBlock(s, region *parse.Stmt) bool {
	names := map[string]bool{}
	for up := s.Parent; up != nil && up.Parent != nil && !(up.Pos < region.Pos && region.End <= up.End); up = up.Parent {
		if up.Kind != parse.SBlock {
			continue
		}
		for _, x := range up.List {
			for _, d := range x.Decls {
				names[d.Name] = true
			}
		}
	}
	found := false
	s.Exprs(func(e *parse.Expr) {
		e.Walk(func(x *parse.Expr) bool {
			found = found || x.Kind == parse.XIdent && names[x.Name]
			return !found
		})
	})
	return found
}

// exit ends the program with the status of failure.
func (j *Patch) exit(fn *parse.Func) string {
	status := "1"
	if len(fn.File.Idents("EXIT_FAILURE")) > 0 {
		status = "EXIT_FAILURE"
	}
	return j.Host.Style(fn, fn.BodyPos).Call("exit", status) + ";"
}

// failureIgnored reports whether main() ends with success where a function that it calls
// returns an error: it leaves the function, or jumps to its end, with 0.
func (j *Patch) failureIgnored(fn *parse.Func) bool {
	found := false
	for _, n := range j.Tree.Funcs["main"] {
		if n.Macro || n.File != fn.File && fn.Static {
			continue
		}
		main := n.Forms[0]
		found = found || worksUnder(main, fn.Name)
		main.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind != parse.SIf || s.Expr == nil || s.Body == nil || !text.HasWord(parse.ExprText(n.File, s.Expr), fn.Name) {
				return true
			}
			for _, x := range Flat([]*parse.Stmt{s.Body}) {
				switch x.Kind {
				case parse.SReturn:
					found = found || isSuccess(n.File, x.Expr)
				case parse.SGoto:
					found = found || endsInZero(main, s.Body)
				}
			}
			return true
		})
	}
	return found
}

// worksUnder reports whether main() does its work where a function returns true, and ends
// with success otherwise, too: if (parse(argc, argv)) { ... } return 0;
func worksUnder(main *parse.Func, name string) bool {
	list := main.Body().List
	if len(list) < 2 {
		return false
	}
	last, work := list[len(list)-1], list[len(list)-2]
	if last.Kind != parse.SReturn || !isSuccess(main.File, last.Expr) || work.Kind != parse.SIf || work.Else != nil || work.Expr == nil {
		return false
	}
	return work.Expr.Strip().Callee() == name
}

// endsInZero reports whether what a function returns at its end is a variable that
// begins as 0, and that a statement does not set.
func endsInZero(fn *parse.Func, under *parse.Stmt) bool {
	list := fn.Body().List
	if len(list) == 0 {
		return false
	}
	last := list[len(list)-1]
	for last.Body != nil && last.Kind != parse.SReturn { // a label on it
		last = last.Body
	}
	if last.Kind != parse.SReturn || last.Expr == nil || last.Expr.Strip().Kind != parse.XIdent {
		return false
	}
	name, zero := last.Expr.Strip().Name, false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			zero = zero || d.Name == name && d.Init != nil && isSuccess(fn.File, d.Init)
		}
		return true
	})
	return zero && !text.HasWord(TextAt(fn.File, under), name)
}

// exitsZero reports whether a call that does not return ends the program with
// the status of success: exit(0), or a function all of whose exits are that.
func (j *Patch) exitsZero(f *parse.File, e *parse.Expr, depth int) bool {
	if e == nil || e.Kind != parse.XCall || depth == 0 {
		return false
	}
	if knowledge.ExitsWith.Has(e.Callee()) {
		return len(e.Args) == 1 && isSuccess(f, e.Args[0])
	}
	good, bad := false, false
	for _, n := range j.Tree.Find(e.Callee(), f) {
		n.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SExpr && s.Expr != nil && j.Host.Leaves(n.File, s) {
				if j.exitsZero(n.File, s.Expr.Strip(), depth-1) {
					good = true
				} else {
					bad = true
				}
			}
			return true
		})
	}
	return good && !bad
}

// isMacro reports whether a name is a macro of the program's own, which may end in exit().
func (j *Patch) isMacro(f *parse.File, name string) bool {
	return slices.ContainsFunc(j.Tree.Find(name, f), func(n *program.Node) bool { return n.Macro })
}

// jumpsToSuccess reports whether a goto leads to where main() ends with the status of success,
// as a label among the statements that say how to use the program may.
func (j *Patch) jumpsToSuccess(f *parse.File, s *parse.Stmt) bool {
	root := s
	for root.Parent != nil {
		root = root.Parent
	}
	inMain := slices.ContainsFunc(f.FuncsAt(s.Pos), func(fn *parse.Func) bool { return fn.Name == "main" })
	found := false
	root.Walk(func(x *parse.Stmt) bool {
		if x.Kind != parse.SLabel || x.Label != s.Label {
			return !found
		}
		for _, y := range behind(x) {
			if y.Kind == parse.SReturn {
				found = inMain && isSuccess(f, y.Expr)
				break
			}
			if y.Kind == parse.SExpr && y.Expr != nil && j.Host.Leaves(f, y) {
				found = j.exitsZero(f, y.Expr.Strip(), 3)
				break
			}
		}
		return false
	})
	return found
}

// inSight reports whether a label stands in the code that reads the options or in a block around
// it: in any other, what it leads to may use what a loop sets.
func inSight(fn *parse.Func, region *parse.Stmt, label string) bool {
	ok := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SLabel && s.Label == label {
			up := s.Parent
			for up != nil && (up.Kind == parse.SLabel || up.Kind == parse.SCase || up.Kind == parse.SDefault) {
				up = up.Parent
			}
			ok = ok || up != nil && up.Pos <= region.Pos && region.End <= up.End || region.Pos <= s.Pos && s.End <= region.End
		}
		return true
	})
	return ok
}

// behind lists the statements from a label on to the end of its block.
func behind(label *parse.Stmt) []*parse.Stmt {
	top := label
	for top.Parent != nil && (top.Parent.Kind == parse.SLabel || top.Parent.Kind == parse.SCase || top.Parent.Kind == parse.SDefault) {
		top = top.Parent // of a label of a switch, too
	}
	var out []*parse.Stmt
	if label.Body != nil {
		out = append(out, label.Body)
	}
	if up := top.Parent; up != nil && up.Kind == parse.SBlock {
		if i := slices.Index(up.List, top); i >= 0 {
			out = append(out, up.List[i+1:]...)
		}
	}
	return Flat(out)
}

// isSuccess reports whether a status is that of success.
func isSuccess(f *parse.File, e *parse.Expr) bool {
	switch text.StripSpace(parse.ExprText(f, e)) {
	case "0", "(0)", "EXIT_SUCCESS", "(EXIT_SUCCESS)", "EX_OK":
		return true
	}
	return false
}

// passesSuccess reports whether a call hands over a status of success.
func passesSuccess(f *parse.File, e *parse.Expr) bool {
	for _, a := range e.Args {
		switch text.StripSpace(parse.ExprText(f, a)) {
		case "0", "EXIT_SUCCESS", "EX_OK", "stdout":
			return true
		}
	}
	return false
}

func negative(f *parse.File, v *parse.Expr) bool {
	s := text.StripSpace(parse.ExprText(f, v))
	return s == "-1" || s == "false" || s == "FALSE" || s == "ERROR" || s == "EXIT_FAILURE"
}

// message says that the argument is wrong, in the manner of the nearest
// message about an argument. jump is the goto that follows on that one, final
// tells that it ends the program.
func (j *Patch) message(fn *parse.Func, region *parse.Stmt, unknown []*parse.Stmt, arg string) (text, jump string, final bool) {
	b := argMessages{fn: fn, arg: arg}
	b.look(region, 4)
	b.look(fn.Body(), 0)
	// A log may be out of sight: a bad value is reported where an unknown option is.
	if b.call == nil || !printsToTerminal(b.call) {
		for _, s := range unknown {
			b.look(s, unknownArm)
		}
	}
	st := j.Host.Style(fn, region.Pos)
	if b.call == nil || b.call.Callee() == "syslog" { // getopt() itself tells the terminal
		return st.Call("fprintf", "stderr", `"invalid keepalive times: %s\n"`, arg) + ";", "", false
	}
	if up := b.stmt.Parent; up != nil && up.Kind == parse.SBlock {
		for i, s := range up.List {
			if s != b.stmt || i+1 == len(up.List) || up.List[i+1].Kind != parse.SGoto {
				continue
			}
			if to := up.List[i+1]; !j.jumpsToSuccess(fn.File, to) && inSight(fn, region, to.Label) {
				jump = OneLine(TextAt(fn.File, to))
			}
		}
	}
	return b.text(st, region), jump, j.Host.Leaves(fn.File, b.stmt)
}

// unknownArm is the bonus of a message about an option that is not known.
const unknownArm = 20

// joins reports whether a call of the program's own puts the argument after a literal, as
// set_error(err, "unknown option ", arg).
func joins(f *parse.File, e *parse.Expr, at int, arg string) bool {
	lit := strings.Trim(e.Args[at].Strip().Name, `"`)
	return at+2 == len(e.Args) && text.StripSpace(parse.ExprText(f, e.Args[at+1])) == text.StripSpace(arg) &&
		strings.HasSuffix(lit, " ") && !strings.Contains(lit, "%") &&
		(whatIsWrong.MatchString(lit) || whatIsWrong.MatchString(e.Callee()))
}

var whatIsWrong = text.NewPattern(`(?i)unknown|invalid|illegal|bad|unrecogni[sz]ed|wrong|err|fail`)

// argMessages looks for the message of a function that comes nearest to one about the
// argument of an option.
type argMessages struct {
	fn  *parse.Func
	arg string // as the code names it

	// The best so far.
	call  *parse.Expr
	at    int // of the literal
	stmt  *parse.Stmt
	score int
}

// look looks at the messages below a statement.
func (b *argMessages) look(root *parse.Stmt, bonus int) {
	f := b.fn.File
	root.Walk(func(s *parse.Stmt) bool {
		if s.Kind != parse.SExpr || s.Expr == nil {
			return true
		}
		e := s.Expr.Strip()
		if e.Kind != parse.XCall || e.Callee() == "" {
			return true
		}
		at := slices.IndexFunc(e.Args, func(a *parse.Expr) bool { return a.Strip().Kind == parse.XString })
		if at < 0 || at > 2 || !plainArgs(b.fn, e.Args[:at]) {
			return true
		}
		score := bonus
		name := e.Callee()
		switch {
		case name == "fprintf" && at == 1 && text.StripSpace(parse.ExprText(f, e.Args[0])) == "stderr":
			score += 5
		case name == "warnx" || name == "errx":
			score += 8
		case name == "syslog" && at == 1 && bonus > 4:
			score += 2
		case debugOutput.MatchString(name):
			return true
		case at+1 < len(e.Args) && b.about(e) && strings.Contains(e.Args[at].Strip().Name, "%") && !fillsBuffer(name):
			score += 9
		case joins(f, e, at, b.arg):
			score += 9
		case bonus == unknownArm && at+2 == len(e.Args) && text.StripSpace(parse.ExprText(f, e.Args[at+1])) == "optopt" &&
			strings.Contains(e.Args[at].Strip().Name, "%") && !fillsBuffer(name):
			score += 3
		default:
			return true
		}
		if b.about(e) {
			score += 3
		}
		if b.call == nil || score > b.score {
			b.call, b.at, b.stmt, b.score = e, at, s, score
		}
		return true
	})
}

// about reports whether a message names the argument.
func (b *argMessages) about(e *parse.Expr) bool {
	return text.HasWord(parse.ExprText(b.fn.File, e), b.arg) ||
		text.HasWord(text.StripSpace(parse.ExprText(b.fn.File, e)), text.StripSpace(b.arg))
}

// text is the new message, after the one that was found.
func (b *argMessages) text(st Layout, region *parse.Stmt) string {
	f := b.fn.File
	var args []string
	for _, a := range b.call.Args[:b.at] {
		args = append(args, OneLine(parse.ExprText(f, a)))
	}
	lit := b.call.Args[b.at].Strip().Name
	body := strings.Trim(lit, `"`)
	front, lead := "", []string(nil)
	if strings.HasPrefix(body, "%s: ") && b.at+1 < len(b.call.Args) {
		if a := OneLine(parse.ExprText(f, b.call.Args[b.at+1])); !text.HasWord(a, b.arg) &&
			a != "" && !otherElement.MatchString(a) && visibleAtOptions(b.fn, a) {
			front, lead = "%s: ", []string{a}
		}
	}
	if front == "" {
		front = kindFront.FindString(body)
	}
	tail := messageTail(b.call.Callee(), body)
	word := "invalid"
	rest := strings.TrimPrefix(body, front)
	if rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' && (len(rest) < 2 || rest[1] >= 'a') {
		word = "Invalid"
	}
	if joins(f, b.call, b.at, b.arg) {
		args = append(args, `"`+front+word+` keepalive times: "`)
	} else {
		args = append(args, `"`+front+word+" keepalive times: %s"+tail+`"`)
	}
	args = append(args, lead...)
	args = append(args, b.arg)
	stmt := st.Call(b.call.Callee(), args...) + ";"
	if src := parse.ExprText(f, b.stmt.Expr); strings.HasPrefix(text.StripSpace(src), "(void)") {
		stmt = "(void) " + stmt
		if strings.HasPrefix(src, "(void)"+b.call.Callee()) {
			stmt = "(void)" + strings.TrimPrefix(stmt, "(void) ")
		}
	}
	return stmt
}

// otherElement matches an element of an array that a later loop goes through.
var otherElement = text.NewPattern(`\[[^\]0-9]`)

// kindFront matches the word that messages of one kind begin with.
var kindFront = text.NewPattern(`^(?i:error|fatal|usage error): `)

// messageTail is what a message ends with when its model has a text; a stream wants the end
// of a line.
func messageTail(callee, body string) string {
	switch {
	case strings.HasSuffix(body, `.\n`), callee == "fprintf" && strings.HasSuffix(body, "."):
		return `.\n`
	case strings.HasSuffix(body, `\n`), callee == "fprintf":
		return `\n`
	case strings.HasSuffix(body, "."):
		return "."
	}
	return ""
}

// debugOutput matches calls whose messages are for those who look for a fault.
var debugOutput = text.NewPattern(`(?i)debug|dbg|trace|verbose`)

// printsToTerminal reports whether a message certainly goes to the terminal.
func printsToTerminal(e *parse.Expr) bool { return knowledge.ToTerminal.Has(e.Callee()) }

// fillsBuffer reports calls that fill a buffer rather than print.
func fillsBuffer(name string) bool {
	name = strings.ToLower(name)
	return knowledge.BufferWords.Begin(name) || strings.HasSuffix(name, "printf") && name != "fprintf"
}

// plainArgs reports whether arguments are constants, parameters or the standard
// streams, so that they mean the same elsewhere in the function.
func plainArgs(fn *parse.Func, args []*parse.Expr) bool {
	params := map[string]bool{}
	for _, d := range fn.Params {
		params[d.Name] = true
	}
	for _, a := range args {
		ok := true
		a.Walk(func(x *parse.Expr) bool {
			switch x.Kind {
			case parse.XNumber, parse.XParen:
			case parse.XIdent:
				ok = ok && (x.Name == "stderr" || params[x.Name] || x.Name == strings.ToUpper(x.Name))
			case parse.XBinary, parse.XUnary:
			default:
				ok = false
			}
			return ok
		})
		if !ok {
			return false
		}
	}
	return true
}

// visibleAtOptions reports whether an expression can be used at the options: it is made
// of parameters, or of names that are no local variable.
func visibleAtOptions(fn *parse.Func, expr string) bool {
	bad := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			if d.Name != "" && text.HasWord(expr, d.Name) && s.Parent != fn.Body() {
				bad = true
			}
		}
		return !bad
	})
	return !bad && !strings.ContainsAny(expr, `("=`)
}
