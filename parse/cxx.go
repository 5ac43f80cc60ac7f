package parse

import "github.com/keepatch/keepatch/parse/token"

// isCxxScope reports whether the brace opens a scope of C++ in which functions
// are defined: a namespace, or a class. Headers that C programs share with C++
// ones hold them, and the calls in there are calls like any other.
func (s *splitter) isCxxScope(start, brace int) bool {
	if brace-start < 1 || s.toks[start].Kind != token.Ident {
		return false
	}
	switch s.f.Text(s.toks[start]) {
	case "namespace":
		return brace-start <= 2 || s.toks[start+2].Op == token.ColonColon
	case "class":
		return brace-start >= 2 && s.toks[start+1].Kind == token.Ident && s.plain(start+2, brace)
	}
	return false
}

// plain reports whether there is neither a parenthesis nor an assignment
// between two tokens: what follows a class's name is its bases.
func (s *splitter) plain(from, to int) bool {
	for _, t := range s.toks[from:to] {
		if t.Op == token.LParen || t.Op == token.Assign || t.Op == token.Semi {
			return false
		}
	}
	return true
}

// isAccess reports whether the colon at i ends public:, protected: or
// private:, which stand before members and belong to none of them.
func (s *splitter) isAccess(start, i int) bool {
	if i != start+1 || s.toks[start].Kind != token.Ident {
		return false
	}
	switch s.f.Text(s.toks[start]) {
	case "public", "protected", "private":
		return true
	}
	return false
}
