package knowledge

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed options.tsv
var optionTable string

// What options.tsv says of each option, and the levels that it names.
var (
	SwitchedOptions   = set()
	OptionsEverywhere = set()
	OptionLevels      = set()
)

var optionFacts = map[string]map[string]bool{"switch": SwitchedOptions, "everywhere": OptionsEverywhere}

func init() {
	for _, r := range rows(optionTable, 4) {
		for _, level := range strings.Fields(r[1]) {
			OptionLevels[level] = true
		}
		for _, f := range strings.Fields(r[2]) {
			if optionFacts[f] == nil {
				panic(fmt.Sprintf("options.tsv: %s: unknown fact %q", r[0], f)) // TestTables
			}
			optionFacts[f][r[0]] = true
		}
	}
}
