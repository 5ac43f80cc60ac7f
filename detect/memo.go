package detect

import (
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
)

// caches hold what names mean, derived from the whole tree.
type caches struct {
	globals    memo.Once[useKey, *global]
	consts     memo.Table[useKey, []constDef]
	formulas   memo.Table[useKey, formula]
	argTypes   memo.Table[argKey, argTyp]
	targets    memo.Table[useKey, []*parse.Func]
	structs    memo.Once[useKey, *parse.Struct]
	structKeys memo.Table[useKey, string]
	memberRefs memo.Once[string, []memberRef]
	synonyms   memo.Table[*parse.Struct, []string]
}

// useKey is a name as used in one file.
type useKey struct {
	u    *unit
	name string
}
