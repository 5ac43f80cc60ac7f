// Package newfunc shapes a function that a patch adds to a file: its name, its head and comment, and
// the line where it goes. All three follow what most functions of the file do. The cost is linear in
// the functions of the file.
package newfunc

import (
	"bytes"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/style"
)

// Head puts the head of a static function on a body, in the manner of the file's functions. One in the old
// style follows on a prototype where the file's own functions have some, since
// -Wstrict-prototypes and -Wold-style-definition want that.
func Head(p *ctree.Program, f *parse.File, st *style.Style, ret, name, param string, body []string) []string {
	var tab, blank, split, joined, braceOwn, braceLine, kr, ansi, said, silent, doc, box, marked, other int
	for _, fn := range f.Funcs {
		if fn.Macro != nil || fn.Start >= fn.NamePos {
			continue
		}
		ctree.Count(bytes.Contains(f.Src[fn.Start:fn.NamePos], []byte("\n")), &split, &joined)
		ctree.Count(bytes.HasSuffix(f.Src[fn.Start:fn.NamePos], []byte("\t")), &tab, &blank)
		if bytes.Contains(f.Src[fn.BodyPos:fn.End], []byte("\n")) {
			ctree.Count(text.FirstOnLine(f.Src, fn.BodyPos), &braceOwn, &braceLine)
		}
		if len(fn.Params) > 0 {
			ctree.Count(fn.KR, &kr, &ansi)
		}
		c := ctree.CommentBefore(f, text.LineStart(f.Src, fn.Start))
		ctree.Count(c != "", &said, &silent)
		ctree.Count(isMarker(c), &marked, &other)
		ctree.Count(strings.HasPrefix(c, "/**"), &doc, &other)
		ctree.Count(strings.HasPrefix(c, "/***") || strings.HasPrefix(c, "/*-") || strings.HasPrefix(c, "/*="), &box, &other)
	}
	typ, arg := "static "+ret, param
	var decl []string
	if kr > ansi && param == "void" {
		arg = ""
	} else if kr > ansi {
		i := strings.LastIndexAny(param, " *")
		decl = []string{paramIndent(f, st) + param + ";"}
		arg = param[i+1:]
	}
	line := name + st.CallGap + "(" + st.Pad + arg + st.Pad + ")"
	var out []string
	if said > silent && 2*marked > said {
		out = append(out, "/**/")
	} else if said > silent && 2*box < said {
		c := "/* Sets */"
		if st.LineComments {
			c = "// Sets"
		}
		on := " on " + arg[strings.LastIndexByte(arg, ' ')+1:]
		c = strings.Replace(compose.LikeComment(f, c), "keepalive", "keepalive"+on, 1)
		c = strings.Replace(c, "SO_KEEPALIVE", "SO_KEEPALIVE"+on, 1)
		if 2*doc > said {
			c = strings.Replace(c, "/*", "/**", 1)
		}
		if full := strings.TrimSuffix(c, " */"); full != c {
			c = full + ". */"
		}
		out = append(out, c)
	}
	gap := " "
	if tab > blank {
		gap = "\t"
	}
	if arg != param && prototyped(p, f) {
		out = append(out, typ+gap+name+st.CallGap+"("+st.Pad+param+st.Pad+");")
	}
	if split > joined {
		out = append(out, typ, line)
	} else {
		out = append(out, typ+gap+line)
	}
	out = append(out, decl...)
	if braceLine > braceOwn && len(decl) == 0 {
		out[len(out)-1] += st.BraceGap + "{"
		return append(out, body[1:]...)
	}
	return append(out, body...)
}

// paramIndent is how far the parameters of heads in the old style are indented.
func paramIndent(f *parse.File, st *style.Style) string {
	for _, fn := range f.Funcs {
		depth, closed := 0, false
		for _, t := range fn.HeadTokens() {
			switch {
			case !fn.KR:
			case t.Op == token.LParen:
				depth++
			case t.Op == token.RParen:
				depth--
				closed = closed || depth == 0
			case closed && text.FirstOnLine(f.Src, int(t.Off)):
				return text.IndentAt(f.Src, int(t.Off))
			}
		}
	}
	return st.Columns(st.Unit)
}

// prototyped reports whether functions with heads in the old style are declared with the
// types of their parameters, in the file or in a header that it includes.
func prototyped(p *ctree.Program, f *parse.File) bool {
	old := map[string]bool{}
	for _, fn := range f.Funcs {
		if fn.KR {
			old[fn.Name] = true
		}
	}
	typed := func(list []*parse.Decl) bool {
		for _, d := range list {
			if d.IsFunc && old[d.Name] && len(d.Params) > 0 && d.Params[0].Type != nil {
				return true
			}
		}
		return false
	}
	found := typed(f.Decls())
	for name := range old {
		p.Headers(f, name, func(h *parse.File) bool {
			found = found || typed(h.DeclsNaming(name))
			return !found
		})
	}
	return found
}
