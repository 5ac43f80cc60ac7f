package config

import (
	"strings"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// grammarFile is the file that runs a parser of the configuration made out of a grammar, or the
// grammar that defines the function for it, "" for none: yacc, bison, peg and leg call the
// parser yyparse() unless a prefix is given.
func (x *extender) grammarFile() string {
	missing := map[string]bool{}
	for _, f := range x.Prog.Funcs {
		for _, u := range f.Uses {
			if (u == "yyparse" || strings.HasSuffix(u, "_yyparse")) && (keyword.IsConfig(f) || x.calledForConfig(f)) {
				return f.File.Path
			}
			if len(x.ByName[u]) == 0 && keyword.AboutConfig.MatchString(u) {
				missing[u] = true
			}
		}
	}
	if x.Prog.Texts == nil {
		return ""
	}
	for _, name := range x.Prog.Texts() {
		if !words.IsGrammarName(name) {
			continue
		}
		src, err := x.Prog.Read(name)
		if err != nil {
			continue
		}
		for _, m := range definition.FindAllSubmatch(src, -1) {
			if missing[string(m[1])] {
				return name
			}
		}
	}
	return ""
}

// schemaOf is the schema that lists a keyword, "" for none.
func (x *extender) schemaOf(keyword string) string {
	if x.Prog.Texts == nil {
		return ""
	}
	for _, name := range x.Prog.Texts() {
		if !words.IsSchemaName(name) {
			continue
		}
		if src, err := x.Prog.Read(name); err == nil && words.IndexWord(string(src), keyword) >= 0 {
			return name
		}
	}
	return ""
}

func (x *extender) calledForConfig(f *keyword.Func) bool {
	for _, c := range x.Callers[f.Name] {
		if keyword.IsConfig(c) {
			return true
		}
	}
	return false
}

// definition is the head of a function at the beginning of a line.
var definition = text.NewPattern(`(?m)^(?:[a-z][\w \t*]*[ \t*])?(\w+)[ \t]*\([^;{}]*\)\s*\{`)
