package rewrite

import "github.com/keepatch/keepatch/detect"

// idleSocket reports whether a descriptor is one that nothing connects or
// listens on: the analysis followed it to its end and saw neither.
func idleSocket(s *detect.Site) bool {
	return s.Role == detect.UnknownRole && s.Node.Idle && !s.Node.Handed
}
