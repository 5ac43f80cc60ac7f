package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
)

// tally counts how the reports of some packages agree with their labels.
type tally struct {
	sites, seen            int // labels; those that the report has at all
	hits, missed           int // positives that are reported as missing, and those that are not
	wrong, stray           int // negatives that are, and places that no label knows
	undecided              int
	calls, transport       int // real calls; those with the labelled transport
	tcpCalls, role         int // real TCP calls; those with the labelled role
	misses, alarms, others []string
}

// add holds one package's report against its labels.
func (t *tally) add(p pack, rep *detect.Report) {
	found := map[place][]*result.Site{}
	var order []place
	for _, s := range rep.Sites {
		at := place{s.File, s.Line}
		if found[at] == nil {
			order = append(order, at)
		}
		found[at] = append(found[at], s)
	}
	known := map[place]bool{}
	for i := range p.labels {
		l := &p.labels[i]
		at, _ := l.place() // checked when it was read
		known[at] = true
		t.label(l, found[at])
	}
	for _, at := range order {
		if !known[at] && hasVerdict(found[at], result.Missing) {
			t.stray++
			t.alarms = append(t.alarms, fmt.Sprintf("STRAY  %s:%s:%d: no such call is labelled", p.name, at.file, at.line))
		}
	}
}

// label holds one label against the sites that the report has in its line.
func (t *tally) label(l *label, got []*result.Site) {
	t.sites++
	if len(got) > 0 {
		t.seen++
	}
	missing := hasVerdict(got, result.Missing)
	if hasVerdict(got, result.Undecided) {
		t.undecided++
		t.others = append(t.others, line("UNDECIDED", l, got))
	}
	if l.Site == "call" && l.Platform == "any" {
		t.calls++
		if has(got, func(s *result.Site) bool { return s.Transport == transports[l.TCP] }) {
			t.transport++
		} else if len(got) > 0 {
			t.others = append(t.others, line("TRANSPORT "+string(got[0].Transport), l, got))
		}
		if l.TCP != "no" {
			t.tcpCalls++
			if has(got, func(s *result.Site) bool { return string(s.Role) == l.Role }) {
				t.role++
			} else if len(got) > 0 {
				t.others = append(t.others, line("ROLE "+string(got[0].Role), l, got))
			}
		}
	}
	if len(got) == 0 && l.Site == "call" {
		t.others = append(t.others, line("UNSEEN", l, got))
	}
	switch k := l.kind(); {
	case k == positive && missing:
		t.hits++
	case k == positive:
		t.missed++
		t.misses = append(t.misses, line("MISSED", l, got))
	case k == negative && missing:
		t.wrong++
		t.alarms = append(t.alarms, line("WRONG ", l, got))
	}
}

func has(sites []*result.Site, f func(*result.Site) bool) bool {
	for _, s := range sites {
		if f(s) {
			return true
		}
	}
	return false
}

func hasVerdict(sites []*result.Site, v result.Verdict) bool {
	return has(sites, func(s *result.Site) bool { return s.Verdict == v })
}

// line tells a disagreement with the labeller's reason.
func line(what string, l *label, got []*result.Site) string {
	verdicts := make([]string, len(got))
	for i, s := range got {
		verdicts[i] = string(s.Verdict)
	}
	verdict := strings.Join(verdicts, ",")
	if verdict == "" {
		verdict = "not in the report"
	}
	return fmt.Sprintf("%s %s (%s; tcp %s, %s, keepalive %s): %s", what, l.ID, verdict, l.TCP, l.Role, l.Keepalive, l.Why)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (t *tally) precision() float64 { return ratio(t.hits, t.hits+t.wrong+t.stray) }

func (t *tally) recall() float64 { return ratio(t.hits, t.hits+t.missed) }

func (t *tally) f1() float64 {
	if p, r := t.precision(), t.recall(); p+r > 0 {
		return 2 * p * r / (p + r)
	}
	return 0
}

// print writes the disagreements, with all those that do not touch a verdict
// when everything is set, and the sums.
func (t *tally) print(w io.Writer, everything bool) {
	lists := [][]string{t.misses, t.alarms}
	if everything {
		lists = append(lists, t.others)
	}
	for _, list := range lists {
		for _, s := range list {
			fmt.Fprintln(w, s)
		}
	}
	fmt.Fprintf(w, "sites %d  in the report %d  positives %d  hits %d  missed %d  wrong %d  stray %d\n",
		t.sites, t.seen, t.hits+t.missed, t.hits, t.missed, t.wrong, t.stray)
	fmt.Fprintf(w, "transport as labelled %d of %d  role %d of %d  undecided %d\n", t.transport, t.calls, t.role, t.tcpCalls, t.undecided)
	fmt.Fprintf(w, "precision %.3f  recall %.3f  F1 %.3f\n", t.precision(), t.recall(), t.f1())
}
