package lsp

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// Whatever is typed, the server lives, and what it says in the end is what one says
// that sees the texts for the first time. KEEPATCH_EDITS is how long to type, such as
// 10m; without it a short while.
func TestRandomEdits(t *testing.T) {
	long, _ := time.ParseDuration(os.Getenv("KEEPATCH_EDITS"))
	seed := uint64(1)
	if s, err := strconv.ParseUint(os.Getenv("KEEPATCH_SEED"), 10, 64); err == nil {
		seed = s
	} else if long > 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("KEEPATCH_SEED=%d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	begin := time.Now()
	for round := 0; round < 2 || time.Since(begin) < long; round++ {
		if !t.Run("", func(t *testing.T) { typeAndCompare(t, r, round) }) {
			return
		}
	}
}

// typeAndCompare is a round: two servers, which end with it.
func typeAndCompare(t *testing.T, r *rand.Rand, round int) {
	capabilities := `{}`
	if round%2 == 1 {
		capabilities = rich
	}
	dir, outside := folder(t), folder(t)
	e := newEditor(t, dir, capabilities)
	texts := map[string]string{"net.c": client1, "keep.c": helper, "crlf.c": strings.ReplaceAll(client1, "\n", "\r\n"), "odd.c": "\u00e9\U0001F600\xff\r\n" + client1}
	texts[filepath.Join(outside, "alone.c")] = client1
	names := slices.Sorted(maps.Keys(texts))
	uris := map[string]uriOf{}
	for _, n := range names {
		uris[n] = e.openAt(n, strings.ToValidUTF8(texts[n], "\uFFFD"))
	}
	for range 150 {
		n := names[r.IntN(len(names))]
		e.typeSomething(r, uris[n])
	}
	// The answer to a request comes when everything is judged; a last word has the
	// diagnostics sent before it.
	last := e.settled(uris)
	fresh := newEditor(t, folder(t), capabilities)
	other := map[string]uriOf{}
	for _, n := range names {
		other[n] = fresh.openAt(n, string(e.texts[uris[n]]))
	}
	want := fresh.settled(other)
	for _, n := range names {
		if diff := cmp.Diff(messages(want[other[n]]), messages(last[uris[n]])); diff != "" {
			t.Fatalf("round %d: %s: %s\n%s", round, n, diff, e.texts[uris[n]])
		}
	}
}

// openAt opens a file of the folder, or one outside of it.
func (e *editor) openAt(name, text string) uriOf {
	if filepath.IsAbs(name) {
		u := uri.File(name)
		e.openURI(u, text)
		return u
	}
	return e.open(name, text)
}

var pieces = []string{
	"\n", "\r\n", "}", "{", "/*", "*/", "\"", "'", "\\\n", "#if 0\n", "#endif\n", "#define X(fd) keep(fd)\n", "\u00e9", "\U0001F600", ";", "(", ")",
	"\tkeep(fd);\n", "\tfd = socket(AF_INET, SOCK_STREAM, 0);\n", "/* keepatch:ignore it is a probe */", "\tint on = 1;\n",
	"\tsetsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);\n", "static int other(int a) { return socket(a, SOCK_STREAM, 0); }\n", "\x00",
}

// typeSomething makes an edit, a large one or an undo now and then, or asks.
func (e *editor) typeSomething(r *rand.Rand, u uriOf) {
	src := e.texts[u]
	at := func() int { // between characters, as editors do
		i := r.IntN(len(src) + 1)
		for i > 0 && i < len(src) && src[i]&0xc0 == 0x80 {
			i--
		}
		if i > 0 && i < len(src) && src[i] == '\n' && src[i-1] == '\r' {
			i--
		}
		return i
	}
	switch k := r.IntN(20); {
	case k == 0:
		e.replace(u, client1)
	case k == 1:
		from, to := at(), at()
		e.edit(u, min(from, to), max(from, to), "")
	case k == 2 && len(src) > 0:
		e.hover(u, at())
	case k == 3 && strings.Contains(string(src), "socket("):
		if list := e.actions(u, "socket("); len(list) > 0 && list[0].Edit != nil {
			e.perform(list[0].Edit)
		}
	case k < 8:
		from := at()
		to := min(from+1, len(src))
		for to < len(src) && src[to]&0xc0 == 0x80 {
			to++
		}
		if to < len(src) && src[to] == '\n' {
			to++
		}
		e.edit(u, from, to, "")
	default:
		i := at()
		e.edit(u, i, i, pieces[r.IntN(len(pieces))])
	}
}

type uriOf = protocol.DocumentURI

// settled is what was told last of each file once everything is judged.
func (e *editor) settled(uris map[string]uriOf) map[uriOf][]protocol.Diagnostic {
	e.t.Helper()
	for _, u := range uris {
		e.hover(u, 0)
	}
	end := e.open("end.c", "int end;\n")
	for {
		select {
		case d := <-e.told:
			if d.URI == end {
				return e.last
			}
			e.last[d.URI] = d.Diagnostics
		case <-time.After(time.Minute):
			e.t.Fatal("no diagnostics")
		}
	}
}

// messages are diagnostics without their addresses.
func messages(list []protocol.Diagnostic) (out []string) {
	for _, d := range list {
		out = append(out, strconv.Itoa(int(d.Range.Start.Line))+":"+strconv.Itoa(int(d.Range.Start.Character))+": "+d.Message)
		for _, r := range d.RelatedInformation {
			out = append(out, "  "+r.Message)
		}
	}
	slices.Sort(out)
	return out
}
