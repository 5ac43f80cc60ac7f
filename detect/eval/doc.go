// Package eval computes what an expression can be, backwards along the flow of
// data and across calls.
//
// There are two evaluators. Evaluator yields the constants of the socket interface
// that an argument can be, by name, and says Unknown where it could not follow.
// IntEval computes with numbers whether a condition can hold; it must leave nothing
// out, so that what it cannot follow is open. Each asks the other.
//
// A local is the join of its reaching definitions, without those that the branches
// at the query point contradict. A parameter is what the calling context passes (a
// callgraph.Frame: call strings, as in Sharir and Pnueli, 1981), or the join over all
// callers where no context is given. Memory is field-based: a member is the join over
// all stores to that member of that struct type, a global over all stores to it.
//
// Package fixpoint keeps the answers, by expression and by the calls of the context
// that they depend on, and brings queries that ask for each other to their least
// fixpoint.
package eval
