package detect

import "github.com/keepatch/keepatch/parse"

// place is where a descriptor (or a pointer to one, which is not told apart)
// can stand.
type place struct {
	kind placeKind
	fn   *parse.Func // of a local
	decl *parse.Decl // of a local or parameter
	key  string      // of a member (owner and name), a global, a standard descriptor
	elem string      // which element of an array, where that is known
}

type placeKind uint8

const (
	inLocal placeKind = iota
	inGlobal
	inMember
	inMessage // on its way to another process, over a socket
	inStd     // descriptor 0, 1 or 2 of the programs of one folder
)

// trace is a list of calls, the latest first.
type trace struct {
	call *parse.Expr
	fi   *funcInfo
	up   *trace
	n    int
}

func (t *trace) has(e *parse.Expr) bool {
	for ; t != nil; t = t.up {
		if t.call == e {
			return true
		}
	}
	return false
}

// journey is how a descriptor came to where it is: the calls it was returned
// through (exits, innermost first), the calls it was passed down through and
// has not returned from (in), and all calls it went through (prov).
type journey struct {
	in    *frame
	exits *exitChain
	prov  *trace
	put   *parse.Expr // the member it was last stored to, in function putIn
	putIn *funcInfo
	any   bool   // it stands for all that are stored to that member
	sent  bool   // it went through a message: all that are sent come out everywhere
	got   *taken // how it was taken out of there again
}

// taken is a read of a member that holds a descriptor.
type taken struct {
	from  place
	fi    *funcInfo
	e     *parse.Expr
	exits int // how many calls had handed the descriptor to their callers before
}

// put is a store of the descriptor to a member.
type put struct {
	fi *funcInfo
	e  *parse.Expr
	in *frame
}

// exitChain is a list of the calls that handed the descriptor to their
// callers.
type exitChain struct {
	key   string
	calls []ref
}

// frames makes the evaluator's view of the chain: the function that made the
// socket was entered by the first call, that one's function by the second.
func (c *exitChain) frames() *frame {
	if c == nil {
		return nil
	}
	var fr *frame
	for i := len(c.calls) - 1; i >= 0; i-- {
		fr = newFrame(c.calls[i], fr)
	}
	return fr
}

func (c *exitChain) len() int {
	if c == nil {
		return 0
	}
	return len(c.calls)
}

// receiver returns where the value of an expression goes, through parentheses and
// casts: the lvalue that it is assigned to, or the variable that it initializes.
func receiver(x *parse.Expr) (lhs *parse.Expr, d *parse.Decl) {
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast) {
		x = x.Up
	}
	switch up := x.Up; {
	case up != nil && up.Kind == parse.XAssign && up.Y == x:
		return up.X, nil
	case up == nil && x.In != nil:
		for _, d := range x.In.Decls {
			if d.Init == x {
				return nil, d
			}
		}
	}
	return nil, nil
}

// happening is one thing that a descriptor meets.
type happening struct {
	what event
	fi   *funcInfo
	call *parse.Expr
	j    journey
}
