package config

import (
	"strings"
	"unicode"
)

// spelling is how the keywords of a file are spelled.
type spelling struct {
	prefix string
	sep    string
	camel  bool // words begin with a capital
	lower  bool // but for the first one
	upper  bool // all capitals
}

// spellingOf looks at what most of the names have.
func spellingOf(names []string) spelling {
	var sp spelling
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
		if count[sep] > 0 && count[sep] > count[sp.sep] {
			sp.sep = sep
		}
	}
	switch {
	case count["Camel"]*2 > len(names):
		sp.camel = true
	case count["camel"] > 0 && count["camel"] >= count[sp.sep]:
		sp.camel, sp.lower = true, true
	case count["UPPER"]*2 > len(names):
		sp.upper = true
	}
	if sp.camel && count[sp.sep]*2 < len(names) {
		sp.sep = ""
	}
	if sp.sep == "" && !sp.camel && long < 2 {
		sp.sep = "_"
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

func (sp spelling) spell(words ...string) string {
	out := make([]string, len(words))
	for i, w := range words {
		switch {
		case sp.upper:
			w = strings.ToUpper(w)
		case sp.camel && !(sp.lower && i == 0):
			w = capitals[w]
		}
		out[i] = w
	}
	return sp.prefix + strings.Join(out, sp.sep)
}

// parts are the words of a name, in small letters.
func parts(name string) []string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) && unicode.IsLower(rune(name[i-1])) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// indexWord finds a word that stands by itself.
func indexWord(s, word string) int {
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
