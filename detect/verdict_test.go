package detect

import (
	"fmt"
	"math/rand"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/pathtest"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
)

// The ways in which a verdict can disagree with the paths of a program.
const (
	agrees      = ""
	silentMiss  = "silent miss"         // a path leaves a used TCP socket without the option, and the verdict denies it
	neverBare   = "false alarm"         // missing, but no path leaves one without
	someWays    = "missing for covered" // missing, but some paths set the option
	notNamed    = "a way not named"     // covered for all, but one way of calling never sets it: KA009 is not there
	overstated  = "set for conditional" // covered on every way, but some paths do not set it
	undecidable = "undecided"
	lost        = "a call that is no site, or a site that was not found"
)

// disagree compares what is said of a site with what its paths do.
func disagree(s *result.Site, t *pathtest.Truth, said map[string]*result.Site) string {
	reported := func(l *result.Site) bool {
		return l != nil && (l.Verdict == result.Missing || l.Verdict == result.Undecided)
	}
	bare, off, on := t.Seen("bare"), t.Seen("off"), t.Seen("on") || t.Seen("fed")
	if t.Seen("listener") && !on && !bare && !off {
		bare = true // nothing is ever accepted from it
	}
	switch {
	case !t.Ran:
		return agrees
	case !bare && off && s.Verdict != result.NotTCP && s.Verdict != result.Exempt && (on || s.Keepalive != result.KeepaliveSet):
		return agrees // the program decides so
	case !bare && off && (on || t.Complete) && s.Verdict != result.Undecided:
		return silentMiss
	case s.Verdict == result.Undecided:
		return undecidable
	case s.Verdict == result.Missing && !bare && t.Complete:
		return neverBare
	case s.Verdict == result.Missing && on && bare:
		return someWays
	case s.Verdict == result.Missing:
		return agrees
	case bare && s.Keepalive == result.KeepaliveInherited && !slices.ContainsFunc(keysOf(t.From), func(key string) bool { return !reported(said[key]) }):
		return agrees // it is reported at the listener
	case bare && slices.Contains(s.Rules, rules.SomePaths):
		return agrees
	case bare && s.Verdict == result.Covered && slices.ContainsFunc(s.Node.Feeds, func(a *result.Site) bool { return a.Keepalive == result.KeepaliveConditional }):
		return overstated // an option of the user's sets it on what is accepted, or not
	case bare && (s.Verdict == result.NotTCP || s.Verdict == result.Exempt || !on && t.Complete):
		return silentMiss
	case bare && s.Verdict == result.Covered && s.Keepalive == result.KeepaliveInherited:
		return overstated
	case bare && s.Verdict == result.Covered && s.Keepalive == result.KeepaliveSet:
		return overstated
	case bare && s.Verdict == result.Covered && bareWay(t):
		return notNamed
	}
	return agrees
}

func keysOf(m map[string]bool) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

// bareWay reports whether one way of calling never sets the option, where another does.
func bareWay(t *pathtest.Truth) bool {
	never, sometimes := false, false
	for _, w := range t.Ways {
		never = never || w["bare"] > 0 && w["on"]+w["fed"]+w["listens"] == 0
		sometimes = sometimes || w["on"]+w["fed"] > 0
	}
	return never && sometimes && t.Complete
}

// verdicts analyses the program of some bytes and returns what disagrees.
func verdicts(b []byte, paths int) (found map[string][]string, sites int, texts map[string]string) {
	p := pathtest.New(b)
	texts = p.Texts()
	truths := map[string]*pathtest.Truth{}
	for _, t := range pathtest.Run(p, paths) {
		truths[t.Key()] = t
	}
	r := judgeTexts(1, texts)
	nth := map[string]int{}
	said := map[string]*result.Site{}
	for _, s := range r.Sites {
		at := fmt.Sprintf("%s:%d", s.File, s.Line)
		nth[at]++
		said[fmt.Sprintf("%s#%d", at, nth[at])] = s
	}
	found = map[string][]string{}
	for key, s := range said {
		t := truths[key]
		if t == nil {
			found[lost] = append(found[lost], key+" is no site of the program")
			continue
		}
		delete(truths, key)
		sites++
		if how := disagree(s, t, said); how != agrees {
			found[how] = append(found[how], explainPaths(s, t))
		}
	}
	for key := range truths {
		found[lost] = append(found[lost], key+" was not found")
	}
	return found, sites, texts
}

func explainPaths(s *result.Site, t *pathtest.Truth) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v\n  says %s, %s, %s, keepalive %s, rules %v: %s\n", t, s.Verdict, s.Transport, s.Role, s.Keepalive, s.Rules, s.Fix.Reason)
	for _, e := range s.Evidence {
		fmt.Fprintf(&b, "    %s:%d: %s\n", e.File, e.Line, e.Note)
	}
	if t.Path != nil {
		fmt.Fprintf(&b, "  a path without: %s\n", strings.Join(t.Path, "\n    "))
	}
	return b.String()
}

func numbered(texts map[string]string) string {
	var names []string
	for n := range texts {
		names = append(names, n)
	}
	sort.Strings(names)
	var b strings.Builder
	for _, n := range names {
		if n == pathtest.HeaderName {
			continue
		}
		fmt.Fprintf(&b, "--- %s\n", n)
		for i, l := range strings.Split(texts[n], "\n") {
			fmt.Fprintf(&b, "%3d %s\n", i+1, l)
		}
	}
	return b.String()
}

// programBytes are the bytes of the nth random program.
func programBytes(n int) []byte {
	r := rand.New(rand.NewSource(int64(n)))
	b := make([]byte, 60+r.Intn(400))
	r.Read(b)
	return b
}

// tally counts disagreements over programs, and keeps the first of each kind.
type tally struct {
	programs, sites int
	counts          map[string]int
	first           map[string]string
}

func (c *tally) add(n, paths int) {
	found, sites, texts := verdicts(programBytes(n), paths)
	c.programs++
	c.sites += sites
	for how, list := range found {
		if c.counts[how] == 0 {
			c.first[how] = fmt.Sprintf("program %d: %s\n%s\n%s", n, how, strings.Join(list, ""), numbered(texts))
		}
		c.counts[how] += len(list)
	}
}

func (c *tally) String() string {
	return fmt.Sprintf("%d programs, %d sites: %v", c.programs, c.sites, c.counts)
}

// grave are the disagreements that a verdict must never have.
var grave = []string{lost, silentMiss, notNamed}

// TestVerdicts compares the verdicts for random programs with their paths. Other than
// being silent, being too careful is a matter of degree: one call in a hundred may be
// a false alarm (an option that one function sets and another asks for), and three
// undecided. PROGRAMS=FROM,TO looks at more of them.
func TestVerdicts(t *testing.T) {
	lo, hi := 0, 300
	if from, to, ok := strings.Cut(os.Getenv("PROGRAMS"), ","); ok {
		lo, _ = strconv.Atoi(from)
		hi, _ = strconv.Atoi(to)
	}
	c := &tally{counts: map[string]int{}, first: map[string]string{}}
	for n := lo; n < hi; n++ {
		c.add(n, 300)
	}
	t.Log(c)
	for _, how := range grave {
		if c.counts[how] > 0 {
			t.Errorf("%d: %s", c.counts[how], c.first[how])
		}
	}
	for how, percent := range map[string]int{neverBare: 1, undecidable: 3} {
		if c.counts[how]*100 > c.sites*percent {
			t.Errorf("%d of %d: %s", c.counts[how], c.sites, c.first[how])
		}
	}
	if testing.Verbose() {
		for how, text := range c.first {
			t.Log(how, text)
		}
	}
	if hi-lo >= 300 && (c.sites < 2*(hi-lo) || c.counts[someWays]+c.counts[overstated] == 0) {
		t.Error("the programs say too little")
	}
}

// FuzzVerdict holds that no verdict denies what a path of the program does.
func FuzzVerdict(f *testing.F) {
	for n := range 50 {
		f.Add(programBytes(n))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1000 {
			t.Skip("nothing new")
		}
		found, _, texts := verdicts(b, 300)
		for _, how := range grave {
			if list := found[how]; len(list) > 0 {
				t.Errorf("%s\n%s\n%s", how, strings.Join(list, ""), numbered(texts))
			}
		}
	})
}
