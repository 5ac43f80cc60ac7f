package argswitch

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// The variables bear the names that libkeepalive gave them:
// https://libkeepalive.sourceforge.net/

const envText = `{
static const char *const names[] = { "KEEPIDLE", "KEEPINTVL", "KEEPCNT" };
%[2]sint *timer[3];
const char *s;
char *end;
long val;
int i;

%[3]stimer[0] = &%[1]s.idle;
timer[1] = &%[1]s.interval;
timer[2] = &%[1]s.count;
s = %[5]s;
if (s != NULL && %[6]s == 0) {
%[1]s.on = 1;
}
else if (s != NULL && %[7]s == 0) {
%[1]s.on = 0;
}
%[4]sfor (i = 0; i < 3; i++) {
s = %[8]s;
if (s == NULL) {
continue;
}
val = %[9]s;
if (end == s || *end != '\0' || val < 1 || val > (i < 2 ? 32767 : 127)) {
%[10]s
}
*timer[i] = (int)val;
}
return %[11]s;
}
`

// envReader is the body of the function that reads the environment. A lazy one
// runs when the first socket is made and tells whether keepalive is on; what
// it does not understand it passes over, as a library cannot end the program.
func (j *extension) envReader(st patch.Layout) string {
	v := j.Variable
	known, first, bad, wrong, result := "", "", "else if (s != NULL) {\nreturn -1;\n}\n", "return -1;", "0"
	if j.g.lazy {
		known = "static int known;\n"
		first = fmt.Sprintf("if (known) {\nreturn %s.on;\n}\nknown = 1;\n", v)
		bad, wrong, result = "", "continue;", v+".on"
	}
	return fmt.Sprintf(envText, v, known, first, bad, st.Call("getenv", `"KEEPALIVE"`), st.Call("strcmp", "s", `"on"`),
		st.Call("strcmp", "s", `"off"`), st.Call("getenv", "names[i]"), st.Call("strtol", "s", "&end", "10"), wrong, result)
}

func (j *extension) envHead(f *parse.File, st patch.Layout) []string {
	comment := st.Comment("Read KEEPALIVE (on or off), KEEPIDLE, KEEPINTVL and KEEPCNT from the environment.")
	return append([]string{comment}, st.Head("static int", "read_"+j.Variable, "void", st.Layout("", j.Unshadowed(f, j.envReader(st))))...)
}

// env lets a program's main() read the environment first of all.
func (j *extension) env(p *program.Program) error {
	fn := p.Main.Forms[0]
	f := fn.File
	at, ok := patch.FunctionStart(f, fn)
	if !ok || strings.ContainsAny(string(f.Src[fn.Start:fn.NamePos]), "(;#") {
		return fmt.Errorf("%s: the head of main() was not understood", f.Path)
	}
	st := j.Host.Style(fn, fn.BodyPos)
	if err := j.Include(f, "stdio.h", "stdlib.h", "string.h"); err != nil {
		return err
	}
	j.Insert(f, at, strings.Join(j.envHead(f, st), st.EOL())+st.EOL()+st.EOL())
	j.Reads[f] = true
	body := fn.Body()
	end, base := body.Pos+1, st.Deeper("")
	for _, s := range body.List {
		if text.FirstOnLine(f.Src, s.Pos) {
			base = text.IndentAt(f.Src, s.Pos)
		}
		if s.Kind != parse.SDecl {
			break
		}
		end = s.End
	}
	to, ok := patch.LineAfter(f, end)
	if !ok || !f.SameGuards(to, fn.BodyPos) {
		return fmt.Errorf("%s: no certain place at the start of main()", f.Path)
	}
	code := "if (" + st.Call("read_"+j.Variable) + " < 0) {\n" +
		st.Call("fprintf", "stderr", `"invalid KEEPALIVE, KEEPIDLE, KEEPINTVL or KEEPCNT in the environment\n"`) + ";\nreturn 1;\n}"
	text := strings.Join(st.Layout(base, code), st.EOL()) + st.EOL()
	if end > body.Pos+1 {
		text = st.EOL() + text
	}
	j.Insert(f, to, text)
	j.Notes = append(j.Notes, f.Path+": KEEPALIVE, KEEPIDLE, KEEPINTVL and KEEPCNT in the environment")
	return nil
}

// lazyEnv lets a file with sockets read the environment by itself: there is no
// main() to do it.
func (j *extension) lazyEnv(f *parse.File) error {
	var fn *parse.Func
	for _, x := range f.Funcs {
		if x.Macro == nil {
			fn = x
			break
		}
	}
	at, ok := j.lazyPlace(f)
	if fn == nil || !ok || strings.HasSuffix(f.Path, ".h") {
		return fmt.Errorf("%s: no safe place for the variable", f.Path)
	}
	if err := j.Include(f, "stdlib.h", "string.h"); err != nil {
		return err
	}
	st := j.Host.Style(fn, fn.BodyPos)
	lines := append([]string{j.definition(f, true)}, "")
	lines = append(lines, j.envHead(f, st)...)
	j.Insert(f, at, withBlankLines(f, at, strings.Join(lines, st.EOL())))
	j.Reads[f] = true
	j.Notes = append(j.Notes, f.Path+": KEEPALIVE, KEEPIDLE, KEEPINTVL and KEEPCNT in the environment")
	return nil
}

// lazyPlace is where a file without main() reads the environment: above its functions, or in the
// arm of an #if that all its sockets are in, since a function that nothing calls is a warning.
func (j *extension) lazyPlace(f *parse.File) (int, bool) {
	var first *parse.Func
	for _, n := range j.g.sites {
		fn := n.Forms[0]
		switch {
		case n.File != f:
		case len(n.Forms) > 1 || len(f.Guards(fn.Start)) == 0 || first != nil && !f.SameGuards(fn.Start, first.Start):
			return variablePlace(f)
		case first == nil || fn.Start < first.Start:
			first = fn
		}
	}
	if first == nil {
		return variablePlace(f)
	}
	return patch.FunctionStart(f, first)
}
