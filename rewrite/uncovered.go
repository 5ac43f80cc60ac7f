package rewrite

import (
	"fmt"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
)

// hasUncoveredCalls reports whether a site has keepalive on some ways through the program and
// lacks it on others.
func hasUncoveredCalls(s *result.Site) bool {
	return s.Verdict == result.Covered && len(s.Node.Uncovered) > 0
}

// atUncoveredCalls plans a site that has keepalive after some calls of its function: the block
// goes after each of the others. The fix of the site comes first, its parts after it.
// A way that cannot be patched leaves the others as they are: each is complete by itself.
func (m *maker) atUncoveredCalls(s *result.Site) []*Fix {
	if m.sw != nil {
		return []*Fix{none(s, "no switch: keepalive is on for other callers without one")}
	}
	whole := &Fix{Site: s, Status: result.FixNone}
	var parts []*Fix
	for _, b := range s.Node.Uncovered {
		part, why := m.atUncoveredCall(s, b)
		if why != "" {
			f := b.Func.File
			whole.Reason = fmt.Sprintf("not set behind %s() at %s:%d: %s", b.Call.Callee(), f.Path, f.Lines().Line(b.Call.NamePos), why)
			continue
		}
		part.parent = whole
		parts = append(parts, part)
	}
	if whole.Reason != "" && s.Accepts() && len(s.Node.Listeners) > 0 {
		return nil // its listener gets the block, which serves every way
	}
	if len(parts) > 0 {
		whole.Status = result.FixPatch
	}
	return append([]*Fix{whole}, parts...)
}

func (m *maker) atUncoveredCall(s *result.Site, b result.UncoveredCall) (*Fix, string) {
	switch {
	case b.Returns:
	case b.ExcludedByArgs:
		return nil, "what it is called with keeps it from setting the option: pass what the others do"
	default:
		return nil, "the descriptor comes out of it by a parameter"
	}
	if !m.declaresSockets(b.Func.File) {
		return nil, "the file knows nothing of sockets"
	}
	if mayBeDatagram(s) {
		return nil, "what comes out of it may be another kind of socket"
	}
	args := make([]*parse.Expr, len(s.Node.Call.Args))
	if b.Direct {
		args = callerArgs(s, b.Call)
	}
	part := m.patch(m.siteAt(s, result.CallerUse{Use: b.Use}, args))
	if part.Status != result.FixPatch {
		return nil, part.Reason
	}
	return part, ""
}
