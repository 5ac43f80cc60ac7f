// Package words holds the language of configuration files: how keywords are spelled, what
// says yes and no, and the texts that describe a keyword.
package words

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/keepatch/keepatch/parse/text"
)

// Spelling is how the keywords of a file are spelled.
type Spelling struct {
	prefix string
	Sep    string
	Camel  bool // words begin with a capital
	lower  bool // but for the first one
	Upper  bool // all capitals
}

// SpellingOf looks at what most of the names have.
func SpellingOf(names []string) Spelling {
	var sp Spelling
	count := map[string]int{}
	long := 0
	sp.prefix = commonPrefix(names)
	for _, n := range names {
		n = strings.TrimPrefix(n, sp.prefix)
		for _, sep := range []string{"_", "-", " "} {
			if strings.Contains(n, sep) {
				count[sep]++
			}
		}
		hasLower := strings.IndexFunc(n, unicode.IsLower) >= 0
		if len(n) > 0 {
			first := unicode.IsUpper(rune(n[0]))
			inner := strings.IndexFunc(n[1:], unicode.IsUpper) >= 0
			switch {
			case first && hasLower:
				count["Camel"]++
			case inner && hasLower:
				count["camel"]++
			case first && !hasLower:
				count["UPPER"]++
			}
		}
		if len(n) >= 9 && !strings.ContainsAny(n, "_- ") {
			long++
		}
	}
	for _, sep := range []string{"_", "-", " "} {
		if count[sep] > 0 && count[sep] > count[sp.Sep] {
			sp.Sep = sep
		}
	}
	switch {
	case count["Camel"]*2 > len(names):
		sp.Camel = true
	case count["camel"] > 0 && count["camel"] >= count[sp.Sep]:
		sp.Camel, sp.lower = true, true
	case count["UPPER"]*2 > len(names):
		sp.Upper = true
	}
	if sp.Camel && count[sp.Sep]*2 < len(names) {
		sp.Sep = ""
	}
	if sp.Sep == "" && !sp.Camel && long < 2 {
		sp.Sep = "_"
	}
	return sp
}

// commonPrefix is what all names begin with, up to a separator.
func commonPrefix(names []string) string {
	if len(names) < 3 {
		return ""
	}
	p := names[0]
	for _, n := range names[1:] {
		for !strings.HasPrefix(n, p) {
			p = p[:len(p)-1]
		}
	}
	if i := strings.LastIndexAny(p, "_-. :"); i >= 0 {
		return p[:i+1]
	}
	return ""
}

// capitals are words in the form that CamelCase names have them.
var capitals = map[string]string{"tcp": "TCP", "keepalive": "KeepAlive", "idle": "Idle", "interval": "Interval", "count": "Count"}

// Spell joins words, given in small letters, to a keyword.
func (sp Spelling) Spell(words ...string) string {
	out := make([]string, len(words))
	for i, w := range words {
		switch {
		case sp.Upper:
			w = strings.ToUpper(w)
		case sp.Camel && !(sp.lower && i == 0):
			w = capitals[w]
		}
		out[i] = w
	}
	return sp.prefix + strings.Join(out, sp.Sep)
}

// Parts are the words of a name, in small letters.
func Parts(name string) []string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) && unicode.IsLower(rune(name[i-1])) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// IndexWord finds a word that stands by itself.
func IndexWord(s, word string) int {
	for at := 0; ; {
		i := strings.Index(s[at:], word)
		if i < 0 {
			return -1
		}
		i += at
		at = i + 1
		if (i == 0 || !isWordByte(s[i-1])) && (i+len(word) >= len(s) || !isWordByte(s[i+len(word)])) {
			return i
		}
	}
}

func isWordByte(c byte) bool {
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// SampleEntry copies the sibling's line of a sample configuration, as a
// comment: what is off by default stays off.
func SampleEntry(src []byte, like string, flag bool, names []string) (int, string) {
	line := regexp.MustCompile(`(?m)^([ \t]*)([#;]?)([ \t]*)` + regexp.QuoteMeta(like) + `([ \t]*[=:]?[ \t]*)(\S*)[ \t]*\r?\n`)
	found := line.FindAllSubmatchIndex(src, -1)
	if len(found) != 1 {
		return 0, ""
	}
	m := found[0]
	part := func(i int) string { return string(src[m[2*i]:m[2*i+1]]) }
	value := part(5)
	if flag != (value == "") || strings.ContainsAny(value, "#;<{[") {
		return 0, ""
	}
	for no, yes := range map[string]string{"no": "yes", "off": "on", "false": "true", "0": "1", "No": "Yes",
		"Off": "On", "False": "True", "NO": "YES", "OFF": "ON", "FALSE": "TRUE"} {
		if value == no {
			value = yes
		}
	}
	mark, gap := part(2), part(3)
	if mark == "" {
		mark = "#"
		if bytes.HasPrefix(src, []byte(";")) {
			mark = ";"
		}
	}
	eol := text.EOL(src, 0)
	at := m[1]
	entry := part(1) + mark + " Send keepalive probes on idle TCP connections." + eol +
		part(1) + mark + gap + names[0] + part(4) + value + eol
	if len(names) == 4 {
		quote := ""
		if strings.HasPrefix(value, `"`) {
			quote = `"`
		}
		entry += part(1) + mark + " Seconds before the first one, seconds between them, and how many may stay unanswered." + eol
		sep := part(4)
		if flag { // it has no argument to be set off
			sep = " "
		}
		for i, number := range []string{"7200", "75", "9"} {
			entry += part(1) + mark + gap + names[i+1] + sep + quote + number + quote + eol
		}
	}
	if at >= len(src) || text.BlankLine(src, at) {
		entry = eol + entry
	} else {
		entry = eol + entry + eol
	}
	return at, entry
}

// ManualEntry puts an entry after the sibling's: the line or lines with its
// name in the same macros, and what the keyword does.
func ManualEntry(src []byte, like string, names []string, on bool) (int, string) {
	lines := bytes.SplitAfter(src, []byte("\n"))
	at := make([]int, len(lines)+1)
	for i, l := range lines {
		at[i+1] = at[i] + len(l)
	}
	first, head := -1, 0
	for i, l := range lines {
		if IndexWord(string(l), like) < 0 {
			continue
		}
		tagged := i > 0 && bytes.HasPrefix(lines[i-1], []byte(".TP")) && bytes.HasPrefix(l, []byte(".B"))
		switch {
		case tagged:
			if first >= 0 {
				return 0, ""
			}
			first, head = i-1, 2
		case bytes.HasPrefix(l, []byte(".It ")), bytes.HasPrefix(l, []byte(".IP ")):
			if first >= 0 {
				return 0, ""
			}
			first, head = i, 1
			for mark := []byte(" Xo"); bytes.Contains(l, mark) && i+head < len(lines); head++ { // it goes on to the mark's end
				if bytes.HasPrefix(lines[i+head], []byte(".Xc")) {
					mark, l = []byte("\x00"), nil
				}
			}
		}
	}
	if first < 0 {
		return 0, ""
	}
	macro := lines[first][:3]
	end := first + head
	for end < len(lines) && !bytes.HasPrefix(lines[end], macro) && !bytes.HasPrefix(lines[end], []byte(".SH")) &&
		!bytes.HasPrefix(lines[end], []byte(".Sh")) && !bytes.HasPrefix(lines[end], []byte(".El")) &&
		!bytes.HasPrefix(lines[end], []byte(".SS")) && len(bytes.TrimSpace(lines[end])) > 0 {
		if bytes.HasPrefix(lines[end], []byte(".RS")) || bytes.HasPrefix(lines[end], []byte(".Bl")) {
			return 0, "" // a list within
		}
		end++
	}
	if end >= len(lines) || end == first+head {
		return 0, "" // the text was not found
	}
	var b strings.Builder
	for _, l := range lines[first : first+head] {
		text := string(l)
		if i := IndexWord(text, like); i >= 0 {
			text = text[:i] + names[0] + text[i+len(like):]
		}
		b.WriteString(text)
	}
	eol := text.EOL(src, 0)
	b.WriteString("Send keepalive probes on idle TCP connections, to notice peers that are gone." + eol)
	state := "Off"
	if on {
		state = "On"
	}
	b.WriteString(state + " by default." + eol)
	if len(names) == 4 {
		esc := func(name string) string { return strings.ReplaceAll(name, "-", `\-`) }
		b.WriteString(esc(names[1]) + " is the number of seconds before the first probe," +
			eol + esc(names[2]) + " that between probes, and" + eol +
			esc(names[3]) + " how many may stay unanswered." + eol)
	}
	if len(bytes.TrimSpace(lines[end])) == 0 {
		return at[end], eol + b.String()
	}
	return at[end], b.String()
}

// IsGeneric reports whether a message fits each keyword.
func IsGeneric(text string) bool {
	for _, w := range Parts(conversion.ReplaceAllString(text, " ")) {
		if !genericWord.MatchString(w) {
			return false
		}
	}
	return true
}

// Fits reports whether a message fits each keyword but for the name in it: rest is what
// stands around the name. It has to say something of values, and nothing of what the name
// speaks of.
func Fits(rest, name string) bool {
	if IsGeneric(rest) {
		return true
	}
	about := Parts(name)
	judges := false
	for _, w := range Parts(conversion.ReplaceAllString(rest, " ")) {
		if len(w) > 2 && slices.Contains(about, w) {
			return false
		}
		judges = judges || judgingWord.MatchString(w)
	}
	return judges
}

// Purpose is the text for a keyword in the place of a sibling's: with a capital, and with
// what ends it.
func Purpose(like string, i int) string {
	text := purposes[i]
	body := strings.Trim(like, `"`)
	tail := body[len(strings.TrimRight(strings.TrimSuffix(body, `\n`), ".")):]
	if body != "" && strings.ToUpper(body[:1]) == body[:1] {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	return `"` + text + tail + `"`
}

// IsWord reports whether a name stands for a yes or no: TRUE, cfg_false.
func IsWord(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, "true") || strings.HasSuffix(name, "false")
}

// IsSchemaName reports whether a file's name is that of a schema, which lists the keywords
// that there may be.
func IsSchemaName(name string) bool {
	switch path.Ext(strings.TrimSuffix(name, ".in")) {
	case ".yang", ".xsd", ".rng", ".rnc":
		return true
	}
	return false
}

// IsGrammarName reports whether a file's name is that of a grammar.
func IsGrammarName(name string) bool {
	switch path.Ext(name) {
	case ".y", ".yy", ".yacc", ".peg", ".leg":
		return true
	}
	return false
}

// IsKeyword reports whether a literal reads as a keyword of a configuration file, and not as a
// yes or no.
func IsKeyword(lit string) bool { return KeywordText.MatchString(lit) && !BoolWord.MatchString(lit) }

// BoolWord are the words for yes and no in configuration files.
var BoolWord = text.NewPattern(`(?i)^"(yes|no|on|off|true|false)"$`)

var KeywordText = text.NewPattern(`^"[A-Za-z][A-Za-z0-9_. -]*[:=]?"$`)

// Sectioned is a name with its section before it, as iniparser has them.
var Sectioned = text.NewPattern(`^"[A-Za-z][A-Za-z0-9_. -]*:[A-Za-z][A-Za-z0-9_. -]*"$`)

var BoolName = text.NewPattern(`(?i)bool|yes_?no|on_?off|yesorno|flag|toggle|is_?true|truth`)

// NumberName are functions that turn a text into a number: C11 7.22.1, and the
// names that programs give to theirs.
var NumberName = text.NewPattern(`(?i)^(atoi|atol|atoll|strtol|strtoul|strtoll|strtoull|strtonum)$|(^|` +
	`_)(parse|get|find|look_?up|fetch|read|scan|conf|cfg|to|set|str2?|eval)_?(int|integer|num|number|uint|long)($|_)`)

// Negative are names whose yes means that something is off.
var Negative = text.NewPattern(`(?i)^(no|non|not|dont|without|skip|suppress|hide|deny|ignore)`)

// FlagWord are words of keywords that are a yes or no where the program
// writes these as numbers.
var FlagWord = text.NewPattern(`(?i)enable|disable|allow|(^|[_-])use|verbose|quiet|debug|daemon|^is|` +
	`only$|log$|foreground|background|strict|syslog`)

// purposes are what the keywords are for.
var purposes = [...]string{"send keepalive probes on idle TCP connections", "seconds before the first keepalive probe",
	"seconds between keepalive probes", "keepalive probes that may stay unanswered"}

var (
	conversion = text.NewPattern(`%[-+ #0-9.*]*[hlLqjzt]*[a-zA-Z%]|\\[a-z]`)
	// judgingWord are words of messages about a value.
	judgingWord = text.NewPattern(`^(argument|bad|bool|boolean|either|expected|expects|illegal|invalid|` +
		`must|requires|setting|should|value|wrong)$`)
	// genericWord are words of messages about any keyword.
	genericWord = text.NewPattern(`(?i)^(a|an|and|argument|at|bad|be|bool|boolean|config|configuration|` +
		`conf|correct|debug|directive|either|entry|error|expected|expects|false|file|for|illegal|in|` +
		`incorrect|integer|invalid|is|line|missing|must|no|not|number|numeric|of|off|on|option|or|parameter|` +
		`parse|parsing|requires|setting|should|syntax|the|to|true|unable|unknown|value|warning|wrong|yes)$`)
)
