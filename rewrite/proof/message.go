package proof

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/templates"
)

// Message holds that what a block says is a message its author could have written:
// its conversions have their arguments, its brackets and quotes are closed, the
// option's name is a word of its own, nothing is called fatal that goes on, no
// argument is the value of another option, and the reason is there where the
// creation's own message has it. Where one of these fails the next pattern is asked.
func Message(t *compose.Target, b *templates.Block, v *optval.Value) *Breach {
	id := t.Idiom
	if id == nil {
		return nil
	}
	refuse := func(why string, how compose.Pass) *Breach {
		return &Breach{"message", why, func(p *compose.Plain) bool {
			if p.PassOver(id, how) {
				return true
			}
			return how == compose.Never && compose.Dropped(&p.Stays)
		}}
	}
	held := 0
	if m := id.Pattern(); m != nil {
		held = t.Composer.Between(m.File, m.Call)
	}
	for _, s := range append(append([]string(nil), b.Report...), b.Leave...) {
		if why := wordingFault(s, len(b.Leave) > 0, held); why != "" {
			return refuse(why, compose.Never)
		}
	}
	said := strings.Join(b.Report, " ")
	if m := id.Model; m != nil && ctree.IsName(m.Value) && m.Value != v.Name && text.HasWord(ctree.WithoutStrings(said), m.Value) {
		return refuse(m.Value+" is the value of "+m.Opt, compose.Never)
	}
	if len(b.Leave) == 0 && severe.MatchString(ctree.WithoutStrings(said)) && !t.Plain.LastResort(id) {
		return refuse("it goes on after a message of that level", compose.Last)
	}
	if c := t.Composer.CreationMessage(&t.Point); said != "" && c != nil && !t.Plain.LastResort(id) {
		own := parse.ExprText(c.File, c.Call)
		if callee(own) == callee(said) && givesReason.MatchString(strings.ReplaceAll(own, "gai_strerror", "")) &&
			!givesReason.MatchString(said) {
			return refuse("the reason is missing", compose.Last)
		}
	}
	return nil
}

var (
	conversion = text.NewPattern(`%(?:[0-9]+\$)?[-+ #0']*(?:\*|[0-9]+)?(?:\.(?:\*|[0-9]+)?)?[hlLzjtq]*[a-zA-Z%]`)
	fused      = text.NewPattern(`[A-Za-z0-9]SO_KEEPALIVE|SO_KEEPALIVE[A-Za-z0-9_]|[a-z]keepalive|keepalive(?:[a-rt-z]|s[a-z])`)
	saysFatal  = text.NewPattern(`(?i)^\W*(?:fatal|panic|abort|(?:major|critical|severe) error)|` +
		`(?i)\b(?:exiting|terminating|giving up|bailing out)\b`)
	// Protocols' answers: reply(s, 425, "..."), "550 ...".
	statusArgument = text.NewPattern(`[(,] *[45][0-9][0-9] *, *"`)
	statusText     = text.NewPattern(`^"[45][0-9][0-9][ -]`)
	severe         = text.NewPattern(`(?:\b|_)(?:CRIT|CRITICAL|ALERT|EMERG|FATAL|PANIC|crit|critical|alert|emerg|fatal|panic)(?:\b|_)`)
	macroBetween   = text.NewPattern(`^\s*\w*\s*$`)
	givesReason    = text.NewPattern(`errno|%m|perror|strerror|sock[a-z_]*err|WSAGetLastError`)
)

// wordingFault says why a statement is none that an author would write, "" when it may
// be one. held are the arguments between a format and what it prints.
func wordingFault(stmt string, leaves bool, held int) string {
	lit := strings.Join(ctree.StringLiteral.FindAllString(stmt, -1), " ")
	if lit == "" {
		return ""
	}
	text := strings.ReplaceAll(lit, `"`, "")
	if !leaves && (statusArgument.MatchString(stmt) || statusText.MatchString(lit)) {
		return "it goes on after it has answered its peer with a failure: " + lit
	}
	if w := fused.FindString(text); w != "" {
		return "the option's name is part of another word: " + w
	}
	if !balanced(conversion.ReplaceAllString(text, "")) {
		return "a bracket is not closed: " + lit
	}
	if !leaves && saysFatal.MatchString(text) {
		return "it goes on after what it calls fatal: " + lit
	}
	format, rest := formatOf(stmt)
	want := 0
	for _, c := range conversion.FindAllString(format, -1) {
		if strings.Contains(c, "$") {
			return ""
		}
		if c != "%%" && c != "%m" {
			want += 1 + strings.Count(c, "*")
		}
	}
	if have := argumentsAfter(rest); want > 0 && have != want && have != want+held && have >= 0 {
		return "the conversions do not fit the arguments: " + lit
	}
	return ""
}

// balanced reports whether the brackets of a text are closed in the order of their
// opening. ":-)" and "1)" count as closed, so only opened ones have to be closed.
func balanced(text string) bool {
	var open []byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '(', '[', '{':
			open = append(open, map[byte]byte{'(': ')', '[': ']', '{': '}'}[c])
		case ')', ']', '}':
			if n := len(open); n > 0 && open[n-1] == c {
				open = open[:n-1]
			}
		}
	}
	return len(open) == 0
}

// formatOf is the first literal of a statement, with those that continue it, and
// what stands after.
func formatOf(stmt string) (format, rest string) {
	all := ctree.StringLiteral.FindAllStringIndex(stmt, -1)
	end := all[0][0]
	for _, l := range all {
		if !macroBetween.MatchString(stmt[end:l[0]]) {
			break
		}
		format += stmt[l[0]+1 : l[1]-1]
		end = l[1]
	}
	return format, stmt[end:]
}

// argumentsAfter counts the arguments after a format, -1 where it is part of a
// larger expression.
func argumentsAfter(rest string) int {
	rest = strings.TrimLeft(rest, " ")
	if outer := strings.TrimLeft(rest, " )"); strings.HasPrefix(outer, ",") {
		rest = outer // _("%s failed"), name
	}
	if rest == "" || rest[0] != ',' && rest[0] != ')' {
		return -1
	}
	n, depth := 0, 0
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				return n
			}
		case ',':
			if depth == 0 {
				n++
			}
		}
	}
	return n
}

// callee is the name before the first parenthesis.
func callee(stmt string) string {
	name, _, _ := strings.Cut(stmt, "(")
	return strings.TrimSpace(name)
}
