package argswitch

import (
	"fmt"
	"sort"
	"strings"
)

// getopt_long() takes any beginning of a name that fits one option only. A new
// name takes some of them away: --t no longer means --timeout beside
// --tcp-keepalive. The first of these that takes none is the option's name.
var longNames = []string{"tcp-keepalive", "keepalive", "so-keepalive", "enable-keepalive", "use-keepalive"}

// longName is the name where names are never abbreviated.
func (o *Options) longName() string {
	if o.Long != "" {
		return o.Long
	}
	return longNames[0]
}

// nameLong settles the long name for a set of tables, one a build, of names
// that may be abbreviated.
func (j *job) nameLong(where string, tables []map[string]bool) (string, error) {
	try := longNames
	if j.opt.Long != "" {
		try = []string{j.opt.Long}
	}
	for _, name := range try {
		taken := false
		for _, t := range tables {
			taken = taken || t[name]
		}
		if !taken && len(takenAway(name, tables)) == 0 {
			return name, nil
		}
	}
	name := try[0]
	for _, t := range tables {
		if t[name] {
			return "", fmt.Errorf("%s: there is an option --%s already (--switch-long gives it another name)", where, name)
		}
	}
	j.marks = append(j.marks, fmt.Sprintf("%s: --%s makes %s ambiguous (--switch-long gives it another name)",
		where, name, strings.Join(takenAway(name, tables), ", ")))
	return name, nil
}

// takenAway lists the abbreviations of other options that a new name makes
// ambiguous, or means by itself.
func takenAway(name string, tables []map[string]bool) []string {
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
