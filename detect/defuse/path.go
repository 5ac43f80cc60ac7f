package defuse

import (
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// CanFollow reports whether the flow of control can go from a to b.
func CanFollow(fi *program.FuncInfo, a, b *parse.Expr) bool {
	from, to := fi.NodeOf(a), fi.NodeOf(b)
	if from == nil || to == nil {
		return false
	}
	if from == to {
		return a.End <= b.Pos
	}
	met := false
	fi.Graph().Forward(from, func(n *cfg.Node) bool {
		met = met || n == to
		return !met
	})
	return met
}
