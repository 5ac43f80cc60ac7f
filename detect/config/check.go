package config

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/parse/walk"
)

// The highest values of the timers.
var patchMax = map[string]int{
	"idle":         knowledge.MaxIdle,
	"interval":     knowledge.MaxInterval,
	"count":        knowledge.MaxCount,
	"user-timeout": knowledge.MaxUserTimeout,
}

var cName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// check holds the settings against what they may be.
func (c *Config) check() error {
	ids := make([]string, 0, len(c.Rules))
	for id := range c.Rules {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		if rules.ByID(id) == nil {
			return fmt.Errorf("rules: unknown rule %q", id)
		}
		if !slices.Contains(rules.Severities, rules.Severity(c.Rules[id])) {
			return fmt.Errorf("rules: %s: unknown severity %q: use error, warning, note or off", id, c.Rules[id])
		}
	}
	for _, g := range c.Exclude {
		if !walk.ValidPattern(g) {
			return fmt.Errorf("exclude: %q is no pattern", g)
		}
	}
	for i, w := range c.Wrappers.Creates {
		if !cName.MatchString(w.Name) {
			return fmt.Errorf("wrappers: creates: entry %d: %q is no C name", i+1, w.Name)
		}
		if len(w.Args) > 3 {
			return fmt.Errorf("wrappers: creates: %s: args are domain, type and protocol, no more", w.Name)
		}
	}
	for i, w := range c.Wrappers.Enables {
		if !cName.MatchString(w.Name) {
			return fmt.Errorf("wrappers: enables: entry %d: %q is no C name", i+1, w.Name)
		}
		if w.FD < 0 {
			return fmt.Errorf("wrappers: enables: %s: fd %d: arguments count from 0", w.Name, w.FD)
		}
	}
	return c.Patch.check()
}

func (p *Patch) check() (err error) {
	p.each(func(key string, _ reflect.StructField, v reflect.Value) {
		if err != nil || v.IsZero() {
			return
		}
		if limit := patchMax[key]; limit > 0 && (v.Int() < 1 || v.Int() > int64(limit)) {
			err = fmt.Errorf("patch: %s: %d is not in 1..%d", key, v.Int(), limit)
		}
		if words := PatchWords[key]; words != nil && !slices.Contains(words, v.String()) {
			err = fmt.Errorf("patch: %s: %q is not one of %s", key, v.String(), strings.Join(words, ", "))
		}
	})
	return err
}
