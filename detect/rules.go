package detect

// Severity of a rule: what check does about it.
type Severity string

// The severities.
const (
	SevError Severity = "error" // check fails
	SevNote  Severity = "note"  // said, but check does not fail
	SevOff   Severity = "off"   // not said
)

// Rule is one thing keepatch looks for, with its documentation as data.
type Rule struct {
	ID       string
	Title    string   // one line, no full stop
	Severity Severity // unless the user says otherwise
	Text     string   // why it matters, with sources
	Before   string   // C that breaks the rule
	After    string   // the same C, mended
}

// Rules are all rules in order of their ID.
var Rules = []Rule{}

// RuleByID returns the rule of that ID, nil when there is none.
func RuleByID(id string) *Rule {
	for i := range Rules {
		if Rules[i].ID == id {
			return &Rules[i]
		}
	}
	return nil
}
