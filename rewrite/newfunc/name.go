package newfunc

import (
	"strings"
	"unicode"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// Name is a name that means nothing in the program yet, "" if all are taken: in the manner of the
// file's functions that set an option, under the prefix that nearly all its functions
// have, else a usual one.
func Name(p *ctree.Program, f *parse.File) string {
	names := []string{"set_keepalive", "enable_keepalive", "set_tcp_keepalive", "turn_on_keepalive"}
	if n := siblingName(p, f); n != "" {
		names = append([]string{n}, names...)
	} else if pre := filePrefix(f); pre != "" {
		names = append([]string{pre + "set_keepalive"}, names...)
	}
	for _, n := range names {
		if len(f.Idents(n)) == 0 && !p.Src.InHeaders(n) && p.Definition(f, n) == nil {
			return n
		}
	}
	return ""
}

// siblingName makes a name from the one that most of the file's setters agree on:
// __set_sockbuf() gives __set_keepalive(), setNonBlocking() setKeepAlive().
func siblingName(p *ctree.Program, f *parse.File) string {
	count, best := map[string]int{}, ""
	seen := map[int]bool{}
	for _, fn := range f.Funcs {
		if fn.Macro != nil || !fn.Static || seen[fn.NamePos] {
			continue
		}
		seen[fn.NamePos] = true
		name := afterSet(fn.Name)
		if name == "" || !isSetter(p, fn) {
			continue
		}
		if count[name]++; best == "" || count[name] > count[best] {
			best = name
		}
	}
	return best
}

// isSetter reports whether a function sets options of one of its parameters, and does
// nothing else with it.
func isSetter(p *ctree.Program, fn *parse.Func) bool {
	for _, d := range fn.Params {
		if d.Name == "" || d.Type == nil || d.Type.Ptr > 0 || !p.OnlySetsOptions(fn, d.Name) {
			continue
		}
		sets := false
		ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
			if n := c.Callee(); knowledge.SetsOptions.Has(n) && knowledge.SetsUp(n) && len(c.Args) > 0 {
				sets = sets || ctree.IsLvalue(fn.File, c.Args[0], d.Name)
			}
		})
		if sets {
			return true
		}
	}
	return false
}

// afterSet gives a name that begins as that of a setter, up to its set, the rest for
// keepalive; "" for a name without one.
func afterSet(name string) string {
	i := strings.Index(strings.ToLower(name), "set")
	if i < 0 || i > 0 && name[i-1] != '_' && !unicode.IsUpper(rune(name[i])) {
		return ""
	}
	head, rest := name[:i+3], name[i+3:]
	switch {
	case rest == "", strings.HasPrefix(strings.ToLower(rest), "up"):
		return ""
	case rest[0] == '_':
		return head + "_keepalive"
	case unicode.IsUpper(rune(rest[0])):
		return head + "KeepAlive"
	case strings.Contains(rest, "_"), !unicode.IsLower(rune(rest[0])):
		return ""
	}
	return head + "keepalive"
}

// manyFunctions is how many functions show a habit of naming.
const manyFunctions = 8

// filePrefix is what nearly all functions of a file begin with: net__.
func filePrefix(f *parse.File) string {
	count, all := map[string]int{}, 0
	seen := map[int]bool{}
	for _, fn := range f.Funcs {
		if fn.Macro != nil || seen[fn.NamePos] {
			continue
		}
		seen[fn.NamePos] = true
		all++
		if i := strings.IndexByte(fn.Name, '_'); i > 0 {
			for i < len(fn.Name) && fn.Name[i] == '_' {
				i++
			}
			count[fn.Name[:i]]++
		}
	}
	for pre, n := range count {
		if n >= manyFunctions && 10*n >= 7*all {
			return pre
		}
	}
	return ""
}
