package getopt

import (
	"fmt"
	"strconv"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
)

// longValue is a value for a row without a letter: an enumerator or macro
// beside those of the other rows, or a number that no row has.
func longValue(j *patch.Patch, g *Getopt) (string, error) {
	highest := 255
	for _, r := range g.rows {
		for _, row := range r.rows {
			v := member(row, 3, "val")
			if v == nil {
				continue
			}
			if p := member(row, 2, "flag"); p != nil && !isNull(r.f, p) {
				continue // what goes into a variable
			}
			v = v.Strip()
			switch v.Kind {
			case parse.XNumber:
				n, err := strconv.ParseInt(v.Name, 0, 32)
				if err != nil {
					return "", fmt.Errorf("%s: the value %s of a long option was not understood", r.f.Path, v.Name)
				}
				highest = max(highest, int(n))
			case parse.XChar:
			case parse.XIdent:
				if s, err := j.Constant(r.f, v.Name); err == nil {
					return s, nil
				}
				return "", fmt.Errorf("%s: the value %s of a long option was not understood", r.f.Path, v.Name)
			default:
				return "", fmt.Errorf("%s: the value %s of a long option was not understood", r.f.Path, parse.ExprText(r.f, v))
			}
		}
	}
	// Rows of other builds.
	for _, r := range g.rows {
		for _, t := range r.f.Between(r.init.Pos, r.init.End) {
			if t.Kind == token.Number {
				if n, err := strconv.ParseInt(r.f.Text(t), 0, 32); err == nil {
					highest = max(highest, int(n))
				}
			}
		}
	}
	return strconv.Itoa(highest + 1), nil
}
