package patch

import (
	"fmt"
	"sort"
	"strings"
)

// getopt_long() takes any beginning of a name that fits one option only. A new
// name takes some of them away: --t no longer means --timeout beside
// --tcp-keepalive. The first of these that takes none is the option's name.
var longNames = []string{"tcp-keepalive", "keepalive", "so-keepalive", "enable-keepalive", "use-keepalive"}

// LongName is the name where names are never abbreviated.
func (o *Settings) LongName() string {
	if o.Long != "" {
		return o.Long
	}
	return longNames[0]
}

// NameLong settles the long name for a set of tables, one a build, of names
// that may be abbreviated.
func (j *Patch) NameLong(where string, tables []map[string]bool) (string, error) {
	try := longNames
	if j.Settings.Long != "" {
		try = []string{j.Settings.Long}
	}
	for _, name := range try {
		taken := false
		for _, t := range tables {
			taken = taken || t[name]
		}
		if !taken && len(lostAbbreviations(name, tables)) == 0 {
			return name, nil
		}
	}
	name := try[0]
	for _, t := range tables {
		if t[name] {
			return "", fmt.Errorf("%s: there is an option --%s already (--switch-long gives it another name)", where, name)
		}
	}
	j.Remarks = append(j.Remarks, fmt.Sprintf("%s: --%s makes %s ambiguous (--switch-long gives it another name)",
		where, name, strings.Join(lostAbbreviations(name, tables), ", ")))
	return name, nil
}

// lostAbbreviations lists the abbreviations of other options that a new name makes
// ambiguous, or means by itself.
func lostAbbreviations(name string, tables []map[string]bool) []string {
	seen := map[string]bool{}
	for _, t := range tables {
		for n := 1; n <= len(name); n++ {
			x, fits := name[:n], 0
			for other := range t {
				if strings.HasPrefix(other, x) {
					fits++
				}
			}
			if fits == 1 && !t[x] {
				seen["--"+x] = true
			}
		}
	}
	var out []string
	for x := range seen {
		out = append(out, x)
	}
	sort.Strings(out)
	return out
}

// Letter picks the option's letter: the one asked for, or k, or K; "" when
// only a long name is left.
func (j *Patch) Letter(where string, used map[byte]bool, long bool) (string, error) {
	if s := j.Settings.Short; s != "" {
		if used[s[0]] {
			if long {
				return "", nil
			}
			return "", fmt.Errorf("%s: the letter %s is taken (free are %s)", where, s, freeLetters(used))
		}
		return s, nil
	}
	j.Needs = append(j.Needs, LetterNeed{used, long})
	if c := j.Common; c != "" && !used[c[0]] {
		return c, nil
	}
	if s := freeLetter(used, long); s != "" || long {
		return s, nil
	}
	return "", fmt.Errorf("%s: no letter is free for the option", where)
}

func freeLetters(used map[byte]bool) string {
	var b strings.Builder
	for c := byte('A'); c <= 'z'; c++ {
		if IsLetter(c) && !used[c] {
			b.WriteByte(c)
		}
	}
	if b.Len() == 0 {
		return "none"
	}
	return b.String()
}

// LetterNeed is what a program's reader says of its letters.
type LetterNeed struct {
	used map[byte]bool
	long bool // a long name is enough
}

// letterOrder are the letters that an option for keepalive can have, best
// first. Left out are those that users take for help, version, verbose and
// quiet wherever they are free.
const letterOrder = "kKaAtTxXyYzZeEjJwWrRlLmMgGbBiInNuUcCsSfFoOpPdDHQ"

// freeLetter is k; where that is taken none if a long name is enough, else K or
// another letter, best one that no option has in the other case.
func freeLetter(used map[byte]bool, long bool) string {
	if !used['k'] {
		return "k"
	}
	if long {
		return ""
	}
	if !used['K'] {
		return "K"
	}
	for _, alone := range []bool{true, false} {
		for _, c := range []byte(letterOrder) {
			if !used[c] && !(alone && used[c^0x20]) {
				return string(c)
			}
		}
	}
	return ""
}

// CommonLetter is a letter that is free in several programs, "" when none of
// them needs one.
func CommonLetter(asked []LetterNeed) string {
	used, needed := map[byte]bool{}, false
	for _, a := range asked {
		needed = needed || !a.long
		for c := range a.used {
			used[c] = true
		}
	}
	if !needed || len(asked) < 2 {
		return ""
	}
	return freeLetter(used, false)
}
