// Package siblings finds the files of a source tree that are no C and that a patch may have to
// read or change too: manuals, sample configurations, build files, grammars. A tree is walked
// once for each kind, and only where a run-time switch was asked for.
package siblings

import (
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/keepatch/keepatch/parse/text"
)

// manualName takes the files that describe programs to their users.
var manualName = text.NewPattern(`(?i)^(.+\.[1-9](\.in)?|.+\.man(\.in)?|.+\.texi(nfo)?|readme.*)$`)

// sampleName takes sample configurations, the manuals that may describe their keywords,
// the grammars that may read them, and the schemas that may list them.
var sampleName = text.NewPattern(`(?i)^(.+\.(conf|cfg|cnf|ini|config|rc)([.-](in|sample|example|dist|` +
	`default|tmpl))*|.+\.[58](\.in)?|.+\.(y|yy|yacc|peg|leg)|.+\.(yang|xsd|rng|rnc)(\.in)?)$`)

// notManuals are folders and files that the makers of a program do not keep by
// hand.
var notManuals = map[string]bool{"patches": true, "tests": true, "test": true}

// buildName takes the files that say how programs are built.
var buildName = text.NewPattern(`(?i)^(gnu)?makefile(\..+)?$|.+\.(mk|am|cmake)$|^cmakelists\.txt$|^configure\.(ac|in)$|^meson\.build$`)

// grammarName takes the files that yacc and lex make C of.
var grammarName = text.NewPattern(`(?i)^.+\.[yl]$`)

// Manuals lists the manuals in the tree that holds the given files; roots are the folders
// that were named.
func Manuals(files, roots []string) []string { return beside(files, roots, manualName) }

// Samples lists its sample configurations.
func Samples(files, roots []string) []string { return beside(files, roots, sampleName) }

// Grammars lists its grammars.
func Grammars(files, roots []string) []string { return beside(files, roots, grammarName) }

// Builds lists the files that say how it is built.
func Builds(files, roots []string) []string {
	all := beside(files, roots, buildName)
	have := map[string]bool{}
	for _, name := range all {
		have[name] = true
	}
	var out []string
	for _, name := range all { // what is generated from another one says nothing by itself
		stem := strings.TrimSuffix(name, ".in")
		if have[stem+".am"] || stem == name && have[stem+".in"] {
			continue
		}
		out = append(out, name)
	}
	return out
}

// beside lists the files of certain names in that tree.
func beside(files, roots []string, names *text.Pattern) []string {
	root := topFolder(files, roots)
	if root == "" {
		return nil
	}
	var out []string
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // told by the walk that looks for sources
		case e.IsDir() && name != root && (strings.HasPrefix(e.Name(), ".") || notManuals[e.Name()]):
			return filepath.SkipDir
		case e.Type().IsRegular() && names.MatchString(e.Name()):
			out = append(out, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		return nil
	}
	return out
}

// topFolder is the folder that was named and holds all the files, or else the one that they
// have in common: a program whose sources lie in src/ has its manual beside that.
func topFolder(files, roots []string) string {
	top := commonFolder(files)
	for _, r := range roots {
		r = path.Clean(filepath.ToSlash(r))
		if top != "" && (r == "." && !strings.HasPrefix(top, "/") && top != ".." && !strings.HasPrefix(top, "../") ||
			strings.HasPrefix(top, strings.TrimSuffix(r, "/")+"/")) {
			top = r
		}
	}
	return top
}

// commonFolder is the folder below which all the files lie.
func commonFolder(files []string) string {
	root := ""
	for i, f := range files {
		d := path.Dir(filepath.ToSlash(f))
		if i == 0 {
			root = d
		}
		for root != "." && root != "/" && d != root && !strings.HasPrefix(d, root+"/") {
			root = path.Dir(root)
		}
	}
	return root
}
