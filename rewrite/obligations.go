package rewrite

import "github.com/keepatch/keepatch/rewrite/compose"

// maxForms bounds the forms that are tried for one block. Each gives something
// up, and there are few things to give up.
const maxForms = 8

// build writes the block of a target in the first form that meets all
// obligations.
func (m *maker) build(t *task) *Fix {
	var without compose.Plain
	for range maxForms {
		form, pl := *t, *t.Place
		form.Place, form.Plain = &pl, without
		fix, refused := m.form(&form)
		if refused == nil {
			return fix
		}
		if refused.Drop == nil || !refused.Drop(&without) {
			return none(t.Site, refused.Why())
		}
	}
	return none(t.Site, "no form of the block meets all obligations")
}
