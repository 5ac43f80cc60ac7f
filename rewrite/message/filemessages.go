package message

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// report is one message of a file, and what is known of the failure it tells.
type report struct {
	call   *parse.Expr
	fn     *parse.Func
	body   *parse.Stmt // the branch, nil for one that stands in none
	fd     string      // the descriptor that the failed call worked on, "" for none
	socket bool        // the failed call is one of the socket interface
}

// fileMessages is how a file reports failures.
type fileMessages struct {
	reports []*report
	byPlace []int         // indices of reports, by the offset of their call
	texts   []printedText // all that it prints
	errs    []string      // functions that read a socket's error without errno
	plain   int           // arguments of reports about sockets that are strerror(errno)
	reasons []errnoArg
}

// errnoArg is an argument, other than strerror(errno), by which reports about
// sockets say what went wrong.
type errnoArg struct {
	text, fd string // and the descriptor of the failed call
	n        int    // reports that have it
}

// inFile reads a file's messages once.
func (p *Messages) inFile(f *parse.File) *fileMessages {
	if k, ok := p.byFile[f]; ok {
		return k
	}
	k := &fileMessages{}
	p.byFile[f] = k
	seen := map[int]bool{}
	for _, fn := range f.Funcs {
		if fn.Macro != nil {
			continue
		}
		ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
			if readsSocketError(c.Callee()) {
				k.errs = append(k.errs, c.Callee())
			}
		})
		told := map[int]bool{}
		fds := noreturn.Descriptors(f, fn)
		fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind != parse.SIf || seen[s.Pos] {
				return true
			}
			seen[s.Pos] = true
			fd, socket := noreturn.TestedCall(f, s, fds)
			for _, b := range []*parse.Stmt{s.Body, s.Else} {
				if b == nil || b.Kind == parse.SIf {
					continue
				}
				own := []*parse.Stmt{b}
				if b.Kind == parse.SBlock {
					own = b.List
				}
				for _, x := range own {
					if x.Kind != parse.SExpr {
						continue
					}
					c := x.Expr.Strip()
					if c == nil || c.Kind != parse.XCall {
						continue
					}
					if ctree.LiteralIndex(c) >= 0 {
						told[c.Pos] = true
						k.reports = append(k.reports, &report{call: c, fn: fn, body: b, fd: fd, socket: socket})
					}
				}
			}
			return true
		})
		ctree.Calls(fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
			if s.Kind == parse.SExpr && s.Expr.Strip() == c {
				if t, ok := textOf(fn, c); ok {
					k.texts = append(k.texts, t)
				}
			}
			if s.Kind == parse.SExpr && s.Expr.Strip() == c && ctree.LiteralIndex(c) >= 0 && !told[c.Pos] && !seen[c.Pos] {
				seen[c.Pos] = true
				k.reports = append(k.reports, &report{call: c, fn: fn})
			}
		})
	}
	k.byPlace = make([]int, len(k.reports))
	for i := range k.byPlace {
		k.byPlace[i] = i
	}
	slices.SortStableFunc(k.byPlace, func(a, b int) int { return cmp.Compare(k.reports[a].call.Pos, k.reports[b].call.Pos) })
	k.countReasons(f)
	return k
}

// countReasons counts how the reports about sockets say what went wrong.
func (k *fileMessages) countReasons(f *parse.File) {
	index := map[[2]string]int{}
	for _, r := range k.reports {
		if !r.socket {
			continue
		}
		args := r.call.Args[ctree.LiteralIndex(r.call)+1:]
		numbers := printedNumbers(r.call, len(args))
		for i, a := range args {
			text := ctree.OneLine(parse.ExprText(f, a))
			switch {
			case !isErrnoText(text), numbers[i]: // a number is not what stands for strerror(errno)
			case r.fd != "" && ctree.Normalize(text) == "strerror("+r.fd+")": // errno was kept in the descriptor's variable
			case ctree.Normalize(text) == "strerror(errno)":
				if !underWindows(f, a.Pos) {
					k.plain++
				}
			default:
				i, ok := index[[2]string{text, r.fd}]
				if !ok {
					i = len(k.reasons)
					index[[2]string{text, r.fd}] = i
					k.reasons = append(k.reasons, errnoArg{text: text, fd: r.fd})
				}
				k.reasons[i].n++
			}
		}
	}
}

// printedNumbers tells which of the n arguments behind a text are printed as numbers.
func printedNumbers(c *parse.Expr, n int) map[int]bool {
	text, _ := ctree.JoinLiterals(ctree.LiteralIn(c.Args[ctree.LiteralIndex(c)]).Name)
	numbers := map[int]bool{}
	if sl, ok := slots(text, make([]string, n)); ok {
		for _, s := range sl {
			numbers[s.arg] = strings.IndexByte("diuxX", text[s.to-1]) >= 0
		}
	}
	return numbers
}

// readsSocketError recognises functions that make a text of the last socket
// error by themselves: sock_geterrmsg(), print_sock_err().
func readsSocketError(name string) bool {
	low := strings.ToLower(name)
	return strings.Contains(low, "sock") && strings.Contains(low, "err") &&
		(strings.Contains(low, "get") || strings.Contains(low, "print") || strings.Contains(low, "fmt"))
}

// SocketReason is what stands for strerror(errno) after a failed socket call
// in files that have a way of their own: the argument, "-" where errno is not
// to be spoken of, "" where strerror(errno) is right.
func (p *Messages) SocketReason(t *anchor.Point) string {
	if own := p.functionReason(t); own != "" {
		return own
	}
	f := t.Spot.File
	best, plain := p.reasonIn(t, []*parse.File{f})
	if best == "" && plain == 0 && p.portableErrs(f) {
		best, _ = p.reasonIn(t, p.Others(f))
	}
	if best == "" && plain == 0 {
		best = p.namedReason(t)
	}
	if best != "" || plain > 0 {
		return best
	}
	if len(p.inFile(f).errs) > 0 {
		return "-"
	}
	return ""
}

// namedReason is built from the functions for the errors of sockets that the
// file calls elsewhere: x_sock_strerror(), and x_sock_errno() where it has that.
func (p *Messages) namedReason(t *anchor.Point) string {
	f := t.Spot.File
	e := p.named.Get(f, func() socketErrors { return findSocketErrors(f) })
	switch {
	case e.text == "":
		return ""
	case e.number == "":
		return e.text + "(errno)"
	case e.ofSocket:
		return e.text + "(" + e.number + "(" + t.Spot.FD + "))"
	}
	return e.text + "(" + e.number + "())"
}

// socketErrors are the functions for the errors of sockets that a file calls.
type socketErrors struct {
	text, number string
	ofSocket     bool // the error number is read from the descriptor
}

func findSocketErrors(f *parse.File) (e socketErrors) {
	for i, k := range f.Toks {
		if k.Kind != token.Ident || i+1 >= len(f.Toks) || f.Toks[i+1].Op != token.LParen {
			continue
		}
		name := f.Text(k)
		low := strings.ToLower(name)
		if !strings.Contains(low, "sock") || !strings.HasSuffix(low, "strerror") && !strings.HasSuffix(low, "errno") ||
			underWindows(f, int(k.Off)) {
			continue
		}
		if strings.HasSuffix(low, "strerror") {
			e.text = name
		} else {
			e.number, e.ofSocket = name, f.Toks[i+2].Op != token.RParen
		}
	}
	return e
}

// reasonIn counts how files tell what went wrong with a socket: best is the
// commonest argument other than strerror(errno), "" when that is commoner.
func (p *Messages) reasonIn(t *anchor.Point, files []*parse.File) (best string, plain int) {
	n := 0
	votes := map[string]int{}
	for _, g := range files {
		k := p.inFile(g)
		plain += k.plain
		for _, r := range k.reasons {
			if text, ok := p.forDescriptor(t, r.text, r.fd); ok {
				votes[text] += r.n
				if v := votes[text]; v > n || v == n && text < best {
					best, n = text, v
				}
			}
		}
	}
	if n <= plain {
		best = ""
	}
	return best, plain
}

// portableErrs reports whether a file names functions that read a socket's error.
func (p *Messages) portableErrs(f *parse.File) bool {
	return p.portable.Get(f, func() bool {
		for _, g := range append([]*parse.File{f}, p.Others(f)...) {
			for _, r := range p.inFile(g).reports {
				at := ctree.LiteralIndex(r.call)
				for _, a := range r.call.Args[at+1:] {
					c := a.Strip()
					if r.socket && c != nil && c.Kind == parse.XCall && strings.Contains(strings.ToLower(c.Callee()), "sock") &&
						isErrnoText(c.Callee()) && len(f.Idents(c.Callee())) > 0 {
						return true
					}
				}
			}
		}
		return false
	})
}

// forDescriptor puts the new descriptor into an argument; ok is false when the
// argument holds what the insertion may not know.
func (p *Messages) forDescriptor(t *anchor.Point, content, fd string) (string, bool) {
	if fd != "" && fd != t.Spot.Key {
		content = ctree.ReplaceWord(content, fd, t.Spot.FD)
	}
	for i, w := range text.Words(content) {
		end := i + len(w)
		isCall := end < len(content) && (content[end] == '(' || content[end] == ' ')
		switch {
		case w == "errno" || strings.Contains(t.Spot.FD, w) || w[0] >= '0' && w[0] <= '9':
		case isCall && len(t.Spot.File.Idents(w)) > 0 && !ctree.Declares(t.Spot.Func, w):
		default:
			return "", false
		}
	}
	return content, true
}

// underWindows reports whether an offset stands under an #if that tells
// Windows from the rest.
func underWindows(f *parse.File, off int) bool {
	for _, a := range ctree.Arms(f, off) {
		for _, d := range f.Dirs {
			if int(f.Toks[d.Tok].Off) == a.Start && (strings.Contains(d.Text, "WIN32") ||
				strings.Contains(d.Text, "WINDOWS") || strings.Contains(d.Text, "WINSOCK")) {
				return true
			}
		}
	}
	return false
}

// setReason brings the reason of a new message in line with SocketReason.
func setReason(text string, args []string, why string) (string, []string) {
	if why == "" {
		return text, args
	}
	sl, ok := slots(text, args)
	if !ok {
		return text, args
	}
	for _, s := range sl {
		if s.arg < 0 {
			continue
		}
		switch arg := ctree.Normalize(args[s.arg]); {
		case arg == why:
			return text, args
		case arg == "strerror(errno)":
		case why == "strerror(errno)" && text[s.to-1] == 's' && isErrnoText(arg) && strings.Contains(arg, "sock"):
		default:
			continue
		}
		if why != "-" {
			args = append(append(append([]string(nil), args[:s.arg]...), why), args[s.arg+1:]...)
			return text, args
		}
		head, tail := strings.TrimRight(text[:s.from], " :-(=["), strings.TrimLeft(text[s.to:], ")]")
		args = append(append([]string(nil), args[:s.arg]...), args[s.arg+1:]...)
		if !saysFailure(head) {
			head += " failed"
		}
		return head + tail, args
	}
	return text, args
}

// domain exchanges a constant before a message that was taken from
// another step: the file's messages about its descriptors, where they agree on
// one of the same family, name the right subject.
func (p *Messages) domain(f *parse.File, i int, arg string) string {
	cut := strings.IndexByte(arg, '_')
	if cut < 0 || !ctree.IsUpper(arg) || knowledge.IsLevel(arg) {
		return arg
	}
	return p.domains.Get(messageKey{file: f, arg: arg, at: i}, func() string { return p.findDomain(f, i, arg, arg[:cut+1]) })
}

func (p *Messages) findDomain(f *parse.File, i int, arg, family string) string {
	votes := map[string]int{}
	for _, r := range p.inFile(f).reports {
		if (r.fd != "" || r.socket) && i < ctree.LiteralIndex(r.call) {
			if a := ctree.OneLine(parse.ExprText(f, r.call.Args[i])); strings.HasPrefix(a, family) && ctree.IsUpper(a) {
				votes[a]++
			}
		}
	}
	best := arg
	for _, a := range slices.Sorted(maps.Keys(votes)) {
		n, m := votes[a], votes[best]
		if n > m || n == m && ofNetwork(a) && !ofNetwork(best) {
			best = a
		}
	}
	return best
}

// ofNetwork reports whether a constant names what sockets belong to.
func ofNetwork(name string) bool {
	return strings.HasSuffix(name, "_NET") || strings.HasSuffix(name, "_NETWORK") || strings.Contains(name, "_SOCK")
}

// warningLevel is the file's level for what goes wrong and ends nothing, in the
// family of arg, "" when it has none; any level of that name counts where the
// pattern is from another file. For a function of the program's own the folder's other
// files count, too.
func (p *Messages) warningLevel(f *parse.File, arg, callee string, any bool) string {
	return p.warnings.Get(messageKey{f, callee, arg, 0, any}, func() string { return p.findWarningLevel(f, arg, callee, any) })
}

func (p *Messages) findWarningLevel(f *parse.File, arg, callee string, any bool) string {
	base := knowledge.LevelFamily(arg)
	if base == "" {
		return ""
	}
	for _, s := range knowledge.WarningSuffixes {
		if any && len(f.Idents(base+s)) > 0 {
			return base + s
		}
	}
	for _, r := range p.inFile(f).reports {
		at := ctree.LiteralIndex(r.call)
		for _, a := range r.call.Args[:at] {
			if w := ctree.OneLine(parse.ExprText(f, a)); knowledge.IsWarningOf(base, w) && tellsFailure(f, r.call) {
				return w
			}
		}
	}
	if strings.HasPrefix(arg, "LOG_") { // syslog's: every file makes up its own mind
		return ""
	}
	for _, g := range p.Others(f) {
		if ctree.Dir(g.Path) != ctree.Dir(f.Path) {
			break
		}
		for _, r := range p.inFile(g).reports {
			for _, a := range r.call.Args[:ctree.LiteralIndex(r.call)] {
				if w := ctree.OneLine(parse.ExprText(g, a)); r.call.Callee() == callee &&
					knowledge.IsWarningOf(base, w) && tellsFailure(g, r.call) {
					return w
				}
			}
		}
	}
	return ""
}

// milderFunc is the function by which the file tells of failures that end nothing:
// log_warning for log_error, where it calls that one so.
func (p *Messages) milderFunc(f *parse.File, callee string, at int) string {
	return p.milderFuncs.Get(messageKey{file: f, callee: callee, at: at}, func() string { return p.findMilderFunc(f, callee, at) })
}

func (p *Messages) findMilderFunc(f *parse.File, callee string, at int) string {
	for _, l := range knowledge.MilderFunctions {
		i := strings.Index(callee, l[0])
		if i < 0 {
			continue
		}
		if rest := callee[i+len(l[0]):]; rest != "" && rest[0] != '_' {
			continue // error_errno is one of them, errorf is not
		}
		other := callee[:i] + l[1] + callee[i+len(l[0]):]
		for _, r := range p.inFile(f).reports {
			if r.call.Callee() == other && ctree.LiteralIndex(r.call) == at && tellsFailure(f, r.call) {
				return other
			}
		}
	}
	return callee
}

// tellsFailure reports whether a message says that something failed.
func tellsFailure(f *parse.File, c *parse.Expr) bool {
	lit, _ := ctree.JoinLiterals(ctree.LiteralIn(c.Args[ctree.LiteralIndex(c)]).Name)
	if saysFailure(lit) || strings.Contains(lit, "%m") {
		return true
	}
	for _, a := range c.Args[ctree.LiteralIndex(c)+1:] {
		if isErrnoText(parse.ExprText(f, a)) {
			return true
		}
	}
	return false
}

// endsInNewline reports whether messages of that function end in a newline in the
// file, as far as they have one text.
func (p *Messages) endsInNewline(f *parse.File, callee string) bool {
	return p.newlines.Get(messageKey{file: f, callee: callee}, func() bool { return p.findEndsInNewline(f, callee) })
}

func (p *Messages) findEndsInNewline(f *parse.File, callee string) bool {
	with, without := 0, 0
	for _, r := range p.inFile(f).reports {
		if r.call.Callee() == callee {
			lit, ok := ctree.JoinLiterals(ctree.LiteralIn(r.call.Args[ctree.LiteralIndex(r.call)]).Name)
			if ok {
				ctree.Count(strings.HasSuffix(lit, `\n`), &with, &without)
			}
		}
	}
	return with > 2*without
}

// withLevelPrefix puts the word before a message that the program's others of
// its level begin with, "Warning: ", and takes that of another level away.
func (p *Messages) withLevelPrefix(f *parse.File, c *parse.Expr, front []string, text string) string {
	level := -1
	for i, a := range front {
		if knowledge.IsLevel(a) {
			level = i
		}
	}
	if level < 0 {
		return text
	}
	all := p.prefixes.Get(messageKey{file: f, callee: c.Callee(), arg: front[level], at: level}, func() prefixVotes {
		return p.votePrefixes(f, c.Callee(), front[level], level)
	})
	votes, total := all.votes, all.total
	own := levelPrefix(text)
	for _, word := range slices.Sorted(maps.Keys(votes)) {
		n := votes[word]
		if word != own && n > 1 && 5*n >= 3*total {
			rest := strings.TrimPrefix(text, own)
			return word + rest
		}
	}
	return text
}

// prefixVotes count the words for their level that messages begin with.
type prefixVotes struct {
	votes map[string]int
	total int
}

// votePrefixes counts those of the calls of a function with a level at index i.
func (p *Messages) votePrefixes(f *parse.File, callee, level string, i int) (v prefixVotes) {
	v.votes = map[string]int{}
	for near, g := range append([]*parse.File{f}, p.Others(f)...) {
		if near > 0 && v.total >= 3 {
			break // the file says enough
		}
		for _, r := range p.inFile(g).reports {
			at := ctree.LiteralIndex(r.call)
			if r.call.Callee() != callee || at <= i || ctree.OneLine(parse.ExprText(g, r.call.Args[i])) != level {
				continue
			}
			if lit, ok := ctree.JoinLiterals(ctree.LiteralIn(r.call.Args[at]).Name); ok {
				v.total++
				v.votes[levelPrefix(lit)]++
			}
		}
	}
	return v
}

// levelPrefix is the word for its level that a message begins with: "Warning: ", "ERROR - ".
func levelPrefix(text string) string {
	for _, sep := range []string{": ", " - "} {
		if word, _, ok := strings.Cut(text, sep); ok && knowledge.IsLevelPrefix(word) {
			return word + sep
		}
	}
	return ""
}
