package driver

import (
	"bytes"
	"slices"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
	"github.com/keepatch/keepatch/parse/text"
)

// otherLanguages returns those of the sources of other languages that hold calls which
// a C source would be reported for.
func otherLanguages(o *Options, names []string) []string {
	var list []string
	for _, name := range names {
		src, err := o.read(name)
		if err == nil && mayCall(src) && callsSockets(parse.New(name, src)) {
			list = append(list, name)
		}
	}
	return list
}

// mayCall reports whether one of the names stands in a text before a parenthesis.
func mayCall(src []byte) bool {
	return slices.ContainsFunc(sites.Names, func(name string) bool {
		for i := range text.Occurrences(src, name) {
			if after := bytes.TrimLeft(src[i+len(name):], " \t\n\f\r"); len(after) > 0 && after[0] == '(' {
				return true
			}
		}
		return false
	})
}

// callsSockets says whether a source calls one of the functions: in C++ a member of that
// name is another one, and so is one of another namespace than the global.
func callsSockets(f *parse.File) bool {
	text := func(i int) string {
		if i < 0 || i >= len(f.Toks) {
			return ""
		}
		return f.Text(f.Toks[i])
	}
	for _, name := range sites.Names {
		for _, ident := range f.Idents(name) {
			i := int(ident)
			before := text(i - 1)
			if before == "::" {
				before = text(i - 2)
			}
			if text(i+1) == "(" && before != "." && before != "->" && (!isName(before) || before == "return") {
				return true
			}
		}
	}
	return false
}

func isName(s string) bool {
	return s != "" && (s[0] == '_' || s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z')
}

// removeNotC takes out of a report the files that are no C, such as a patch that is
// named x.c: those in which something is not closed, and no call could have been
// lost by that. A file that was named outright stays an error.
func removeNotC(o *Options, p program, rep *detect.Report) []result.FileError {
	var list []result.FileError
	harmless := map[string]bool{}
	rep.Errors = slices.DeleteFunc(rep.Errors, func(e result.FileError) bool {
		if e.Line == 0 || p.named[e.File] {
			return false
		}
		known, seen := harmless[e.File]
		if !seen {
			src, err := o.read(e.File)
			known = err == nil && !mentionsSockets(parse.New(e.File, src))
			if harmless[e.File] = known; known && (p.asked == nil || p.asked(e.File)) {
				list = append(list, e)
			}
		}
		return known
	})
	return list
}

// mentionsSockets says whether one of the names stands in the file's code, or in
// what the first thing that is not closed has swallowed of it.
func mentionsSockets(f *parse.File) bool {
	for _, name := range sites.Names {
		if len(f.Idents(name)) > 0 {
			return true
		}
	}
	for _, q := range f.Problems {
		behind := len(f.Toks) > 0 && int(f.Toks[len(f.Toks)-1].Off) > q.Off
		if !behind && mayCall(f.Src[q.Off:]) {
			return true
		}
	}
	return false
}
