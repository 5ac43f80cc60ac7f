package detect

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/result"
)

// sharedPart is the file of a generated program that all others go through:
// the wrappers have as many callers as the program has parts.
const sharedPart = `
#include <netdb.h>
#include <sys/socket.h>
#include "net.h"

int make_socket(int family, int type, int proto) { return socket(family, type, proto); }

int dial(const char *host, const char *port, int type)
{
	struct addrinfo hints = { .ai_socktype = type }, *ai;
	int fd = -1;

	if (getaddrinfo(host, port, &hints, &ai) != 0)
		return -1;
	fd = make_socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);
	if (fd >= 0 && connect(fd, ai->ai_addr, ai->ai_addrlen) < 0)
		fd = -1;
	freeaddrinfo(ai);
	return fd;
}

void keep(int fd) { int on = 1; setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)); }
`

// generated is part i of n of a program: a client and a server of its own, the
// latter with keepalive in every second part, a call of the shared wrapper, a
// call of the next part, and code that has nothing to do with sockets.
func generated(i, n int) string {
	text := `
#include <sys/socket.h>
#include "net.h"

struct peer_I { int fd; int type; struct peer_I *next; };

static int open_I(struct peer_I *p, struct sockaddr *sa, int len)
{
	p->fd = socket(sa->sa_family, p->type, 0);
	if (p->fd < 0)
		return -1;
	return connect(p->fd, sa, len);
}

int serve_I(int port, void (*done)(int))
{
	int fd, lfd = socket(AF_INET, SOCK_STREAM, 0);

	if (lfd < 0 || listen(lfd, port) < 0)
		return -1;
	while ((fd = accept(lfd, 0, 0)) >= 0) {
		KEEP
		send(fd, "hello", 5, 0);
		done(fd);
	}
	return lfd;
}

int run_I(struct peer_I *p, struct sockaddr_in *in, const char *host)
{
	int fd = dial(host, "http", SOCK_STREAM);

	p->type = SOCK_STREAM;
	in->sin_family = AF_INET;
	open_I(p, (struct sockaddr *)in, sizeof(*in));
	return serve_I(fd, close_I) + run_N((void *)p, in, host);
}

void close_I(int fd) { close(fd); }
`
	// Most of a program is about something else.
	for k := range 20 {
		text += fmt.Sprintf(`
static int work_I_%d(const char *s, int n)
{
	int i, sum = 0;

	for (i = 0; i < n && s[i] != '\0'; i++)
		if (isalpha((unsigned char)s[i]))
			sum += s[i] * %d;
	return sum;
}
`, k, k+3)
	}
	keep := ""
	if i%2 == 1 {
		keep = "keep(fd);"
	}
	return strings.NewReplacer("KEEP", keep, "_I", fmt.Sprintf("_%d", i), "_N", fmt.Sprintf("_%d", (i+1)%n)).Replace(text)
}

// program of n parts.
func generatedTree(n int) (texts map[string]string, size int64) {
	texts = map[string]string{"net.c": sharedPart}
	for i := range n {
		texts[fmt.Sprintf("dir%d/part%d.c", i%8, i)] = generated(i, n)
	}
	for _, t := range texts {
		size += int64(len(t))
	}
	return texts, size
}

// growthParts is the number of parts of the smallest tree: 0.3 MB.
const growthParts = 64

// BenchmarkGrowth analyses trees of 1x, 4x and 16x. The MB/s stay what they are
// when the time grows no faster than the tree.
func BenchmarkGrowth(b *testing.B) {
	for _, x := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("%dx", x), func(b *testing.B) {
			texts, size := generatedTree(growthParts * x)
			b.SetBytes(size)
			b.ReportAllocs()
			sites := 0
			for b.Loop() {
				sites = len(judgeTexts(0, texts).Sites)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*sites), "µs/site")
		})
	}
}

// What the benchmark measures is an analysis: the sites are judged right.
func TestGeneratedTree(t *testing.T) {
	const parts = 4
	texts, _ := generatedTree(parts)
	r := judgeTexts(2, texts)
	if err := checkReport(r, texts); err != nil {
		t.Fatal(err)
	}
	if want := 3*parts + 1; len(r.Sites) != want {
		t.Errorf("%d sites, want %d", len(r.Sites), want)
	}
	for _, s := range r.Sites {
		want := result.Missing
		if s.Function == "serve_1" || s.Function == "serve_3" {
			want = result.Covered // every second server sets it on what it accepts
		}
		if s.Verdict != want || s.Transport != result.TCP && s.Transport != result.MaybeTCP {
			t.Errorf("%s:%d in %s is %s, %s", s.File, s.Line, s.Function, s.Verdict, s.Transport)
		}
	}
}
