package config

import _ "embed" // the template

// Template is what keepatch init writes: every setting, commented out.
//
//go:embed template.yaml
var Template string
