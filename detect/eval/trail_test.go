package eval

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/program/programtest"
)

// TestTrailReads holds that the evidence of a value goes from the question to what decides
// it: the call that gets the list, the callers of its function, what these put into
// the hints.
func TestTrailReads(t *testing.T) {
	p := programtest.Load(t, `
void ask(int);
void find(char *host, struct addrinfo *hints)
{
	struct addrinfo *r;
	getaddrinfo(host, "1", hints, &r);
	ask(r->ai_socktype);
}
void one(char *host)
{
	struct addrinfo hints;
	hints.ai_socktype = SOCK_STREAM;
	find(host, &hints);
}
void two(char *host, struct addrinfo *unknown)
{
	find(host, unknown);
}
`)
	fi := p.Func("find")
	for _, c := range fi.Calls {
		if c.Callee() != "ask" {
			continue
		}
		ev := New(p.Program, fixpoint.NewSession())
		ev.Eval(fi, c.Args[0], nil)
		var got []string
		for _, e := range ev.Trail.List() {
			got = append(got, e.Note)
		}
		want := "getaddrinfo with hints.ai_socktype = SOCK_STREAM, or something that is not known|called from one(): find(host, &hints)|hints.ai_socktype = SOCK_STREAM"
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%s\nwant %s", s, want)
		}
	}
}
