package manual_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/rewrite/argswitch/manual"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch/patchtest"
)

// TestAdd holds what manuals get for -k beside -a and -b.
func TestAdd(t *testing.T) {
	const about = "Turn on TCP keepalive, so that a peer that vanished is noticed.\nThe numbers are the seconds without traffic before the first probe, the\nseconds between probes, and how many probes may stay unanswered; those left\nout are the system's own.\n"
	for _, tt := range []struct{ name, file, text, want string }{
		{"man", "x.1", ".TH X 1\n.SH SYNOPSIS\n.B x\n[-a] [-b addr]\n.SH OPTIONS\n.TP\n.B \\-a\nall of it\n.TP\n.BI \\-b \" addr\"\nbind to it\n.TP\n.B \\-x\nleave\n", ".TP\n.BR \\-k \"[\\fIidle\\fR[:\\fIinterval\\fR[:\\fIcount\\fR]]]\"\n" + about + "| [-k[\\fIidle\\fR[:\\fIinterval\\fR[:\\fIcount\\fR]]]]"},
		{"mdoc", "x.1", ".Dd today\n.Dt X 1\n.Sh DESCRIPTION\n.Bl -tag\n.It Fl a\nall of it\n.It Fl b Ar addr\nbind to it\n.It Fl x\nleave\n.El\n", ".It Fl k Ns Op Ar idle Ns Op \\&: Ns Ar interval Ns Op \\&: Ns Ar count\n" + about},
		{"of another program", "y.1", ".TH Y 1\n.SH OPTIONS\n.TP\n.B \\-q\nquiet\n.TP\n.B \\-r\nremote\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := patchtest.Load(t, `int main(int argc, char **argv) { return 0; }`, map[string]string{tt.file: tt.text})
			sp := &patch.Spelling{Short: "k", Peers: []string{"-a", "-b", "-x"}, Near: p.Prog.Steps, Func: p.Prog.Main.Forms[0]}
			manual.Add(p.Patch, sp)
			var got []string
			if c := p.Patch.Other[tt.file]; c != nil {
				for _, e := range c.Edits {
					got = append(got, e.New)
				}
			}
			if s := strings.Join(got, "|"); s != tt.want {
				t.Errorf("%q\nwant %q", s, tt.want)
			}
		})
	}
}

// TestUntold holds which synopses are named that do not show the option.
func TestUntold(t *testing.T) {
	const page = ".TH X 1\n.SH SYNOPSIS\n.B x\n[-a] [-b addr]\n.SH OPTIONS\n"
	for _, tt := range []struct {
		name    string
		manuals map[string]string
		want    string
	}{
		{"the program's page", map[string]string{"x.1": page}, "x.1:2"},
		{"a page of another name, when there is no other", map[string]string{"y.1": page}, "y.1:2"},
		{"a page of another name beside it", map[string]string{"x.1": page, "y.1": page}, "x.1:2"},
		{"beside one that shows it", map[string]string{"x.1": ".TH X 1\n.SH SYNOPSIS\n.B x\n[-a] [-b addr] [-k]\n.SH OPTIONS\n", "y.1": page}, ""},
		{"a README beside it", map[string]string{"x.1": page, "README": "usage: x [-a] [-b addr]\n"}, "README:1, x.1:2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := patchtest.Load(t, `int main(int argc, char **argv) { return 0; }`, tt.manuals)
			sp := &patch.Spelling{Short: "k", Peers: []string{"-a", "-b"}, Near: p.Prog.Steps, Func: p.Prog.Main.Forms[0]}
			got := manual.Untold(p.Patch, sp)
			slices.Sort(got)
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
}
