package compose

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/templates"
)

// CallGuard is the directive under which nearly all option calls of the file, or where
// it has none of the program, stand because some system has no setsockopt() (autoconf's
// HAVE_SETSOCKOPT), with the one that ends it; "" where they do not, or where the place
// stands under it itself.
func (p *Composer) CallGuard(t *Target) (under, end string) {
	f := t.Spot.File
	guard := p.callGuards.Get(f, func() string { return p.findCallGuard(f) })
	if guard == "" || slices.ContainsFunc(f.Guards(t.Place.Offset), namesSetsockopt) {
		return "", ""
	}
	return "#" + guard, "#endif"
}

func (p *Composer) findCallGuard(f *parse.File) (guard string) {
	votes := map[string]int{}
	count := func(calls []*exemplar.OptionCall) (guarded, bare int) {
		for _, h := range calls {
			if g := setsockoptArm(h.File, h.Call.Pos); g != "" {
				guarded++
				votes[g]++
			} else {
				bare++
			}
		}
		return guarded, bare
	}
	guarded, bare := count(p.OptionCalls(f))
	if guarded+bare == 0 {
		for _, g := range p.Others(f) {
			more, other := count(p.OptionCalls(g))
			guarded, bare = guarded+more, bare+other
		}
	}
	if guarded <= 2*bare {
		return ""
	}
	for _, g := range slices.Sorted(maps.Keys(votes)) {
		if guard == "" || votes[g] > votes[guard] {
			guard = g
		}
	}
	return guard
}

func namesSetsockopt(cond string) bool { return strings.Contains(cond, "SETSOCKOPT") }

// setsockoptFirst is a condition that asks for setsockopt() before it asks for more.
var setsockoptFirst = text.NewPattern(`^# *if +defined *\(? *(\w*SETSOCKOPT\w*) *\)? *&& *[^|]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^|]*)*$`)

// setsockoptArm is the directive, without its sign, of the #if around a call that asks
// for setsockopt() alone.
func setsockoptArm(f *parse.File, off int) string {
	for _, a := range ctree.Arms(f, off) {
		if a.Arm != a.Start {
			continue
		}
		line := strings.TrimSpace(string(f.Src[a.Start:text.LineEnd(f.Src, a.Start)]))
		words := strings.Fields(strings.TrimPrefix(line, "#"))
		if m := setsockoptFirst.FindStringSubmatch(line); m != nil {
			return "ifdef " + m[1]
		}
		if len(words) > 1 && (words[0] == "if" || words[0] == "ifdef") && namesSetsockopt(line) && !strings.ContainsAny(line, "!&|/\\") {
			return strings.Join(words, " ")
		}
	}
	return ""
}

// padsNested reports whether the file indents nested directives after the sign.
func padsNested(f *parse.File) bool {
	padded, tight := 0, 0
	for _, d := range f.Dirs {
		if at := int(f.Toks[d.Tok].Off); len(ctree.Arms(f, at)) > 0 && d.Name != "endif" && d.Name != "else" && d.Name != "elif" {
			ctree.Count(bytes.HasPrefix(f.Src[at:], []byte("# ")), &padded, &tight)
		}
	}
	return padded > tight
}

// PadDirectives indents the directives of a text for an offset as the file does.
func PadDirectives(content string, f *parse.File, off int) string {
	if !strings.Contains(content, "#") || !padsNested(f) {
		return content
	}
	depth := len(ctree.Arms(f, off))
	lines := strings.SplitAfter(content, "\n")
	for i, l := range lines {
		if !strings.HasPrefix(l, "#") {
			continue
		}
		word := strings.TrimLeft(l[1:], " \t")
		pad := depth
		switch {
		case strings.HasPrefix(word, "if"):
			depth++
		case strings.HasPrefix(word, "endif"):
			depth--
			pad = depth
		case strings.HasPrefix(word, "el"):
			pad--
		}
		lines[i] = "#" + strings.Repeat(" ", max(pad, 0)) + word
	}
	return strings.Join(lines, "")
}

// underGuard puts a block under CallGuard, and the declaration that only such blocks
// use.
func (p *Composer) underGuard(t *Target, b *templates.Block, v *optval.Value) {
	if b.Under, b.UnderEnd = p.CallGuard(t); b.Under == "" || v.Edit == nil || v.Under {
		return
	}
	v.Under = true
	v.Edit.New = PadDirectives(b.Under+t.Style.EOL+v.Edit.New+b.UnderEnd+t.Style.EOL, t.Spot.File, v.Edit.Start)
}
