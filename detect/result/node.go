package result

import "github.com/keepatch/keepatch/parse"

// Node ties a site to the tree it was found in and to what the analysis
// learnt about it, for package rewrite.
type Node struct {
	File *parse.File
	Func *parse.Func // the selection of #if branches that holds the call
	Call *parse.Expr // nil for a call that is in no tree

	// Domains, Types and Protocols are the values that the arguments can
	// have, by their spelling; "?" stands for one that is not known.
	Domains, Types, Protocols []string

	// Feeds are the accept sites that take connections from this listener,
	// Listeners the socket sites that an accepted descriptor comes from.
	Feeds, Listeners []*Site
	// Unserved is true of a missing listener when one of Feeds has keepalive, but
	// not for what it takes from here: its function serves several listeners, and
	// another caller sets the option.
	Unserved bool

	// Uncovered are the calls on whose way keepalive is not set, where it is on others.
	Uncovered []UncoveredCall

	// SwitchedOff is the function in which the program itself turns the option off.
	SwitchedOff string

	// Returned is set when the descriptor leaves its function by a return or
	// through a pointer: what becomes of it may be decided elsewhere.
	Returned bool

	// CallerUses are the calls that get the descriptor of a call that is returned
	// at once. AllCallersKnown is set when they are all there are.
	CallerUses      []CallerUse
	AllCallersKnown bool
}

// Use is a direct call of a function of the tree.
type Use struct {
	Func *parse.Func // that makes the call
	Call *parse.Expr
}

// UncoveredCall is a call after which keepalive is not set, as it is after others.
type UncoveredCall struct {
	Use
	Direct         bool // the function that makes the socket is called
	Returns        bool // the call's value is the descriptor
	ExcludedByArgs bool // what the call passes keeps the option from being set
}

// CallerUse is a call that gets the descriptor which a wrapper returns at once,
// and what is known to happen to it on that way.
type CallerUse struct {
	Use
	Connects, Listens bool
}

// IncompleteFrom begins the evidence that names the place from which on something was
// left out.
const IncompleteFrom = "incomplete from here on: "

// UncoveredNote begins the evidence that names such a call.
const UncoveredNote = "not set on the way through"

// AcceptedNote begins the evidence of a listener that names an accept() whose sockets lack
// keepalive.
const AcceptedNote = "accepted from it without SO_KEEPALIVE"
