package callgraph

import (
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// CallPath is a list of calls, the latest first.
type CallPath struct {
	Call   *parse.Expr
	In     *program.FuncInfo
	Up     *CallPath
	Length int
}

// Has reports whether a call is on the path.
func (t *CallPath) Has(e *parse.Expr) bool {
	for ; t != nil; t = t.Up {
		if t.Call == e {
			return true
		}
	}
	return false
}

// ReturnChain is a list of the calls that handed the descriptor to their
// callers.
type ReturnChain struct{ Calls []program.Ref }

// Plus returns the chain with one more call after it.
func (c *ReturnChain) Plus(call program.Ref) *ReturnChain {
	out := &ReturnChain{make([]program.Ref, 0, c.Len()+1)}
	if c != nil {
		out.Calls = append(out.Calls, c.Calls...)
	}
	out.Calls = append(out.Calls, call)
	return out
}

// Frames makes the evaluator's view of the chain: the function that made the
// socket was entered by the first call, that one's function by the second.
func (c *ReturnChain) Frames() *Frame {
	if c == nil {
		return nil
	}
	var fr *Frame
	for i := len(c.Calls) - 1; i >= 0; i-- {
		fr = NewFrame(c.Calls[i], fr)
	}
	return fr
}

// Len returns the number of functions that were returned from; 0 for nil.
func (c *ReturnChain) Len() int {
	if c == nil {
		return 0
	}
	return len(c.Calls)
}

// MayCoincide reports whether two descriptors of one call can be the same: one
// went on where the other came to.
func (c *ReturnChain) MayCoincide(d *ReturnChain) bool {
	if c == nil || d == nil {
		return true
	}
	for i := 0; i < len(c.Calls) && i < len(d.Calls); i++ {
		if c.Calls[i].Expr != d.Calls[i].Expr {
			return false
		}
	}
	return true
}

// ReturnedBefore reports whether what happened under the chain a happened before
// the descriptor was returned by the further calls of b: a is a proper prefix of b.
func ReturnedBefore(a, b *ReturnChain) bool {
	var x, y []program.Ref
	if a != nil {
		x = a.Calls
	}
	if b != nil {
		y = b.Calls
	}
	if len(x) >= len(y) {
		return false
	}
	for i := range x {
		if x[i].Expr != y[i].Expr {
			return false
		}
	}
	return true
}

// Frame says through which call a function was entered; nil means any.
type Frame struct {
	Call program.Ref // the call, in the caller
	Up   *Frame
	N    int // how many calls these are
}

// NewFrame returns the frame of a call made within up, nil for the outermost function.
func NewFrame(call program.Ref, up *Frame) *Frame { return &Frame{call, up, up.Depth() + 1} }

// Ends reports whether the calls down to f are the last ones of those, more in number, down to g.
func (f *Frame) Ends(g *Frame) bool {
	for f != nil && g != nil && f.Call.Expr == g.Call.Expr {
		f, g = f.Up, g.Up
	}
	return f == nil && g != nil
}

// Depth returns the number of calls down to the frame; 0 for nil.
func (f *Frame) Depth() int {
	if f == nil {
		return 0
	}
	return f.N
}

// ExtendOuter adds a call at the outer end of a chain.
func ExtendOuter(fr *Frame, c program.Ref) *Frame {
	if fr == nil {
		return NewFrame(c, nil)
	}
	return NewFrame(fr.Call, ExtendOuter(fr.Up, c))
}
