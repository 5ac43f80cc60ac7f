// Package sites names the calls that keepatch reports: those that make a socket. It
// lies below the parser, which needs the names for two things only: each #if branch with
// such a call has to be in one of the selections that are parsed, and a look-up opens the
// files that may hold one and no others. What else the calls do stands in
// detect/knowledge/functions.tsv.
package sites

import "slices"

// Accepting are the names of the calls that take a connection from a listener.
var Accepting = []string{"accept", "accept4"}

// Names are the names of the calls, in order.
var Names = append(slices.Clone(Accepting), "socket")

// Accepts reports whether a call takes a connection from a listener; of Names, socket() alone
// does not.
func Accepts(name string) bool { return slices.Contains(Accepting, name) }

// Has reports whether a function makes a socket.
func Has(name string) bool { return slices.Contains(Names, name) }
