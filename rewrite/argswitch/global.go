package argswitch

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/argv"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// Names for the variable, best first.
var variableNames = []string{"tcp_keepalive", "tcp_keepalive_opt", "keepalive_switch", "tcp_keepalive_switch", "keepatch_keepalive"}

// pickName gives a group's variable a name that means nothing in the tree. The
// functions that go with it carry the name too. Groups that are never linked
// together may use the same one.
func (s *Switch) pickName(g *group) {
	taken := map[string]bool{}
	for _, o := range s.groups {
		if o != g && o.name != "" && !taken[o.name] && !s.alone(o) && !s.alone(g) && s.linkedTogether(o, g) {
			taken[o.name] = true
		}
	}
	for _, n := range variableNames {
		if !taken[n] && !s.t.HasWord(n) && !s.t.HasWord("set_"+n) && !s.t.HasWord("read_"+n) && !s.t.HasWord("use_"+n) && !s.t.HasWord(n+"_given") {
			g.name = n
			return
		}
	}
	if g.reason == "" {
		g.reason = "every name for the variable is taken in this tree"
	}
}

// linkedTogether reports whether a program or library holds files of both groups, though it
// may run the code of one alone.
func (s *Switch) linkedTogether(a, b *group) bool {
	x, y := s.filesOf(a), s.filesOf(b)
	for _, u := range s.t.Finals(x) {
		for _, f := range y {
			if u.Sources[path.Clean(f.Path)] {
				return true
			}
		}
	}
	for _, pair := range [][2]*group{{a, b}, {b, a}} {
		for _, p := range pair[0].programs {
			linked := s.t.LinkClosure(p.Main)
			for _, n := range pair[1].sites {
				if linked[s.t.Unit(n.File)] {
					return true
				}
			}
		}
	}
	return false
}

// alone reports whether one file certainly does all of a group's work, so that its variable is
// static: it makes the sockets and reads the arguments.
func (s *Switch) alone(g *group) bool {
	files := s.filesOf(g)
	if len(files) != 1 || s.opt.Config || s.opt.Both || s.opt.Auto {
		return false
	}
	for _, p := range g.programs {
		if s.t.Unit(p.Main.File) != files[0] {
			return false
		}
		for n := range p.Steps {
			if s.t.Unit(n.File) != files[0] && !n.Macro && argv.TakesArgs(n) {
				return false
			}
		}
	}
	return true
}

// filesOf are the files of a group's sockets.
func (s *Switch) filesOf(g *group) []*parse.File {
	var out []*parse.File
	for _, n := range g.sites {
		if f := s.t.Unit(n.File); !holdsFile(out, f) {
			out = append(out, f)
		}
	}
	return out
}

const meaning = "on, and the timers that the user set; 0 is the system's own"

// Declares reports whether an inserted text is the variable's declaration: what uses
// the variable stands below it.
func Declares(text string) bool {
	return declares.MatchString(text) || strings.Contains(text, meaning)
}

var declares = text.NewPattern(`struct \w+ \{[^}]*\bidle\b[^}]*\bcount; \}`)

// declare makes the variable known in all files that use it: defined in one
// that every program with one of the files links, or in the file of each
// main(), and declared in a header that they all include, else in each.
func (j *extension) declare(users []*parse.File, sites []*program.Node) error {
	for _, f := range users { // a part of the file may use it
		if at := j.Tree.Included(f); at > 0 && (j.Above[f] == 0 || at < j.Above[f]) {
			j.Above[f] = at
		}
	}
	homes, weak, err := j.definingFiles(users, sites)
	if err != nil {
		return err
	}
	home := homes[0]
	var others []*parse.File
	for _, f := range users {
		if !holdsFile(homes, f) && !(len(homes) == 1 && j.Tree.HoldsText(f, home)) {
			others = append(others, f)
		}
	}
	def := j.definition(home, len(others) == 0 && len(homes) == 1)
	var header *parse.File
	var hat int
	if len(homes) == 1 {
		header, hat = j.sharedHeader(home, others)
	}
	if header != nil && j.types.on != "" && j.types.on != "bool" && !plainType.MatchString(j.types.on) &&
		!j.knowsType(header, j.types.on, map[*parse.File]bool{}) {
		header = nil
	}
	for _, f := range users {
		if err := j.needsType(f); err != nil {
			return err
		}
	}
	switch {
	case len(others) == 0:
	case header != nil:
		def = strings.Replace(def, " "+j.members(home), "", 1)
		j.Insert(header, hat, j.declaration(header)+text.EOL(header.Src, 0))
	default:
		for _, f := range others {
			oat, ok := placeAbove(f, nil, j.Above[f])
			if !ok {
				oat, ok = j.besideUses(f, sites)
			}
			if !ok {
				return fmt.Errorf("%s: no safe place for the variable's declaration", f.Path)
			}
			j.Insert(f, oat, withBlankLines(f, oat, j.declaration(f)))
		}
	}
	for _, f := range homes {
		at, ok := placeAbove(f, nil, j.Above[f])
		if len(users) == 1 || !ok && weak {
			if in, fits := j.besideUses(f, sites); fits {
				at, ok = in, true
			}
		}
		if !ok {
			return fmt.Errorf("%s: no safe place for the variable", f.Path)
		}
		comment := j.comment(f, meaning)
		def := def
		if weak {
			// The programs that link one of the files and not the others.
			def = strings.ReplaceAll(j.definition(f, false), " = {", " __attribute__((weak)) = {")
		}
		j.Insert(f, at, withBlankLines(f, at, comment+text.EOL(f.Src, 0)+def+j.chooser(f, len(others) == 0 && len(homes) == 1, weak)))
	}
	return nil
}

// besideUses is a place under the #if that all the code with a file's own
// variable stands under, so that no build has it unused.
func (j *extension) besideUses(f *parse.File, sites []*program.Node) (int, bool) {
	var guards []string
	seen := false
	for _, n := range sites {
		if n.File != f {
			continue
		}
		g := f.Guards(n.Forms[0].BodyPos)
		if !seen {
			seen, guards = true, g
		}
		if strings.Join(g, "\x00") != strings.Join(guards, "\x00") {
			return 0, false
		}
	}
	for _, fn := range j.Readers[f] {
		if strings.Join(f.Guards(fn.BodyPos), "\x00") != strings.Join(guards, "\x00") {
			return 0, false
		}
	}
	if len(guards) == 0 {
		return 0, false
	}
	return placeAbove(f, guards, j.Above[f])
}

func holdsFile(list []*parse.File, f *parse.File) bool {
	for _, g := range list {
		if g == f {
			return true
		}
	}
	return false
}

// declaration makes the variable known in a file that does not define it.
func (j *extension) declaration(f *parse.File) string {
	v := j.Variable
	decl := "extern struct " + v + " " + j.members(f) + " " + v
	if j.Settings.Both {
		decl += ", " + j.CommandLineVariable() + ";" + text.EOL(f.Src, 0) + "int use_" + v + "(void)"
	}
	return decl + ";"
}

const chooserText = `{
if (%[2]s.on >= 0) {
%[1]s.on = %[2]s.on;
}
if (%[2]s.idle > 0) {
%[1]s.idle = %[2]s.idle;
}
if (%[2]s.interval > 0) {
%[1]s.interval = %[2]s.interval;
}
if (%[2]s.count > 0) {
%[1]s.count = %[2]s.count;
}
return %[1]s.on;
}
`

// chooser is the function that puts what the command line says before what the
// configuration file does, whichever was read last. Nothing without both.
func (j *extension) chooser(f *parse.File, static, weak bool) string {
	if !j.Settings.Both {
		return ""
	}
	for _, fn := range f.Funcs {
		if fn.Macro != nil {
			continue
		}
		st := j.Host.Style(fn, fn.BodyPos)
		result := "int"
		switch {
		case static:
			result = "static int"
		case weak:
			result = "__attribute__((weak)) int"
		}
		lines := []string{"", "", st.Comment("Whether keepalive is on; the command line goes before the configuration file.")}
		if !static {
			lines = append(lines, "int use_"+j.Variable+"(void);")
		}
		lines = append(lines,
			st.Head(result, "use_"+j.Variable, "void", st.Layout("", fmt.Sprintf(chooserText, j.Variable, j.CommandLineVariable())))...)
		j.NewFuncs[f]++
		return strings.Join(lines, st.EOL())
	}
	return ""
}

// definition is the variable with its defaults.
func (j *extension) definition(f *parse.File, static bool) string {
	on, name := 0, j.Variable
	if j.Settings.On {
		on = 1
	}
	def := fmt.Sprintf("struct %s %s %s = { %d, %d, %d, %d }", name, j.members(f), name,
		on, j.Settings.Idle, j.Settings.Interval, j.Settings.Count)
	if j.Settings.Both {
		def += ", " + j.CommandLineVariable() + " = { -1, 0, 0, 0 }"
	}
	def += ";"
	if static {
		return "static " + def
	}
	return def
}

// comment spells a comment as the file does.
func (j *extension) comment(f *parse.File, s string) string {
	for _, fn := range f.Funcs {
		if fn.Macro == nil {
			return j.Host.Style(fn, fn.BodyPos).Comment(s)
		}
	}
	return "/* " + s + " */"
}

// withBlankLines sets a declaration off by blank lines where it stands after code.
func withBlankLines(f *parse.File, at int, content string) string {
	eol := text.EOL(f.Src, 0)
	content += eol
	if at > 0 && !text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) {
		content = eol + content
	}
	if at < len(f.Src) && !text.BlankLine(f.Src, at) {
		content += eol
	}
	return content
}

// variablePlace is the line after the last variable that the file defines or
// declares before its first function, else after its includes.
func variablePlace(f *parse.File) (int, bool) { return placeAbove(f, nil, 0) }

// placeAbove is the same under certain #if conditions, and above an offset
// unless that is 0.
func placeAbove(f *parse.File, guards []string, limit int) (int, bool) {
	under := func(off int) bool { return strings.Join(f.Guards(off), "\x00") == strings.Join(guards, "\x00") }
	first := len(f.Src)
	for _, fn := range f.Funcs {
		if fn.Macro == nil {
			first = min(first, fn.Start)
		}
	}
	if limit > 0 {
		first = min(first, limit)
	}
	best := -1
	for _, d := range f.Decls() {
		if d.End > first || d.Name == "" || d.Typedef || d.Enum || d.Type == nil || d.Type.Func || len(d.Params) > 0 {
			continue
		}
		if !under(d.Pos) || !under(d.End-1) || !text.FirstOnLine(f.Src, d.Pos) {
			continue
		}
		if at, ok := patch.LineAfter(f, d.End); ok && at > best {
			best = at
		}
	}
	best = max(afterDefines(f, best), afterIncludes(f, guards, first))
	if best <= 0 && limit > 0 && len(guards) == 0 {
		return aboveIfs(f, limit), true
	}
	return best, best > 0 && f.Src[best-1] == '\n'
}

// aboveIfs is the line of the outermost #if around a directive, or its own: a file that
// begins with the text of another one has no place below an #include of a header.
func aboveIfs(f *parse.File, off int) int {
	at, depth := off, 0
	for _, d := range f.Dirs {
		o := int(f.Toks[d.Tok].Off)
		if o >= off {
			break
		}
		switch {
		case strings.HasPrefix(d.Name, "if"):
			if depth == 0 {
				at = o
			}
			depth++
		case d.Name == "endif":
			if depth--; depth == 0 {
				at = off
			}
		}
	}
	return text.LineStart(f.Src, at)
}

// afterDefines is the line after macros that follow on a declaration without a blank
// line: they belong to it.
func afterDefines(f *parse.File, at int) int {
	for at > 0 && at < len(f.Src) {
		le := text.LineEnd(f.Src, at)
		line := strings.TrimSpace(string(f.Src[at:le]))
		if !strings.HasPrefix(line, "#define") || strings.HasSuffix(line, "\\") {
			break
		}
		at = le
	}
	return at
}

// afterIncludes is the line after the last #include above an offset, and after the
// #if that it stands under, where certain conditions hold alone; -1 without one.
func afterIncludes(f *parse.File, guards []string, first int) int {
	best := -1
	for i, d := range f.Dirs {
		off := int(f.Toks[d.Tok].Off)
		if d.Name != "include" || off >= first {
			continue
		}
		at, depth := text.LineEnd(f.Src, int(f.Toks[d.Tok].End)), len(f.Guards(off))-len(guards)
		if depth < 0 || strings.Join(f.Guards(off)[:len(guards)], "\x00") != strings.Join(guards, "\x00") {
			continue
		}
		for _, e := range f.Dirs[i+1:] {
			if depth == 0 {
				break
			}
			switch {
			case e.Name == "endif":
				depth--
				at = text.LineEnd(f.Src, int(f.Toks[e.Tok].End))
			case strings.HasPrefix(e.Name, "if"):
				depth++
			}
		}
		if depth == 0 && at <= first {
			best = max(best, at)
		}
	}
	return best
}

// readOnce reports whether a file never gets a header's text twice, which the definition of
// the struct would not stand: it is guarded, or no other header includes it.
func (j *extension) readOnce(h *parse.File) bool {
	guard := ""
	for i, d := range h.Dirs {
		switch text := strings.TrimSpace(d.Text); {
		case d.Name == "pragma" && text == "once":
			return true
		case i == 0:
			guard = text
		case i == 1 && d.Name == "define" && guard != "" && strings.Contains(guard, strings.Fields(text + " x")[0]):
			return true
		}
	}
	for _, f := range j.Tree.Files {
		if !strings.HasSuffix(f.Path, ".h") {
			continue
		}
		for _, x := range j.Tree.Headers(f) {
			if x == h {
				return false
			}
		}
	}
	return true
}

// sharedHeader is a header of the program that all the files include and that
// declares variables already.
func (j *extension) sharedHeader(home *parse.File, others []*parse.File) (*parse.File, int) {
	if len(others) == 0 || len(j.s.groups) > 1 {
		return nil, 0 // another group's files may include it
	}
	for _, h := range j.Tree.Headers(home) {
		all := true
		for _, f := range others {
			found := false
			for _, x := range j.Tree.Headers(f) {
				found = found || x == h
			}
			all = all && found
		}
		if !all || j.s.installs(h) || !j.readOnce(h) {
			continue
		}
		best := -1
		for _, d := range h.Decls() {
			if d.Extern && !d.Typedef && d.Name != "" && d.Type != nil && !d.Type.Func && len(d.Params) == 0 &&
				len(h.Guards(d.Pos)) == 0 && text.FirstOnLine(h.Src, d.Pos) {
				if at, ok := patch.LineAfter(h, d.End); ok && at > best {
					best = at
				}
			}
		}
		if best > 0 {
			return h, best
		}
	}
	return nil, 0
}

// installs reports whether a build file installs a header, for the programs that use a
// library of the tree: it is no place for what is the program's own.
func (s *Switch) installs(h *parse.File) bool {
	base := regexp.QuoteMeta(path.Base(h.Path))
	list := text.NewPattern(`include_HEADERS\s*\+?=(?:[^\n]*\\\n)*[^\n]*\b` + base +
		`\b|(?i)(?:install_headers\s*\(|install\s*\(\s*FILES|PUBLIC_HEADER)[^)]*\b` + base + `\b`)
	return s.build(list, "") != ""
}
