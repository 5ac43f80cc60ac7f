package rules

import (
	"sort"

	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/judge"
	"github.com/keepatch/keepatch/detect/result"
)

// Severity of a rule: what check does about it.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // check prints it and fails
	Warning Severity = "warning" // check prints it and does not fail
	Note    Severity = "note"    // in reports only; check is silent about it
	Off     Severity = "off"     // not said at all
)

// Severities lists all severities, the gravest first.
var Severities = []Severity{Error, Warning, Note, Off}

// Rule is one thing keepatch looks for, with its documentation as data.
type Rule struct {
	ID       string
	Name     string // the rule in PascalCase, as SARIF wants it
	Title    string // one line, no full stop
	Severity Severity
	Hint     string // what to do about it, one line
	Text     string // why it matters, with sources
	Before   string // C that breaks the rule
	After    string // the same C, corrected

	// Run checks one site for the rule; nil for rules that other parts attach.
	Run func(*Pass)
	// Sites tells which sites Run gets; nil means TCP sockets that are missing or covered.
	Sites func(*result.Site) bool
}

// All are all rules in order of their ID. KA0xx are about the program's sockets,
// KA1xx about the input and the analysis itself.
//
// References are "project#number" for a thread in that project's public tracker
// and section numbers of the standards.
var All = []Rule{ka001, ka002, ka003, ka004, ka005, ka006, ka007, ka008, ka009, ka100, ka101, ka102}

// The rules that check fails on unless the user says otherwise, and the rules
// about keepatch's own doings.
const (
	Missing       = "KA001" // a socket() result without keepalive
	MissingAccept = "KA002" // an accepted socket without keepalive
	SomePaths     = "KA009" // keepalive on some ways through the program only
	Malformed     = "KA100" // a suppression comment without a reason or without its partner
	Unused        = "KA101" // a suppression comment that suppresses nothing
	Undecided     = "KA102" // a site that the analysis could not judge
)

// ByID returns the rule of that ID, nil when there is none.
func ByID(id string) *Rule {
	for i := range All {
		if All[i].ID == id {
			return &All[i]
		}
	}
	return nil
}

// Check runs the rules that look at a site.
func Check(a *judge.Analysis, j *judge.Judgement) {
	if j.Flow == nil {
		return
	}
	var p *Pass
	for _, r := range All {
		if r.Run == nil || !r.looksAt(j.Site) {
			continue
		}
		if p == nil {
			p = &Pass{a: a, j: j, sess: fixpoint.NewSession(), reported: map[string]bool{}}
			p.options = optionsOf(a.Prog, p.sess, j.Flow)
		}
		r.Run(p)
	}
	if p != nil {
		sort.Strings(j.Site.Rules)
	}
}

// looksAt reports whether a rule is about a site.
func (r *Rule) looksAt(s *result.Site) bool {
	if r.Sites != nil {
		return r.Sites(s)
	}
	return (s.Transport == result.TCP || s.Transport == result.MaybeTCP) && (s.Verdict == result.Covered || s.Verdict == result.Missing)
}

// Pass is the check of one site: what the rules look at and attach to.
type Pass struct {
	a    *judge.Analysis
	j    *judge.Judgement
	sess *fixpoint.Session
	options
	reported map[string]bool
}

// report attaches a rule with its evidence, the rule once.
func (p *Pass) report(rule string, e result.Evidence) {
	s := p.j.Site
	key := rule + e.Note
	if p.reported[key] {
		return
	}
	p.reported[key] = true
	s.Evidence = append(s.Evidence, e)
	for _, r := range s.Rules {
		if r == rule {
			return
		}
	}
	s.Rules = append(s.Rules, rule)
}
