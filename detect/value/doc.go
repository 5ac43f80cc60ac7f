// Package value has the abstract values of the analysis.
//
//   - Values: the constants, by canonical name, that an expression can have.
//     The sets are ordered by inclusion; Unknown says, with the reason, that
//     there may be others. Join is union.
//   - Ints: the numbers that an expression can be, at most MaxInts of them. Open
//     is the top element: any number.
//   - Fact: what the branches taken say of a path, as the values allowed and
//     those excluded. Meet holds where both facts hold, Join where one of them
//     does; the top element, Anything, says nothing.
//
// The values are immutable or copied on write and may be shared by goroutines.
// Operations are linear in the sets, which are small.
//
// Paths spell lvalues so that one object reads the same wherever a function names
// it: a->b, a.b and (*a).b are "a.b", and all elements of an array are "a[]".
package value
