// Package defuse answers questions about the paths through one function: which
// definitions of an access path reach a point, what the branches on the way say
// about a path, whether a call is known to have failed, and whether control gets
// from one point to another.
//
// Reaching definitions are computed backwards from the query (demand-driven, each
// node visited once), not for all points in advance. A store to a whole path
// kills; a store to an array element does not, nor one under an #if without #else, unless
// what is read is compiled under the same condition: the builds without it have what was
// there before. Branch facts are a forward data
// flow for one path over the lattice of value.Fact, joined where edges meet, until
// nothing changes or a bound of rounds is met. A query is linear in the edges of the
// function and is remembered with it.
package defuse
