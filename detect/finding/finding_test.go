package finding

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
)

func site(v result.Verdict, line int, rules ...string) *result.Site {
	return &result.Site{File: "a.c", Line: line, Column: 1, Call: "socket", Function: "f", Transport: result.TCP, Role: result.Client,
		Verdict: v, Rules: rules, Evidence: []result.Evidence{{Note: "suppressed: because"}}}
}

func brief(list []Finding) (out []string) {
	for i := range list {
		f := &list[i]
		s := fmt.Sprintf("%d %s %s", f.Line, f.Rule.ID, f.Severity)
		if f.Fails() {
			s += " fails"
		}
		if f.Shown() {
			s += " shown"
		}
		out = append(out, s)
	}
	return out
}

func TestList(t *testing.T) {
	accepted := site(result.Missing, 7)
	accepted.Call, accepted.Role = "accept", result.Accepted
	rep := &detect.Report{
		Sites: []*result.Site{
			site(result.Missing, 1, "KA001"), site(result.Covered, 2, "KA008", "KA004"), site(result.Undecided, 3),
			site(result.Suppressed, 4), site(result.NotTCP, 5), site(result.Missing, 6, "KA777", "KA001"), accepted,
		},
		Notes: []result.Note{{Rule: "KA101", File: "a.c", Line: 2, Column: 1, Message: "unused"}},
	}
	for _, c := range []struct {
		name string
		set  func(*Policy) error
		want []string
	}{
		{"default", func(*Policy) error { return nil }, []string{
			"1 KA001 error fails shown", "2 KA004 note", "2 KA008 note", "2 KA101 warning shown", "3 KA102 note", "4 KA001 error",
			"6 KA001 error fails shown", "7 KA002 error fails shown"}},
		{"severity", func(p *Policy) error { return p.SetAll(map[string]string{"KA001": "off", "ka004": "warning"}) }, []string{
			"2 KA004 warning shown", "2 KA008 note", "2 KA101 warning shown", "3 KA102 note", "7 KA002 error fails shown"}},
		{"rules", func(p *Policy) error { return p.Only("ka004, KA002") }, []string{"2 KA004 error fails shown", "7 KA002 error fails shown"}},
		{"rules with severity", func(p *Policy) error { return p.Only("KA004=warning,KA101") }, []string{
			"2 KA004 warning shown", "2 KA101 warning shown"}},
		{"rules keep what was set", func(p *Policy) error {
			if err := p.Set("KA004", rules.Note); err != nil {
				return err
			}
			return p.Only("KA004")
		}, []string{"2 KA004 note"}},
		{"always", func(p *Policy) error {
			if err := p.Only("KA002"); err != nil {
				return err
			}
			p.Always(rules.Undecided)
			return p.Set(rules.Undecided, rules.Error)
		}, []string{"3 KA102 error fails shown", "7 KA002 error fails shown"}},
	} {
		var p Policy
		if err := c.set(&p); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, brief(List(rep, p))); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestPolicyErrors(t *testing.T) {
	var p Policy
	for want, err := range map[string]error{
		`unknown rule "KA9"`:     p.Only("KA001,KA9"),
		"no rule named":          p.Only(" ,"),
		`unknown rule "x"`:       p.Set("x", rules.Error),
		`unknown severity "bad"`: p.Only("KA001=bad"),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestMessages(t *testing.T) {
	for _, c := range []struct {
		change func(*result.Site)
		msg    string
		hint   string
	}{
		{func(s *result.Site) { s.Fix.Status = result.FixPatch }, "TCP client socket in f() never gets SO_KEEPALIVE", "turn SO_KEEPALIVE on right after the socket is made (keepatch apply src)"},
		{func(s *result.Site) { s.Transport, s.Role, s.Function = result.MaybeTCP, result.UnknownRole, "" }, "maybe TCP socket never gets SO_KEEPALIVE", "turn SO_KEEPALIVE on right after the socket is made (keepatch apply src)"},
		{func(s *result.Site) { s.Role, s.Fix.Status = result.Listener, result.FixElsewhere }, "sockets accepted from this TCP listener in f() never get SO_KEEPALIVE",
			"turn SO_KEEPALIVE on for the sockets accepted from it (keepatch apply src)"},
		{func(s *result.Site) {
			s.Role, s.Fix = result.Accepted, result.Fix{Status: result.FixNone, Reason: "in a macro"}
		},
			"accepted TCP socket in f() never gets SO_KEEPALIVE", "needs a manual fix: in a macro"},
		{func(s *result.Site) {
			s.Verdict, s.Fix = result.Suppressed, result.Fix{Status: result.FixNone, Reason: "suppressed"}
		},
			"TCP client socket in f() never gets SO_KEEPALIVE", "nothing to do: because"},
		{func(s *result.Site) { s.Verdict, s.Rules = result.Undecided, nil }, "socket() in f() could not be judged: because", rules.ByID("KA102").Hint},
		{func(s *result.Site) { s.Verdict, s.Rules = result.Covered, []string{"KA008"} }, "Result of setsockopt(SO_KEEPALIVE) ignored in f()", rules.ByID("KA008").Hint},
	} {
		s := site(result.Missing, 1, "KA001")
		c.change(s)
		list := List(&detect.Report{Sites: []*result.Site{s}}, Policy{Apply: "keepatch apply src"})
		if len(list) != 1 || list[0].Message != c.msg || list[0].Hint != c.hint {
			t.Errorf("got %+v, want %q, %q", list, c.msg, c.hint)
		}
	}
}

// Where the other sockets are known, or no part of a change, a hint is about its own.
func TestHintsOfEach(t *testing.T) {
	for _, c := range []struct {
		change func(s *result.Site)
		hint   string
	}{
		{func(s *result.Site) { s.File = "src/a.c" }, "turn SO_KEEPALIVE on right after the socket is made (keepatch apply --only src/a.c:1 --write)"},
		{func(s *result.Site) { s.File = "src/a b.c" }, "turn SO_KEEPALIVE on right after the socket is made (keepatch apply --write)"},
		{func(s *result.Site) { s.Fix = result.Fix{Status: result.FixElsewhere} },
			"turn SO_KEEPALIVE on for the sockets accepted from it (keepatch apply --write)"},
	} {
		s := site(result.Missing, 1, "KA001")
		c.change(s)
		list := List(&detect.Report{Sites: []*result.Site{s}}, Policy{Each: true, Then: " --write"})
		if len(list) != 1 || list[0].Hint != c.hint {
			t.Errorf("got %+v, want %q", list, c.hint)
		}
	}
}
