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
