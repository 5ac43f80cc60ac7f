package getopt

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
)

// failure is what the program does when an option's argument is wrong: a
// message in its own way, then what it does about an option that it doesn't
// know.
func failure(j *patch.Patch, d *Dispatch, arms []*Arm, arg string) []string {
	var unknown []*parse.Stmt
	for _, a := range arms {
		if a.Last() && (unknown == nil || !a.isDefault()) {
			unknown = a.Stmts
		}
	}
	return j.FailureIn(d.Fn, d.readingCode(), unknown, arg)
}

// readingCode is the code that reads the options.
func (d *Dispatch) readingCode() *parse.Stmt {
	if d.Sw != nil {
		return d.Sw
	}
	if d.loop != nil {
		return d.loop
	}
	return d.chain
}
