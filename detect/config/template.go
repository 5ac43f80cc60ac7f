package config

import (
	_ "embed" // the template
	"fmt"
	"strings"
)

//go:embed template.yaml
var templateHead string

// Template is what keepatch init writes: every setting, commented out.
func Template() string { return templateHead + patchTemplate() }

// patchTemplate is the section patch: what each setting does, and an example.
func patchTemplate() string {
	var b strings.Builder
	for _, key := range PatchKeys() {
		line := "#  #"
		for _, word := range strings.Fields(sentence(key)) {
			if len(line)+1+len(word) > 78 {
				b.WriteString(line + "\n")
				line = "#  #"
			}
			line += " " + word
		}
		fmt.Fprintf(&b, "%s\n#  %s: %s\n", line, key, PatchSettings[key].Example)
	}
	return b.String()
}

// sentence says what a setting does.
func sentence(key string) string {
	usage := strings.NewReplacer("`", "", "--style", "style", "--verify", "verify").Replace(PatchSettings[key].Usage)
	return strings.ToUpper(usage[:1]) + usage[1:] + "."
}
