// Package program holds the sources under analysis: which names occur in which
// files, what a name means where it is used, the types of expressions, the
// functions with their calls and flow graphs, and direct callers.
//
// Load reads each byte once, in parallel, and keeps the hashes of names by their
// role (called, defined, a member, a macro ...), so that its cost is linear in the
// sources. Everything else is computed when asked for: a file is parsed when a
// name that occurs in it matters, and what a name means is computed once for each
// file (a memo.Table). Time and memory follow what sockets touch, not the size of
// the tree.
//
// There is no preprocessor. A macro is a function whose free names belong to its
// users, and a function has one parse.Func for each selection of #if branches.
// Where a name has definitions in several files, those nearest in the folder tree
// count: a tree holds several programs.
package program
