package detect

// Severity of a rule: what check does about it.
type Severity string

// The severities.
const (
	SevError   Severity = "error"   // check prints it and fails
	SevWarning Severity = "warning" // check prints it and does not fail
	SevNote    Severity = "note"    // in reports only; check is silent about it
	SevOff     Severity = "off"     // not said at all
)

// Severities lists all severities, the gravest first.
var Severities = []Severity{SevError, SevWarning, SevNote, SevOff}

// Rule is one thing keepatch looks for, with its documentation as data.
type Rule struct {
	ID       string
	Name     string // the rule in PascalCase, as SARIF wants it
	Title    string // one line, no full stop
	Severity Severity
	Hint     string // what to do about it, one line
	Text     string // why it matters, with sources
	Before   string // C that breaks the rule
	After    string // the same C, mended
}

// The rules that check fails on unless the user says otherwise, and the rules
// about keepatch's own doings.
const (
	RuleMissing       = "KA001" // a socket() result without keepalive
	RuleMissingAccept = "KA002" // an accepted socket without keepalive
	RuleMalformed     = "KA100" // a suppression comment without a reason or without its partner
	RuleUnused        = "KA101" // a suppression comment that suppresses nothing
	RuleUndecided     = "KA102" // a site that the analysis could not judge
)

// RuleByID returns the rule of that ID, nil when there is none.
func RuleByID(id string) *Rule {
	for i := range Rules {
		if Rules[i].ID == id {
			return &Rules[i]
		}
	}
	return nil
}
