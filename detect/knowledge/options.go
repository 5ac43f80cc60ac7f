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
	TCPLevels         = SetOf("6") // those of TCP's options: its number, and what the table has
)

// ipLevels are those of IP's options, of which the table has none.
var ipLevels = SetOf("IPPROTO_IP SOL_IP")

// NotSocketLevel reports whether a level is another one than SOL_SOCKET: the number of SO_KEEPALIVE
// means something else there.
func NotSocketLevel(name string) bool { return TCPLevels[name] || ipLevels[name] }

var optionFacts = map[string]map[string]bool{"switch": SwitchedOptions, "everywhere": OptionsEverywhere}

func init() {
	for r := range rows(optionTable, 4) {
		for level := range strings.FieldsSeq(r[1]) {
			OptionLevels[level] = true
			if strings.HasPrefix(r[0], "TCP_") {
				TCPLevels[level] = true
			}
		}
		for f := range strings.FieldsSeq(r[2]) {
			if optionFacts[f] == nil {
				panic(fmt.Sprintf("options.tsv: %s: unknown fact %q", r[0], f)) // TestTables
			}
			optionFacts[f][r[0]] = true
		}
	}
}
