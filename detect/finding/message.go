package finding

import (
	"strings"

	"github.com/keepatch/keepatch/detect"
)

// message says what is wrong with a site, in one line without a full stop.
func message(r *detect.Rule, s *detect.Site) string {
	switch r.ID {
	case detect.RuleMissing, detect.RuleMissingAccept:
		return missing(s)
	case detect.RuleUndecided:
		msg := s.Call + "()" + in(s) + " could not be judged"
		if why := reason(s); why != "" {
			msg += ": " + why
		}
		return msg
	}
	return r.Title + in(s)
}

func missing(s *detect.Site) string {
	kind := "TCP"
	if s.Transport == detect.MaybeTCP {
		kind = "possibly TCP"
	}
	switch s.Role {
	case detect.Listener:
		return "sockets accepted from this " + kind + " listener" + in(s) + " never get SO_KEEPALIVE"
	case detect.Accepted:
		return "accepted " + kind + " socket" + in(s) + " never gets SO_KEEPALIVE"
	case detect.Client:
		return kind + " client socket" + in(s) + " never gets SO_KEEPALIVE"
	}
	return kind + " socket" + in(s) + " never gets SO_KEEPALIVE"
}

func in(s *detect.Site) string {
	if s.Function == "" {
		return ""
	}
	return " in " + s.Function + "()"
}

// hint says what to do about a site; apply is the command that shows the patch.
func hint(r *detect.Rule, s *detect.Site, apply string) string {
	if r.ID != detect.RuleMissing && r.ID != detect.RuleMissingAccept {
		return r.Hint
	}
	switch s.Fix.Status {
	case detect.FixElsewhere:
		return "turn SO_KEEPALIVE on for the sockets accepted from it (" + apply + ")"
	}
	if s.Fix.Status == detect.FixNone && s.Fix.Reason != "" {
		return "to be mended by hand: " + s.Fix.Reason
	}
	return r.Hint + " (" + apply + ")"
}

// reason is what the analysis said last about a site: for one that is
// suppressed the reason in the comment, for one that is undecided what could
// not be followed.
func reason(s *detect.Site) string {
	if len(s.Evidence) == 0 {
		return ""
	}
	return strings.TrimPrefix(s.Evidence[len(s.Evidence)-1].Note, detect.SuppressedNote)
}
