package walk

import (
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/bmatcuk/doublestar/v4"
)

// glob is one pattern of Options.Excludes.
type glob struct {
	pattern string
	anyName bool // it has no slash: it is held against the last part of each path
	dirOnly bool
}

// parseGlob reads a pattern. The error is path.ErrBadPattern.
func parseGlob(s string) (glob, error) {
	p := strings.TrimRight(s, "/")
	g := glob{dirOnly: p != s, pattern: strings.TrimPrefix(p, "./")}
	g.anyName = !strings.Contains(g.pattern, "/")
	if g.pattern == "" || !ValidPattern(g.pattern) {
		return g, path.ErrBadPattern
	}
	return g, nil
}

var slashInBraces = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{[^}]*/`) })

// ValidPattern reports whether a pattern can be used: those of doublestar, but for
// alternatives with a slash, so that a pattern can be taken apart at its slashes.
func ValidPattern(s string) bool {
	return doublestar.ValidatePattern(s) && !slashInBraces().MatchString(s)
}

// match reports whether the pattern meets the file or folder that is shown as
// the path shown and whose last part is name.
func (g glob) match(shown, name string, dir bool) bool {
	if g.dirOnly && !dir {
		return false
	}
	if g.anyName {
		shown = name
	}
	return doublestar.MatchUnvalidated(g.pattern, shown)
}
