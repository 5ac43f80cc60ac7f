package rules

var ka100 = Rule{
	ID: Malformed, Name: "MalformedSuppression", Severity: Warning,
	Title: "Suppression comment that does not count",
	Hint:  "write keepatch:ignore REASON, and end each ignore-begin with an ignore-end",
	Text: `A suppression needs a reason, so that the next reader can judge whether it
still holds. Without one, or with "TODO" for one, it suppresses nothing. The
same goes for a word after "keepatch:" that is not known, an ignore-end
without its ignore-begin, and an ignore-begin that is never ended.`,
	Before: `fd = socket(AF_INET, SOCK_STREAM, 0); /* keepatch:ignore */`,
	After:  `fd = socket(AF_INET, SOCK_STREAM, 0); /* keepatch:ignore lives for one request */`,
}
