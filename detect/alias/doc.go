// Package alias tells objects of one struct type apart by where they come from.
//
// The abstract objects are allocation sites and variables, each with the calls that
// lead to it (heap cloning). Holders returns the objects that a member expression can
// be part of, backwards over reaching definitions, arguments and results, or nothing
// where one of them is not known. NoAlias reports that two such sets rule out that the
// pointers are equal; without knowledge it reports false.
//
// The search is bounded by depth, by the steps of the IntEval that it runs in, and by
// maxObjects.
package alias
