package newfunc

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// Place returns the line for a new function: above fn, the first function that uses it, and its
// comment, outside every #if that one of the uses (offsets) is not in. If some builds would have no
// use of it, guards are the #if lines of the uses, to be put around it. ok is false where no line is
// certain.
func Place(f *parse.File, fn *parse.Func, uses []int) (at int, guards []string, ok bool) {
	head := f.Src[fn.Start:fn.NamePos]
	if bytes.Count(head, []byte("\n")) > 3 || bytes.ContainsAny(head, "(;#") {
		return 0, nil, false // macros stand before the head
	}
	at = aboveDoc(f, text.LineStart(f.Src, fn.Start))
	for _, use := range uses {
		here, there := ctree.Arms(f, at), ctree.Arms(f, use)
		for i := range here {
			if i >= len(there) || here[i].Start != there[i].Start || here[i].Arm != there[i].Arm {
				at = aboveComment(f, text.LineStart(f.Src, here[i].Start))
				break
			}
		}
	}
	var calls []ctree.GuardSet
	for _, use := range uses {
		calls = append(calls, ctree.GuardsAt(f, use))
	}
	if ctree.Covers(ctree.GuardsAt(f, at), calls) {
		return at, nil, true
	}
	for i, use := range uses {
		if !slices.ContainsFunc(calls, func(g ctree.GuardSet) bool { return !calls[i].Holds(g) }) {
			guards = ctree.GuardLines(f, use, at)
			return at, guards, guards != nil
		}
	}
	return at, nil, false
}

// OpensArm reports whether the line before an offset begins an #if.
func OpensArm(f *parse.File, at int) bool {
	line := bytes.TrimLeft(f.Src[text.LineStart(f.Src, at-1):at], " \t")
	line, ok := bytes.CutPrefix(line, []byte("#"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("if"))
}

// UnderGuards puts #if lines around a function and the empty line after it.
func UnderGuards(guards []string, content, eol string) string {
	if len(guards) == 0 {
		return content
	}
	return strings.Join(guards, eol) + eol + strings.TrimSuffix(content, eol) + strings.Repeat("#endif"+eol, len(guards)) + eol
}

// isBoxComment reports whether a comment begins with a row of marks.
func isBoxComment(c string) bool {
	return strings.HasPrefix(c, "/********") || strings.HasPrefix(c, "/*------") || strings.HasPrefix(c, "/*======") ||
		strings.HasPrefix(c, "/* ------") || strings.HasPrefix(c, "/* ======")
}

// mostlyWithoutBox reports whether most functions of a file have no such comment: those
// that there are stand above sections.
func mostlyWithoutBox(f *parse.File) bool {
	box, none := 0, 0
	for _, fn := range f.Funcs {
		if fn.Macro == nil {
			at := text.LineStart(f.Src, fn.Start)
			for at > 0 && text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) {
				at = text.LineStart(f.Src, at-1)
			}
			ctree.Count(isBoxComment(ctree.CommentBefore(f, at)), &box, &none)
		}
	}
	return none > box
}

// isMarker reports whether a comment says nothing: some tool looks for it.
func isMarker(c string) bool {
	return strings.HasPrefix(c, "/*") && strings.Trim(c, "/* ") == "" && len(c) < 8
}

// aboveDoc is aboveComment for a function whose comment may have a blank line after it.
func aboveDoc(f *parse.File, at int) int {
	if up := aboveComment(f, at); up != at || at == 0 {
		if !isMarker(ctree.CommentBefore(f, at)) {
			return up
		}
		at = up // what the function does may be told above a blank line
	}
	if prev := text.LineStart(f.Src, at-1); text.BlankLine(f.Src, prev) {
		c := ctree.CommentBefore(f, prev)
		if isBoxComment(c) && mostlyWithoutBox(f) {
			return at // the banner of a section
		}
		if strings.HasPrefix(c, "/*") && saysWords(c) {
			return aboveComment(f, prev)
		}
	}
	return at
}

// saysWords reports whether a comment is more than a row of marks.
func saysWords(c string) bool {
	return strings.ContainsAny(strings.ToLower(c), "abcdefghijklmnopqrstuvwxyz")
}

// aboveComment goes from a line to that of the comment above it, which may be one of several lines,
// several comments, or a box of them: a title between two rows of marks.
func aboveComment(f *parse.File, at int) int {
	for {
		c := ctree.CommentBefore(f, at)
		if c == "" {
			return at
		}
		at = text.LineStart(f.Src, bytes.LastIndex(f.Src[:at], []byte(c)))
		up := ctree.CommentBefore(f, at)
		lines := strings.HasPrefix(c, "//") && strings.HasPrefix(up, "//")
		blocks := strings.HasPrefix(c, "/*") && strings.HasPrefix(up, "/*") && !isBoxComment(up) && saysWords(up)
		if !lines && !blocks && !isRow(c) && !isRow(up) {
			return at
		}
	}
}

// isRow reports whether a comment is made of marks alone.
func isRow(c string) bool { return c != "" && !strings.ContainsFunc(c, unicode.IsLetter) }

// AfterIncludes is the line after the last #include that every build reads.
func AfterIncludes(f *parse.File) (int, bool) {
	at := -1
	for _, d := range f.Dirs {
		off := int(f.Toks[d.Tok].Off)
		if d.Name == "include" && len(ctree.Arms(f, off)) == 0 {
			at = text.LineEnd(f.Src, int(f.Toks[d.Tok].End))
		}
	}
	return at, at > 0 && bytes.HasSuffix(f.Src[:at], []byte("\n"))
}
