package link

import (
	"path"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse/text"
)

// Names reports whether a build file may take a source: one that is linked, one whose name
// stands as a word in any of them, or one that lies where a pattern or a command lists files. What
// is left lies in the tree without being built.
func (g *Graph) Names(file string) bool {
	file = path.Clean(file)
	for _, u := range g.Units {
		if u.Sources[file] {
			return true
		}
	}
	stem := strings.TrimSuffix(path.Base(file), path.Ext(file))
	dir := path.Dir(file)
	if g.Mentions(stem) {
		return true
	}
	above := false
	for _, b := range g.buildFiles() {
		in := path.Dir(b.name)
		near := in == "." || in == dir || strings.HasPrefix(dir, in+"/")
		above = above || near
		if near && byPattern.MatchString(removing.ReplaceAllString(b.text, "")) {
			return true
		}
	}
	return !above
}

// Mentions reports whether a word stands in any of the build files.
func (g *Graph) Mentions(word string) bool {
	return slices.ContainsFunc(g.buildFiles(), func(b buildFile) bool { return text.HasWord(b.text, word) })
}

// A buildFile is one of them as it stands.
type buildFile struct{ name, text string }

// buildFiles are read when they are first asked for: most trees have no program to leave out.
func (g *Graph) buildFiles() []buildFile {
	if g.files == nil {
		for _, name := range g.names {
			if src, err := g.read(name); err == nil {
				g.files = append(g.files, buildFile{path.Clean(name), string(src)})
			}
		}
	}
	return g.files
}

// byPattern matches what takes files by a pattern, or from a command, and is no rule's $*.
var byPattern = text.NewPattern(`(?:^|[^$])\*\.(?:[co]\b|\$)|\$\(shell|\b(?:wildcard|GLOB|GLOB_RECURSE|aux_source_directory|run_command)\b|\bfor +\w+ +in\b`)

// removing matches the names that a command removes.
var removing = text.NewPattern(`\b(?:rm|RM\))[^\n]*`)
