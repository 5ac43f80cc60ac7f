// Package finding turns a report into the list of things to say about it: one
// finding for each rule that a site breaks, with the severity that the user
// wants for that rule. Every printer and every filter works on this list.
package finding

import (
	"sort"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
)

// Finding is one thing to say.
type Finding struct {
	Rule     *rules.Rule
	Severity rules.Severity // never Off
	Site     *result.Site   // nil when the finding is about a comment
	File     string
	Line     int // 1-based
	Column   int // 1-based, in bytes
	Message  string
	Hint     string

	// Suppressed says that a comment in the source silences the finding, and
	// Reason is what the comment gives for it.
	Suppressed bool
	Reason     string
	// Known says that the baseline holds the finding.
	Known bool
	// Outside says that the change that is looked at (check --diff) did not
	// touch the finding.
	Outside bool

	// At is the accept site whose finding stands for this one of its listener, and
	// Listeners are those that a finding of an accept site stands for; see Fold.
	At        *result.Site
	Listeners []*result.Site
}

// IsNew says that nothing silences the finding, and no other one stands for it.
func (f *Finding) IsNew() bool { return !f.silenced() && f.At == nil }

func (f *Finding) silenced() bool { return f.Suppressed || f.Known || f.Outside }

// Fails says whether check fails because of the finding.
func (f *Finding) Fails() bool { return f.IsNew() && f.Severity == rules.Error }

// Printed says whether the finding is grave enough for check to print it.
func (f *Finding) Printed() bool {
	return f.Severity == rules.Error || f.Severity == rules.Warning
}

// Shown says whether check prints the finding.
func (f *Finding) Shown() bool { return f.IsNew() && f.Printed() }

// List returns the findings of rep under the policy, in the order of file,
// line, column and rule.
func List(rep *detect.Report, p Policy) []Finding {
	list := []Finding{}
	elsewhere := acceptsElsewhere(rep)
	for _, s := range rep.Sites {
		for _, id := range rulesOf(s) {
			r := rules.ByID(id)
			if r == nil {
				continue // a report of another version, given to merge
			}
			sev := p.Of(r)
			if sev == rules.Off {
				continue
			}
			f := Finding{
				Rule: r, Severity: sev, Site: s, File: s.File, Line: s.Line, Column: s.Column,
				Message: message(r, s), Hint: hint(r, s, elsewhere(s, p.apply(s))),
			}
			if s.Verdict == result.Suppressed {
				f.Suppressed, f.Reason = true, reason(s)
			}
			list = append(list, f)
		}
	}
	for _, n := range rep.Notes {
		r := rules.ByID(n.Rule)
		if r == nil {
			continue
		}
		if sev := p.Of(r); sev != rules.Off {
			list = append(list, Finding{
				Rule: r, Severity: sev, File: n.File, Line: n.Line, Column: n.Column,
				Message: n.Message, Hint: r.Hint,
			})
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return less(&list[i], &list[j]) })
	Fold(list)
	return list
}

func less(a, b *Finding) bool {
	switch {
	case a.File != b.File:
		return a.File < b.File
	case a.Line != b.Line:
		return a.Line < b.Line
	case a.Column != b.Column:
		return a.Column < b.Column
	}
	return a.Rule.ID < b.Rule.ID
}

// rulesOf returns the rules that a site breaks, those about keepatch's own
// limits included.
func rulesOf(s *result.Site) []string {
	switch {
	case s.Verdict == result.Undecided:
		return append([]string{rules.Undecided}, s.Rules...)
	case len(s.Rules) == 0 && (s.Verdict == result.Missing || s.Verdict == result.Suppressed):
		if s.Role == result.Accepted || s.Accepts() {
			return []string{rules.MissingAccept}
		}
		return []string{rules.Missing}
	}
	return s.Rules
}
