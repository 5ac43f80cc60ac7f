package knowledge

import (
	_ "embed"
	"fmt"
)

//go:embed settings.tsv
var settingTable string

// Settings are library functions that return a setting of a configuration file by its
// name, and what they make of it: "bool", "int", or "value" for what another function
// turns into one. LoadsSettings read such a file.
var (
	Settings      = map[string]string{}
	LoadsSettings = set()
)

func init() {
	for r := range rows(settingTable, 3) {
		switch r[1] {
		case "file":
			LoadsSettings[r[0]] = true
		case "bool", "int", "value":
			Settings[r[0]] = r[1]
		default:
			panic(fmt.Sprintf("settings.tsv: %s: unknown kind %q", r[0], r[1])) // TestTables
		}
	}
}
