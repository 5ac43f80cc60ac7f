package detect

// suppress applies the suppression comments of all files to the sites that
// would be reported otherwise, and returns what is wrong with comments, in the
// order of files and lines.
func (a *analysis) suppress() []Note {
	byFile := map[*unit][]*judged{}
	for _, j := range a.all {
		byFile[j.c.u] = append(byFile[j.c.u], j)
	}
	var notes []Note
	for _, u := range a.p.files {
		if !u.marked {
			continue
		}
		var lines []int
		for _, j := range byFile[u] {
			if needsSilence(j.site) {
				lines = append(lines, j.site.Line)
			}
		}
		f := u.tree()
		reasons, more := Suppress(u.path, f.Src, f.Comments, lines)
		notes = append(notes, more...)
		for _, j := range byFile[u] {
			if why, ok := reasons[j.site.Line]; ok && needsSilence(j.site) {
				j.site.silence(why)
			}
		}
	}
	for _, j := range a.all {
		if why := j.silencedFeeds(); why != "" {
			j.site.silence(why)
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
func (j *judged) silencedFeeds() string {
	if j.site.Verdict != Missing || j.site.Role != Listener {
		return ""
	}
	why := ""
	for _, f := range j.feeds {
		switch f.site.Verdict {
		case Missing, Undecided:
			return ""
		case Suppressed:
			why = "the sockets accepted from it are"
		}
	}
	return why
}
