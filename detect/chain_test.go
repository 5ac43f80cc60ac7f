package detect

import (
	"fmt"
	"strings"
	"testing"
)

// TestChain holds that the evidence of a site names each step from it to what decides.
func TestChain(t *testing.T) {
	src := `#include <sys/socket.h>
struct door { int fd; };
static void alive(int fd)
{
	int on = 1;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}
int open_door(struct door *d, struct sockaddr *sa, socklen_t len)
{
	d->fd = socket(AF_INET, SOCK_STREAM, 0);
	bind(d->fd, sa, len);
	return listen(d->fd, 5);
}
int next(struct door *d)
{
	int c = accept(d->fd, 0, 0);
	alive(c);
	return c;
}
`
	rep := judgeTexts(1, map[string]string{"a.c": src})
	want := map[string]string{
		"socket": `10: domain AF_INET; type SOCK_STREAM; protocol 0
12: made a listener here: listen(d->fd, 5)`,
		"accept": `10: its listener comes from socket() in open_door(): domain AF_INET; type SOCK_STREAM; protocol 0
10: stored here: d->fd = socket(AF_INET, SOCK_STREAM, 0)
16: loaded here: d->fd
17: passed on here: alive(c)
6: SO_KEEPALIVE is set: setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on)`,
	}
	for _, s := range rep.Sites {
		var lines []string
		for _, e := range s.Evidence {
			lines = append(lines, fmt.Sprintf("%d: %s", e.Line, e.Note))
		}
		if got := strings.Join(lines, "\n"); !strings.HasPrefix(got, want[s.Call]) {
			t.Errorf("%s():\n%s\nwant\n%s", s.Call, got, want[s.Call])
		}
	}
}

// TestChainUnmet holds that an option call that the descriptor gets and a condition keeps from
// happening is a step, with the way to it.
func TestChainUnmet(t *testing.T) {
	rep := judgeTexts(1, map[string]string{"a.c": `#include <sys/socket.h>
static void tune(int fd, int keep, int off)
{
	int on = 1, none = 0;
	if (off)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &none, sizeof none);
	if (keep > -1)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	if (keep > -2)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
}
int dial(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	tune(fd, -1, 0);
	return connect(fd, sa, len);
}
`})
	var lines []string
	for _, e := range rep.Sites[0].Evidence {
		lines = append(lines, fmt.Sprintf("%d: %s", e.Line, e.Note))
	}
	want := `14: domain AF_INET; type SOCK_STREAM; protocol 0
16: connected here: connect(fd, sa, len)
15: passed on here: tune(fd, -1, 0)
8: SO_KEEPALIVE would be set here, but keep > -1 does not hold: setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on)
14: nothing else in the tree sets SO_KEEPALIVE on this descriptor`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
