// Package sites names the calls that keepatch reports: those that make a socket. It
// lies below the parser, which needs the names for two things only: each #if branch with
// such a call has to be in one of the selections that are parsed, and a look-up opens the
// files that may hold one and no others. What else the calls do stands in
// detect/knowledge/functions.tsv.
package sites

import "slices"

// Names are the names of the calls, in order.
var Names = []string{"accept", "accept4", "socket"}

// Has reports whether a function makes a socket.
func Has(name string) bool { return slices.Contains(Names, name) }
