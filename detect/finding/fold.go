package finding

import (
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
)

// Fold makes one finding of a listener and of what is accepted from it: a listener
// lacks keepalive only because an accepted socket does, and the block goes there.
// The finding at the accept stands for the listener's, unless something silences it,
// it is less grave, or the listener itself gets the block: whether check fails is the
// same with and without Fold. It is called again when more findings were silenced.
//
// The two are tied by the evidence, which a report that is read back has, too.
func Fold(list []Finding) {
	for i := range list {
		list[i].At, list[i].Listeners = nil, nil
	}
	accept := acceptOf(list, (*Finding).Shown)
	for i := range list {
		f := &list[i]
		if f.silenced() {
			continue
		}
		if at := accept(f); at != nil && (at.Fails() || !f.Fails()) {
			f.At = at.Site
			at.Listeners = append(at.Listeners, f.Site)
		}
	}
}

// CountKnown counts the findings in the baseline that check would print without it, each
// listener with its accept as one.
func CountKnown(list []Finding) (n int) {
	known := func(f *Finding) bool { return f.Known && f.Printed() }
	accept := acceptOf(list, known)
	for i := range list {
		if f := &list[i]; known(f) && accept(f) == nil {
			n++
		}
	}
	return n
}

// acceptOf returns a function that finds the finding of an accept site, one of those that
// keep takes, that stands for the finding of its listener; nil for none.
func acceptOf(list []Finding, keep func(*Finding) bool) func(*Finding) *Finding {
	type place struct {
		file         string
		line, column int
	}
	accepts := map[place]*Finding{}
	for i := range list {
		f := &list[i]
		if f.Rule.ID == rules.MissingAccept && f.Site != nil && f.Site.Verdict == result.Missing && keep(f) {
			accepts[place{f.File, f.Line, f.Column}] = f
		}
	}
	return func(f *Finding) *Finding {
		if f.Rule.ID != rules.Missing || f.Site == nil || f.Site.Role != result.Listener ||
			f.Site.Verdict != result.Missing || f.Site.Fix.Status == result.FixPatch {
			return nil
		}
		for _, e := range f.Site.Evidence {
			if at := accepts[place{e.File, e.Line, e.Column}]; at != nil {
				return at
			}
		}
		return nil
	}
}
