package config

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/rules"
)

// The words that some settings take.
var (
	listeners = []string{"", "auto", "all", "none"}
	onError   = []string{"", "match", "warn", "ignore"}
	styles    = []string{"", "auto", "inline", "helper"}
)

// The highest values that Linux takes for the timers (include/net/tcp.h,
// MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL, MAX_TCP_KEEPCNT).
const (
	maxSeconds = 32767
	maxCount   = 127
)

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
		if _, err := path.Match(g, ""); err != nil {
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

func (p *Patch) check() error {
	for _, n := range []struct {
		key        string
		value, max int
	}{{"idle", p.Idle, maxSeconds}, {"interval", p.Interval, maxSeconds}, {"count", p.Count, maxCount}} {
		if n.value < 0 || n.value > n.max {
			return fmt.Errorf("patch: %s: %d is not in 1..%d", n.key, n.value, n.max)
		}
	}
	for _, w := range []struct {
		key, value string
		words      []string
	}{{"listeners", p.Listeners, listeners}, {"on-error", p.OnError, onError}, {"style", p.Style, styles}} {
		if !slices.Contains(w.words, w.value) {
			return fmt.Errorf("patch: %s: %q is not one of %s", w.key, w.value, strings.Join(w.words[1:], ", "))
		}
	}
	return nil
}
