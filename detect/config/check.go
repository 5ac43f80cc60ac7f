package config

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/walk"
)

var cName = text.NewPattern(`^[A-Za-z_][A-Za-z0-9_]*$`)

// fault is a setting that may not be as it is: keys and indices lead to it.
type fault struct {
	at  []any
	msg string
}

func faultAt(msg string, at ...any) *fault { return &fault{at, msg} }

// line is the line of the setting in the file's text, 0 where it cannot be told.
func (f *fault) line(data []byte) int {
	b := (&yaml.PathBuilder{}).Root()
	for _, x := range f.at {
		switch x := x.(type) {
		case string:
			b = b.Child(x)
		case int:
			b = b.Index(uint(x))
		}
	}
	n, err := b.Build().ReadNode(bytes.NewReader(data))
	if err != nil || n.GetToken() == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

// check holds the settings against what they may be.
func (c *Config) check() *fault {
	ids := make([]string, 0, len(c.Rules))
	for id := range c.Rules {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		if rules.ByID(id) == nil {
			return faultAt(fmt.Sprintf("rules: unknown rule %q (keepatch explain lists the rules)", id), "rules", id)
		}
		if !slices.Contains(rules.Severities, rules.Severity(c.Rules[id])) {
			return faultAt(fmt.Sprintf("rules: %s: unknown severity %q: use error, warning, note or off", id, c.Rules[id]), "rules", id)
		}
	}
	for i, g := range c.Exclude {
		if !walk.ValidPattern(g) {
			return faultAt(fmt.Sprintf("exclude: %q is no pattern", g), "exclude", i)
		}
	}
	for i, w := range c.Wrappers.Creates {
		if !cName.MatchString(w.Name) {
			return faultAt(fmt.Sprintf("wrappers: creates: entry %d: %q is no C name", i+1, w.Name), "wrappers", "creates", i)
		}
		if len(w.Args) > 3 {
			return faultAt(fmt.Sprintf("wrappers: creates: %s: args are domain, type and protocol, no more", w.Name),
				"wrappers", "creates", i, "args")
		}
	}
	for i, w := range c.Wrappers.Enables {
		if !cName.MatchString(w.Name) {
			return faultAt(fmt.Sprintf("wrappers: enables: entry %d: %q is no C name", i+1, w.Name), "wrappers", "enables", i)
		}
		if w.FD < 0 {
			return faultAt(fmt.Sprintf("wrappers: enables: %s: fd %d: arguments count from 0", w.Name, w.FD),
				"wrappers", "enables", i, "fd")
		}
	}
	return c.Patch.check()
}

func (p *Patch) check() (found *fault) {
	p.each(func(key string, _ reflect.StructField, v reflect.Value) {
		if found != nil || v.IsZero() {
			return
		}
		if limit := knowledge.SettingMax[key]; limit > 0 && (v.Int() < 1 || v.Int() > int64(limit)) {
			found = faultAt(fmt.Sprintf("patch: %s: %d is not in 1..%d", key, v.Int(), limit), "patch", key)
		}
		if words := PatchWords[key]; words != nil && !slices.Contains(words, v.String()) {
			found = faultAt(fmt.Sprintf("patch: %s: %q is not one of %s", key, v.String(), strings.Join(words, ", ")), "patch", key)
		}
	})
	return found
}
