// Package flow follows a descriptor forwards from the call that makes it, and
// lists what happens to it: connect, listen, accept, setsockopt, close ...
//
// It is a worklist over states: a location (local, member, global, message,
// standard stream) and the context that the descriptor came with, which is the calls
// it was passed down through, those that returned it, and the store that put it in
// memory. Values flow through assignments, arguments, results, out-parameters,
// containers and callbacks, and through the handles of libraries.
//
// Members are field-based; what is stored in one object is kept from readers of
// another by filters: the element of an array, the dispatch key, the handler that it
// was registered with, and whether another store overwrites it on the way
// (storeReaches).
//
// What a location holds is asked of its type as well (canHold): a pointer to a struct of
// the tree and a byte hold no descriptor, so that what goes through a container of
// anything does not become every object that lies there.
//
// A location is left at most a constant number of times, and a site has at most
// value.Bound.States states. Flow.Incomplete says that the list is incomplete.
package flow
