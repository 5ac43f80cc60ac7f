// Package knowledge holds facts about the world outside the analysed sources:
// what functions of the C library and of other libraries do with descriptors and
// memory, the constants of the socket interface and which of them mean TCP,
// structs of the system, options, platforms. A table names its source.
//
// A fact is a row of a table, or, where only the form of a name tells, a
// predicate on names. No row is about one project.
package knowledge
