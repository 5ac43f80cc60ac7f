package rewrite

import "github.com/keepatch/keepatch/parse"

// listMember climbs from s to the statement that stands in a block's list:
// out of unbraced bodies, else arms and labels. It returns nil at the root.
func listMember(s *parse.Stmt) *parse.Stmt {
	for s != nil && s.Parent != nil {
		if s.Parent.Kind == parse.SBlock {
			return s
		}
		switch s.Parent.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SMacro, parse.SSwitch:
			// An unbraced loop body: what stands behind the loop runs once.
			return nil
		}
		s = s.Parent
	}
	return nil
}

// position returns the list that s is a member of and its index in it, with
// labels in front of s looked through.
func position(s *parse.Stmt) (list []*parse.Stmt, i int) {
	m := s
	for m.Parent != nil && m.Parent.Body == m &&
		(m.Parent.Kind == parse.SLabel || m.Parent.Kind == parse.SCase || m.Parent.Kind == parse.SDefault) {
		m = m.Parent
	}
	if m.Parent == nil || m.Parent.Kind != parse.SBlock {
		return nil, 0
	}
	for i, x := range m.Parent.List {
		if x == m {
			return m.Parent.List, i
		}
	}
	return nil, 0
}

// next returns the statement that follows s in its list, nil at the end.
func next(s *parse.Stmt) *parse.Stmt {
	list, i := position(s)
	if list == nil || i+1 >= len(list) {
		return nil
	}
	return list[i+1]
}

// before returns the statement in front of s in its list, nil at the start.
func before(s *parse.Stmt) *parse.Stmt {
	list, i := position(s)
	if list == nil || i == 0 {
		return nil
	}
	return list[i-1]
}

// climb goes from the last statement of a list to the statement whose end is
// reached with it: the outermost if of a chain, a plain block, or the do loop
// whose condition comes next. It returns nil at the end of loops, switches and
// the function.
func climb(s *parse.Stmt) *parse.Stmt {
	for p := s.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case parse.SIf:
			for p.Parent != nil && p.Parent.Kind == parse.SIf && p.Parent.Else == p {
				p = p.Parent
			}
			return p
		case parse.SBlock:
			if p.Parent != nil && p.Parent.Kind == parse.SBlock {
				return p
			}
			if p.Parent == nil {
				return nil
			}
		case parse.SDo:
			return p
		case parse.SLabel, parse.SCase, parse.SDefault:
			if p.Parent != nil && p.Parent.Kind == parse.SBlock {
				return p
			}
		default:
			return nil
		}
	}
	return nil
}

func enclosingLoop(s *parse.Stmt) *parse.Stmt {
	for p := s.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SMacro:
			return p
		case parse.SSwitch:
			return nil
		}
	}
	return nil
}

func enclosingBreakable(s *parse.Stmt) *parse.Stmt {
	for p := s.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SMacro, parse.SSwitch:
			return p
		}
	}
	return nil
}

// ancestor reports whether a is s or above it.
func ancestor(a, s *parse.Stmt) bool {
	for ; s != nil; s = s.Parent {
		if s == a {
			return true
		}
	}
	return false
}
