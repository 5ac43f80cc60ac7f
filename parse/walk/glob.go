package walk

import (
	"path"
	"strings"
)

// glob is one pattern of Options.Excludes.
type glob struct {
	parts   []string // the pattern at its slashes
	dirOnly bool
}

// parseGlob reads a pattern. The error is path.ErrBadPattern.
func parseGlob(s string) (glob, error) {
	p := strings.TrimRight(s, "/")
	g := glob{dirOnly: p != s}
	p = strings.TrimPrefix(p, "./")
	if p == "" {
		return g, path.ErrBadPattern
	}
	g.parts = strings.Split(p, "/")
	for _, part := range g.parts {
		if _, err := path.Match(part, ""); err != nil {
			return g, err
		}
	}
	return g, nil
}

// match reports whether the pattern meets the file or folder that is shown as
// the path shown and whose last part is name.
func (g glob) match(shown, name string, dir bool) bool {
	if g.dirOnly && !dir {
		return false
	}
	if len(g.parts) == 1 {
		ok, _ := path.Match(g.parts[0], name)
		return ok
	}
	return matchParts(g.parts, strings.Split(shown, "/"))
}

func matchParts(pattern, name []string) bool {
	for ; len(pattern) > 0; pattern, name = pattern[1:], name[1:] {
		if pattern[0] == "**" {
			for i := range len(name) + 1 {
				if matchParts(pattern[1:], name[i:]) {
					return true
				}
			}
			return false
		}
		if len(name) == 0 {
			return false
		}
		if ok, _ := path.Match(pattern[0], name[0]); !ok {
			return false
		}
	}
	return len(name) == 0
}
