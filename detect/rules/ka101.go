package rules

var ka101 = Rule{
	ID: Unused, Name: "UnusedSuppression", Severity: Warning,
	Title: "Suppression comment that suppresses nothing",
	Hint:  "remove the comment",
	Text: `No site on the lines this comment speaks of needs it: the socket has keepalive
by now, is no TCP socket, or has moved elsewhere. A comment that is left
behind hides the next socket that is written there.`,
	Before: `/* keepatch:ignore lives for one request */
fd = socket(AF_UNIX, SOCK_STREAM, 0);`,
	After: `fd = socket(AF_UNIX, SOCK_STREAM, 0);`,
}
