package patch

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// readerText is the body of the function that takes the option's argument:
// IDLE[:INTERVAL[:COUNT]], or none.
func (j *Patch) readerText(st Layout) string {
	v := j.CommandLineVariable()
	off := ""
	if j.Settings.On {
		off = fmt.Sprintf(`if (arg != NULL && %s == 0) {
%s.on = 0;
return 0;
}
`, st.Call("strcmp", "arg", `"off"`), v)
	}
	return fmt.Sprintf(`{
int *timer[3];
char *end;
long val;
int i;

timer[0] = &%[1]s.idle;
timer[1] = &%[1]s.interval;
timer[2] = &%[1]s.count;
%[2]s%[1]s.on = 1;
if (arg == NULL) {
return 0;
}
if (*arg == '=') {
arg++;
}
for (i = 0; i < 3; i++) {
val = %[3]s;
if (end == arg || val < 1 || val > (i < 2 ? %[4]d : %[5]d)) {
return -1;
}
*timer[i] = (int)val;
if (*end == '\0') {
return 0;
}
if (*end != ':') {
return -1;
}
arg = end + 1;
}
return -1;
}
`, v, off, st.Call("strtol", "arg", "&end", "10"), knowledge.MaxIdle, knowledge.MaxCount)
}

// otherNames are what the variables of inserted functions are called where a global one has
// their name.
var otherNames = map[string]string{"timer": "times", "end": "rest", "val": "number", "i": "n", "names": "variables", "s": "text"}

// Unshadowed renames the variables of an inserted function that would hide global ones of
// the file or of its headers, which -Wshadow tells.
func (j *Patch) Unshadowed(f *parse.File, body string) string {
	files := append([]*parse.File{f}, j.Tree.Headers(f)...)
	for k := 1; k < len(files) && len(files) < 64; k++ {
		for _, h := range j.Tree.Headers(files[k]) {
			if !slices.Contains(files, h) {
				files = append(files, h)
			}
		}
	}
	for name, other := range otherNames {
		word := regexp.MustCompile(`\b` + name + `\b`)
		for _, h := range files {
			for _, d := range h.DeclsNaming(name) {
				if d.Name == name && !d.IsFunc {
					body = word.ReplaceAllString(body, other)
				}
			}
		}
	}
	return body
}

// CommandLineVariable is the variable that the command line sets: beside a configuration file one
// of its own, so that what is read later, or again, does not take its place.
func (j *Patch) CommandLineVariable() string {
	if j.Settings.Both {
		return j.Variable + "_given"
	}
	return j.Variable
}

// Reader puts that function before the one that reads the arguments, and
// returns its name.
func (j *Patch) Reader(fn *parse.Func) (string, error) {
	name := "set_" + j.Variable
	f := fn.File
	if j.Reads[f] {
		return name, nil
	}
	head := f.Src[fn.Start:fn.NamePos]
	if bytes.ContainsAny(head, "(;#") || bytes.Count(head, []byte("\n")) > 3 {
		return "", fmt.Errorf("%s: macros stand in front of %s()", f.Path, fn.Name)
	}
	at, ok := FunctionStart(f, fn)
	if !ok {
		return "", fmt.Errorf("%s: an #if stands between the head and the body of %s()", f.Path, fn.Name)
	}
	st := j.Host.Style(fn, fn.BodyPos)
	body := st.Layout("", j.Unshadowed(f, j.readerText(st)))
	comment := st.Comment("Turn on TCP keepalive; arg is NULL or IDLE[:INTERVAL[:COUNT]].")
	lines := append([]string{comment}, st.Head("static int", name, "const char *arg", body)...)
	for _, h := range []string{"stdlib.h", "string.h"} {
		if h == "string.h" && !j.Settings.On {
			continue
		}
		edits, ok := j.Host.Include(f, h)
		if !ok {
			return "", fmt.Errorf("%s: no safe place for #include <%s>", f.Path, h)
		}
		for _, e := range edits {
			j.Insert(f, e.Start, e.New)
		}
	}
	if at > 0 && !text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) {
		lines = append([]string{""}, lines...)
	}
	j.Insert(f, at, strings.Join(lines, st.EOL())+st.EOL()+st.EOL())
	j.Reads[f] = true
	return name, nil
}
