package rewrite

import "github.com/keepatch/keepatch/detect/result"

// idleSocket reports whether a descriptor is one that nothing connects or
// listens on: the analysis followed it to its end and saw neither.
func idleSocket(s *result.Site) bool {
	return s.Role == result.UnknownRole && s.Node.Idle && !s.Node.Handed
}
