// Package alias tells objects of one struct type apart by where they come from.
//
// The abstract objects are allocation sites and variables, each with the calls that
// lead to it (heap cloning). Holders returns the objects that a member expression can
// be part of, backwards over reaching definitions, arguments, results and what is stored
// in the members on the way, or nothing where one of them is not known. Of a member only
// those stores count that can be in the object at hand, and all of them where that one is
// not known. NoAlias reports that two such sets rule out that the
// pointers are equal; without knowledge it reports false.
//
// Of an object that is a member of a struct, which member it is counts as well, also where
// nobody knows which struct: what is handed to one function as &n->listener.sock is not what
// another gets as &n->client.sock.
//
// The search is bounded by maxChain, by the steps of the IntEval that it runs in, and by
// maxObjects. What a pointer can point to is found out once a program where the way in does not
// matter (once); the steps that it took count each time.
package alias
