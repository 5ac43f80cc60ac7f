package rewrite

import (
	"github.com/keepatch/keepatch/parse"
)

// breach is an obligation that a block does not meet: which one, why, and what
// the block can do without to meet it. drop reports whether that was anything
// new; nil means that no other form of the block can help.
type breach struct {
	obligation string // "visible", "way out" ...
	why        string
	drop       func(*plain) bool
}

func (b *breach) String() string {
	if b == nil {
		return ""
	}
	return b.obligation + ": " + b.why
}

// plain is what a block does without, because an obligation refused it: each
// entry is a step towards the plainest form, the bare call with a variable in
// a block of its own. The zero value is the block as its author would like it.
type plain struct {
	ownVar bool            // declares its variable itself
	noCast bool            // casts as C does, not as the siblings do
	stays  bool            // reports and goes on
	mute   map[string]bool // functions and macros that do not report
}

// dropped sets a switch of plain, once.
func dropped(b *bool) bool {
	was := *b
	*b = true
	return !was
}

func (pl *plain) silence(name string) bool {
	if pl.mute[name] {
		return false
	}
	if pl.mute == nil {
		pl.mute = map[string]bool{}
	}
	pl.mute[name] = true
	return true
}

// maxForms bounds the forms that are tried for one block. Each gives something
// up, and there are few things to give up.
const maxForms = 8

// build writes the block of a target in the first form that meets all
// obligations.
func (m *maker) build(t *target) *Fix {
	var without plain
	for range maxForms {
		form, pl := *t, *t.pl
		form.pl, form.without = &pl, without
		fix, refused := m.form(&form)
		if refused == nil {
			return fix
		}
		if refused.drop == nil || !refused.drop(&without) {
			return none(t.site, refused.String())
		}
	}
	return none(t.site, "no form of the block meets all obligations")
}

// guardSet are the #if conditions that hold at a place.
type guardSet map[string]bool

func guardsAt(f *parse.File, off int) guardSet {
	s := guardSet{}
	for _, g := range f.Guards(off) {
		s[g] = true
	}
	return s
}

// covers reports whether one of the places, each given by the conditions it
// stands under, is compiled wherever here is: its conditions hold here, or both
// it and one under the opposite condition are there.
func covers(here guardSet, places []guardSet) bool {
	return coversBelow(here, places, 4)
}

func coversBelow(here guardSet, places []guardSet, depth int) bool {
	open := ""
	for _, p := range places {
		missing := 0
		for g := range p {
			if !here[g] {
				missing++
				if open == "" || g < open {
					open = g
				}
			}
		}
		if missing == 0 {
			return true
		}
	}
	if open == "" || depth == 0 {
		return false
	}
	return coversBelow(here.with(open), places, depth-1) && coversBelow(here.with(opposite(open)), places, depth-1)
}

func (s guardSet) with(g string) guardSet {
	out := guardSet{g: true}
	for k := range s {
		out[k] = true
	}
	return out
}

// opposite is the condition under which an arm with condition g is left out, as
// Guard spells it.
func opposite(g string) string {
	if len(g) > 0 && g[0] == '!' {
		return g[1:]
	}
	return "!" + g
}
