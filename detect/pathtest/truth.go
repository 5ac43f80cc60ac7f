package pathtest

import (
	"fmt"
	"math/rand"
	"sort"
	"strings"
)

// Truth is what was seen of one site on the paths.
type Truth struct {
	Name      string
	File      string
	Line, Nth int // the nth site of the line, from 1
	Ran       bool
	TCP       bool                      // some socket of it was one of TCP
	Outcomes  map[string]int            // bare, on, fed, listener, unused, other: how often
	Ways      map[string]map[string]int // the same, by the calls that lead to the site
	Path      []string                  // a path on which it was bare
	Complete  bool                      // every path was tried
	From      map[string]bool           // of an accept: the listeners of what was bare, by their keys
	Paths     int
	TwiceOn   bool // the option was turned on twice for one socket
}

// Key names the site.
func (t *Truth) Key() string { return fmt.Sprintf("%s:%d#%d", t.File, t.Line, t.Nth) }

// Seen reports whether an outcome was seen.
func (t *Truth) Seen(outcome string) bool { return t.Outcomes[outcome] > 0 }

func (t *Truth) String() string {
	var parts []string
	for k, n := range t.Outcomes {
		parts = append(parts, fmt.Sprintf("%s %d", k, n))
	}
	sort.Strings(parts)
	return fmt.Sprintf("%s:%d#%d %s: %s (%d paths, all: %v)", t.File, t.Line, t.Nth, t.Name, strings.Join(parts, ", "), t.Paths, t.Complete)
}

// Run tries paths, up to a number of them in order and as many at random where there
// are more, and sums up what they did. Texts has to be called before it.
func Run(p *Prog, paths int) []*Truth {
	all := map[*site]*Truth{}
	var list []*Truth
	nth := map[string]int{}
	for _, s := range p.placed() {
		at := fmt.Sprint(s.file, ":", s.line)
		nth[at]++
		t := &Truth{Name: s.name, File: FileName(s.file), Line: s.line, Nth: nth[at], Outcomes: map[string]int{},
			Ways: map[string]map[string]int{}, From: map[string]bool{}}
		all[s] = t
		list = append(list, t)
	}
	in := &oracle{}
	tried := 0
	complete := false
	for !complete && tried < paths {
		one(p, in, all)
		tried++
		complete = !in.next()
	}
	if !complete {
		r := rand.New(rand.NewSource(1))
		for range paths {
			one(p, &oracle{random: r.Intn}, all)
			tried++
		}
	}
	for _, t := range list {
		t.Complete, t.Paths = complete, tried
	}
	return list
}

// placed are the sites of the text, in its order.
func (p *Prog) placed() []*site {
	var out []*site
	for _, s := range p.sites {
		if s.line > 0 {
			out = append(out, s)
		}
	}
	sort.SliceStable(out, func(i, k int) bool {
		if out[i].file != out[k].file {
			return out[i].file < out[k].file
		}
		return out[i].line < out[k].line
	})
	return out
}

func one(p *Prog, in *oracle, all map[*site]*Truth) {
	m := newMachine(p, in)
	if !m.run() {
		return
	}
	for _, s := range m.socks {
		t := all[s.site]
		t.Ran = true
		t.TCP = t.TCP || s.outcome != "other"
		t.TwiceOn = t.TwiceOn || s.sets > 1
		t.Outcomes[s.outcome]++
		if t.Ways[s.way] == nil {
			t.Ways[s.way] = map[string]int{}
		}
		t.Ways[s.way][s.outcome]++
		if s.listening {
			t.Ways[s.way]["listens"]++
		}
		if s.outcome == "bare" && s.from != nil {
			l := all[s.from.site]
			t.From[l.Key()] = true
		}
		if s.outcome == "bare" && t.Path == nil {
			t.Path = append([]string{fmt.Sprintf("choices %v, selected %v", in.script, m.world)}, m.log...)
		}
	}
}
