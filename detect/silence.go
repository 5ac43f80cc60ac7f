package detect

import "github.com/keepatch/keepatch/parse"

// suppress applies the suppression comments of all files to the sites that
// would be reported otherwise, and returns what is wrong with comments, in the
// order of files and lines.
func (p *program) suppress(sites []*Site) []Note {
	byFile := map[*parse.File][]*Site{}
	for _, s := range sites {
		byFile[s.Node.File] = append(byFile[s.Node.File], s)
	}
	var notes []Note
	for _, u := range p.files {
		if !u.marked {
			continue
		}
		f := u.tree()
		var lines []int
		for _, s := range byFile[f] {
			if needsSilence(s) {
				lines = append(lines, s.Line)
			}
		}
		reasons, more := Suppress(u.path, f.Src, f.Comments, lines)
		notes = append(notes, more...)
		for _, s := range byFile[f] {
			if why, ok := reasons[s.Line]; ok && needsSilence(s) {
				s.silence(why)
			}
		}
	}
	for _, s := range sites {
		if why := s.silencedFeeds(); why != "" {
			s.silence(why)
		}
	}
	return notes
}

func needsSilence(s *Site) bool {
	return s.Verdict == Missing || s.Verdict == Undecided || len(s.Rules) > 0
}

func (s *Site) silence(why string) {
	s.Verdict = Suppressed
	s.Fix = Fix{Status: FixNone, Reason: "suppressed"}
	s.Evidence = append(s.Evidence, Evidence{s.File, s.Line, s.Column, SuppressedNote + why})
}

// silencedFeeds returns a reason when a listener is missing only because of
// accepted sockets that are suppressed: who has said that those need no
// keepalive has said it of their listener.
func (s *Site) silencedFeeds() string {
	if s.Verdict != Missing || s.Role != Listener {
		return ""
	}
	why := ""
	for _, f := range s.Node.Feeds {
		switch f.Verdict {
		case Missing, Undecided:
			return ""
		case Suppressed:
			why = "the sockets accepted from it are"
		}
	}
	return why
}
