package flow

import (
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// Location is where a descriptor (or a pointer to one, which is not distinguished)
// can stand.
type Location struct {
	kind locationKind
	fn   *parse.Func // of a local
	decl *parse.Decl // of a local or parameter
	key  string      // of a member (owner and name), a global, a standard descriptor
	elem string      // which element of an array, where that is known
}

// The key of a member is memberKey, that of a standard descriptor stdKey; of a global it is
// program.Global.Key, of a message the path of the file that receives it. None of their parts
// holds a NUL.

// memberKey is the key of a member by its struct (program.StructKey or UnknownStruct).
func memberKey(owner, name string) string { return owner + "\x00" + name }

// member takes a memberKey apart.
func (l Location) member() (owner, name string) {
	owner, name, _ = strings.Cut(l.key, "\x00")
	return owner, name
}

// stdKey is the key of standard descriptor n in the programs of a folder; own is the name that
// the program has for it, "" where it has none.
func stdKey(dir, n, own string) string { return dir + "\x00" + n + "\x00" + own }

// std takes a stdKey apart.
func (l Location) std() (dir, n, own string) {
	dir, n, _ = strings.Cut(l.key, "\x00")
	n, own, _ = strings.Cut(n, "\x00")
	return dir, n, own
}

type locationKind uint8

const (
	inLocal locationKind = iota
	inGlobal
	inMember
	inMessage // on its way to another process, over a socket
	inStd     // descriptor 0, 1 or 2 of the programs of one folder
)

// Context is how a descriptor came to where it is: the calls it was returned
// through (Returns, innermost first), the calls it was passed down through and
// has not returned from (Frame), and all calls it went through (path).
type Context struct {
	Frame    *callgraph.Frame
	Returns  *callgraph.ReturnChain
	path     *callgraph.CallPath
	Store    *parse.Expr // the member it was last stored to, in function StoreIn
	StoreIn  *program.FuncInfo
	AnyStore bool              // it stands for all that are stored to that member
	Sent     bool              // it went through a message: all that are sent come out everywhere
	Load     *Load             // how it was taken out of there again
	handle   bool              // it is what a library made of the descriptor
	handed   *callgraph.Handed // what its function was entered with, nil: by any caller; one of each in a flow
}

// Load is a read of a member that holds a descriptor.
type Load struct {
	From    Location
	In      *program.FuncInfo
	Expr    *parse.Expr
	Returns int  // how many calls had handed the descriptor to their callers before
	Twin    bool // it is a member of another struct, for which the tree takes the one that was stored to
}

// Store is a store of the descriptor to a member.
type Store struct {
	In    *program.FuncInfo
	Expr  *parse.Expr
	Frame *callgraph.Frame
}

// FDEvent is a call that does something to a descriptor.
type FDEvent struct {
	Kind knowledge.Event
	In   *program.FuncInfo
	Call *parse.Expr
	Ctx  Context
}

// ReturnedBy returns the calls by which the function that read the member handed the
// descriptor out; nil where it did not.
func (g *Load) ReturnedBy(exits *callgraph.ReturnChain) *callgraph.Frame {
	if exits.Len() <= g.Returns {
		return nil
	}
	return (&callgraph.ReturnChain{Calls: exits.Calls[g.Returns:]}).Frames()
}
