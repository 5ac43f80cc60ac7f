// Package callgraph resolves calls in both directions: the functions that a call
// can enter, and the calls that can enter a function.
//
// Direct calls are resolved by name, as seen from the file. Indirect ones go
// through the places that hold the address of a function, by one relation for both
// directions (pointsTo: an inclusion-based fixpoint, field-based: the objects of one type
// share their slots). It is computed for what is asked, each place once a program, in time
// linear in the assignments that are met and in what each place holds; it has no
// bound, and its answer does not depend on who asked before. Entries of dispatch tables
// keep the constant that they are entered under, and functions that are registered
// together with data keep that call, so that clients can drop edges that do not
// belong to the descriptor at hand.
//
// It also has the types for calling contexts: Frame, a call string; CallPath, the
// calls a descriptor went through; ReturnChain, the calls that returned it.
package callgraph
