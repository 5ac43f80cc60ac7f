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
	type place struct {
		file         string
		line, column int
	}
	accepts := map[place]*Finding{}
	for i := range list {
		f := &list[i]
		f.At, f.Listeners = nil, nil
		if f.Rule.ID == rules.MissingAccept && f.Site != nil && f.Site.Verdict == result.Missing && f.Shown() {
			accepts[place{f.File, f.Line, f.Column}] = f
		}
	}
	for i := range list {
		f := &list[i]
		if f.Rule.ID != rules.Missing || f.Site == nil || f.Site.Role != result.Listener ||
			f.Site.Verdict != result.Missing || f.Site.Fix.Status == result.FixPatch || f.silenced() {
			continue
		}
		for _, e := range f.Site.Evidence {
			if at := accepts[place{e.File, e.Line, e.Column}]; at != nil && (at.Fails() || !f.Fails()) {
				f.At = at.Site
				at.Listeners = append(at.Listeners, f.Site)
				break
			}
		}
	}
}
