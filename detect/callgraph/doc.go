// Package callgraph resolves calls in both directions: the functions that a call
// can enter, and the calls that can enter a function.
//
// Direct calls are resolved by name, as seen from the file. Indirect ones go
// through slots: a variable, or a member of a struct type, that somewhere gets the
// address of a function (field-based: the objects of one type share their slots).
// Edges are computed when asked for, once a function. Entries of dispatch tables
// keep the constant that they are entered under, and functions that are registered
// together with data keep that call, so that clients can drop edges that do not
// belong to the descriptor at hand.
//
// It also has the types for calling contexts: Frame, a call string; CallPath, the
// calls a descriptor went through; ReturnChain, the calls that returned it.
package callgraph
