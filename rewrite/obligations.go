package rewrite

// maxForms bounds the forms that are tried for one block. Each gives something
// up, and there are few things to give up.
const maxForms = 8

// build writes the block of a target in the first form that meets all
// obligations.
func (m *maker) build(t *task) *Fix {
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
