package suppress

import (
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
)

// Apply applies the suppression comments of all files to the sites that
// would be reported otherwise, and returns what is wrong with comments, in the
// order of files and lines.
func Apply(p *program.Program, sites []*result.Site) []result.Note {
	byFile := map[*parse.File][]*result.Site{}
	for _, s := range sites {
		byFile[s.Node.File] = append(byFile[s.Node.File], s)
	}
	var notes []result.Note
	for _, u := range p.Files {
		if !u.HasDirective {
			continue
		}
		f := u.Tree()
		calls := map[int]int{}
		for _, s := range byFile[f] {
			if needsSilence(s) {
				calls[s.Line] = max(calls[s.Line], lastLine(s))
			}
		}
		reasons, more := InFile(u.Path, f.Src, f.Comments, calls)
		notes = append(notes, more...)
		for _, s := range byFile[f] {
			if why, ok := reasons[s.Line]; ok && needsSilence(s) {
				silence(s, why)
			}
		}
	}
	for _, s := range sites {
		if why := silencedFeeds(s); why != "" {
			silence(s, why)
		}
	}
	return notes
}

// lastLine is the one on which a site's call ends.
func lastLine(s *result.Site) int {
	if c := s.Node.Call; c != nil {
		return max(s.Line, s.Node.File.Lines().Line(c.End-1))
	}
	return s.Line
}

func needsSilence(s *result.Site) bool {
	return s.Verdict == result.Missing || s.Verdict == result.Undecided || len(s.Rules) > 0
}

func silence(s *result.Site, why string) {
	s.Verdict = result.Suppressed
	s.Fix = result.Fix{Status: result.FixNone, Reason: "suppressed"}
	s.Evidence = append(s.Evidence, result.Evidence{File: s.File, Line: s.Line, Column: s.Column, Note: NotePrefix + why})
}

// silencedFeeds returns a reason when a listener is missing only because of
// accepted sockets that are suppressed: who has said that those need no
// keepalive has said it of their listener.
func silencedFeeds(s *result.Site) string {
	if s.Verdict != result.Missing || s.Role != result.Listener {
		return ""
	}
	why := ""
	for _, f := range s.Node.Feeds {
		switch f.Verdict {
		case result.Missing, result.Undecided:
			return ""
		case result.Suppressed:
			why = "the sockets accepted from it are"
		}
	}
	return why
}
