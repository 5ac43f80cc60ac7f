package argswitch

import "github.com/keepatch/keepatch/parse"

// failure is what the program does when an option's argument is wrong: a
// message in its own way, then what it does about an option that it doesn't
// know.
func (j *job) failure(d *dispatch, arms []*armOf, arg string) []string {
	var unknown []*parse.Stmt
	for _, a := range arms {
		if a.last() {
			unknown = a.stmts
		}
	}
	return j.failureIn(d.fn, d.region(), unknown, arg)
}

// region is the code that reads the options.
func (d *dispatch) region() *parse.Stmt {
	if d.sw != nil {
		return d.sw
	}
	return d.chain
}
