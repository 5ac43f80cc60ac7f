package finding

import (
	"fmt"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
)

// Policy is what the user wants of each rule. The zero Policy leaves every
// rule at its own severity.
type Policy struct {
	// Apply is the command that shows the patch, for hints; "" means
	// "keepatch apply".
	Apply string
	// Each says that a hint's command patches the socket of its finding alone: the others
	// are known or not part of a change. Then follows the command.
	Each bool
	Then string

	severity map[string]rules.Severity
	only     map[string]bool // nil means all rules
}

// apply is the command of a site's hint.
func (p Policy) apply(s *result.Site) string {
	cmd := p.Apply
	if cmd == "" {
		cmd = "keepatch apply"
	}
	if p.Each && s.Fix.Status != result.FixElsewhere && quotable(s.File) {
		cmd += fmt.Sprintf(" --only %s:%d", s.File, s.Line)
	}
	return cmd + p.Then
}

// quotable says whether a shell takes a path as it is.
func quotable(path string) bool { return !strings.ContainsAny(path, " \t'\"\\$`*?[#~<>|&;()") }

// Of returns the severity of a rule under the policy.
func (p Policy) Of(r *rules.Rule) rules.Severity {
	if p.only != nil && !p.only[r.ID] {
		return rules.Off
	}
	if s, ok := p.severity[r.ID]; ok {
		return s
	}
	return r.Severity
}

// Set gives the rule of that ID a severity. The error names an unknown rule or
// severity.
func (p *Policy) Set(id string, sev rules.Severity) error {
	r := rules.ByID(strings.ToUpper(id))
	if r == nil {
		return fmt.Errorf("unknown rule %q (keepatch explain lists the rules)", id)
	}
	for _, s := range rules.Severities {
		if s == sev {
			if p.severity == nil {
				p.severity = map[string]rules.Severity{}
			}
			p.severity[r.ID] = sev
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q for %s: use error, warning, note or off", sev, r.ID)
}

// Strict makes errors of what check otherwise lets by: sites that could not be judged,
// and those with keepalive on some ways only.
func (p *Policy) Strict() error {
	for _, id := range []string{rules.Undecided, rules.SomePaths} {
		if err := p.Set(id, rules.Error); err != nil {
			return err
		}
		p.Always(id)
	}
	return nil
}

// Only switches off all rules but those of a list: "KA001,KA004". Naming a rule
// asks for it, so one that would only be noted fails check, unless the list
// ("KA004=warning") or an earlier Set says otherwise.
func (p *Policy) Only(list string) error {
	only := map[string]bool{}
	for _, item := range strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' }) {
		id, sev, given := strings.Cut(item, "=")
		id = strings.ToUpper(id)
		_, chosen := p.severity[id]
		switch r := rules.ByID(id); {
		case r == nil:
			return fmt.Errorf("unknown rule %q (keepatch explain lists the rules)", id)
		case given:
			if err := p.Set(id, rules.Severity(sev)); err != nil {
				return err
			}
		case !chosen && r.Severity == rules.Note:
			if err := p.Set(id, rules.Error); err != nil {
				return err
			}
		}
		only[id] = true
	}
	if len(only) == 0 {
		return fmt.Errorf("no rule named in %q", list)
	}
	p.only = only
	return nil
}

// Always keeps a rule on although an earlier Only left it out.
func (p *Policy) Always(id string) {
	if p.only != nil {
		p.only[id] = true
	}
}

// SetAll applies a map of severities, in the order of the rules' IDs.
func (p *Policy) SetAll(severity map[string]string) error {
	ids := make([]string, 0, len(severity))
	for id := range severity {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		if err := p.Set(id, rules.Severity(severity[id])); err != nil {
			return err
		}
	}
	return nil
}
