package finding

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/detect/suppress"
)

// message says what is wrong with a site, in one line without a full stop.
func message(r *rules.Rule, s *result.Site) string {
	switch r.ID {
	case rules.Missing, rules.MissingAccept:
		return missing(s)
	case rules.SomePaths:
		return someWays(s)
	case rules.Undecided:
		msg := s.Call + "()" + in(s) + " could not be judged"
		if why := reason(s); why != "" {
			msg += ": " + why
		}
		return msg
	}
	return r.Title + in(s)
}

func missing(s *result.Site) string {
	kind := "TCP"
	if s.Transport == result.MaybeTCP {
		kind = "maybe TCP"
	}
	switch s.Role {
	case result.Listener:
		return "sockets accepted from this " + kind + " listener" + in(s) + " never get SO_KEEPALIVE"
	case result.Accepted:
		return "accepted " + kind + " socket" + in(s) + " never gets SO_KEEPALIVE"
	case result.Client:
		return kind + " client socket" + in(s) + " never gets SO_KEEPALIVE"
	}
	return kind + " socket" + in(s) + " never gets SO_KEEPALIVE"
}

// someWays names the call on whose way the option is not set.
func someWays(s *result.Site) string {
	msg := "SO_KEEPALIVE is set on some ways only" + in(s)
	for _, e := range s.Evidence {
		if strings.HasPrefix(e.Note, result.UncoveredNote) {
			return fmt.Sprintf("%s: %s (%s:%d)", msg, e.Note, e.File, e.Line)
		}
	}
	return msg
}

func in(s *result.Site) string {
	if s.Function == "" {
		return ""
	}
	return " in " + s.Function + "()"
}

// hint says what to do about a site; apply is the command that shows the patch.
func hint(r *rules.Rule, s *result.Site, apply string) string {
	if r.ID != rules.Missing && r.ID != rules.MissingAccept {
		return r.Hint
	}
	if s.Verdict == result.Suppressed {
		return "nothing to do: " + reason(s)
	}
	switch s.Fix.Status {
	case result.FixElsewhere:
		return "turn SO_KEEPALIVE on for the sockets accepted from it (" + apply + ")"
	}
	if s.Fix.Status == result.FixNone && s.Fix.Reason != "" {
		return "needs a manual fix: " + s.Fix.Reason
	}
	return r.Hint + " (" + apply + ")"
}

// acceptsElsewhere returns a function that says which command patches a site: of a listener
// whose accept() lies in a file that the report leaves out, since another one was named, it
// is the command for that file.
func acceptsElsewhere(rep *detect.Report) func(s *result.Site, apply string) string {
	type place struct {
		file         string
		line, column int
	}
	reported := map[place]bool{}
	for _, s := range rep.Sites {
		reported[place{s.File, s.Line, s.Column}] = true
	}
	return func(s *result.Site, apply string) string {
		if s.Fix.Status != result.FixElsewhere {
			return apply
		}
		file := ""
		for _, e := range s.Evidence {
			switch {
			case !strings.HasPrefix(e.Note, result.AcceptedNote):
			case reported[place{e.File, e.Line, e.Column}]:
				return apply
			case file == "" && quotable(e.File):
				file = e.File
			}
		}
		if file == "" {
			return apply
		}
		return "keepatch apply " + file
	}
}

// reason is what the analysis said last about a site: for one that is
// suppressed the reason in the comment, for one that is undecided what could
// not be followed.
func reason(s *result.Site) string {
	if len(s.Evidence) == 0 {
		return ""
	}
	last := s.Evidence[len(s.Evidence)-1]
	if why, ok := strings.CutPrefix(last.Note, result.IncompleteFrom); ok {
		return fmt.Sprintf("incomplete from %s:%d on: %s", last.File, last.Line, why)
	}
	return strings.TrimPrefix(last.Note, suppress.NotePrefix)
}
