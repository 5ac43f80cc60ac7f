package program

import (
	"sync"

	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
)

// caches hold what names mean, derived from the whole tree.
type caches struct {
	globals      memo.Once[UseKey, *Global]
	consts       memo.Table[UseKey, []ConstDef]
	exprMacros   memo.Table[UseKey, ExprMacro]
	argTypes     memo.Table[argKey, argTyp]
	targets      memo.Table[UseKey, []*parse.Func]
	structs      memo.Once[UseKey, *parse.Struct]
	typedefs     memo.Once[UseKey, *parse.Type]
	addresses    memo.Once[*parse.Func, []AddressTaken]
	callers      memo.Once[*parse.Func, []Ref]
	castPairs    memo.Once[castKey, bool]
	pointerNames memo.Once[UseKey, pointerName]
	structKeys   memo.Table[UseKey, string]
	memberRefs   memo.Once[membersKey, []MemberRef]
	fileMembers  memo.Once[fileMembersKey, []MemberRef]
	declarings   memo.Table[string, int]
	knownStructs memo.Once[string, *known]
	structsByKey sync.Map // *parse.Struct by structKeys
	synonyms     memo.Table[*parse.Struct, []string]
	ownHeaders   memo.Table[string, bool]
}

// UseKey is a name as used in one file.
type UseKey struct {
	File *File
	Name string
}
