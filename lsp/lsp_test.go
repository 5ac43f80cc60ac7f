package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/config"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/rewrite/edit"
)

var update = flag.Bool("update", false, "write the golden exchanges anew")

// asServer makes the test binary a server on standard input and output, for clients
// that start one.
const asServer = "KEEPATCH_TEST_LSP"

func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		err := Serve(context.Background(), struct {
			io.Reader
			io.WriteCloser
		}{os.Stdin, os.Stdout}, Options{Version: "test", Load: load, Pause: 20 * time.Millisecond})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func load() (Settings, error) {
	s := Settings{Analysis: driver.Options{Detect: detect.Options{Platform: "linux"}}}
	if _, err := os.Stat(config.Name); err != nil {
		return s, nil
	}
	c, err := config.Load(config.Name)
	if err == nil {
		s.Baseline = c.Path(c.Baseline)
	}
	return s, err
}

// editor is a client that keeps what it is told and writes down what is said.
type editor struct {
	t     *testing.T
	dir   string
	conn  jsonrpc2.Conn
	told  chan told
	shown chan protocol.ShowDocumentParams
	said  chan string // what the user is shown
	log   strings.Builder
	texts map[protocol.DocumentURI][]byte // open documents
	vers  map[protocol.DocumentURI]int32
	last  map[protocol.DocumentURI][]protocol.Diagnostic // what was told last, see settled
	utf8  bool
	ended chan error
}

type told struct {
	URI         protocol.DocumentURI  `json:"uri"`
	Diagnostics []protocol.Diagnostic `json:"diagnostics"`
}

// newEditor starts a server in a folder that holds the files. The folder is a
// workspace unless there are no capabilities given.
func newEditor(t *testing.T, dir string, capabilities string) *editor {
	t.Helper()
	t.Chdir(dir)
	ours, theirs := net.Pipe()
	e := &editor{
		t: t, dir: dir, told: make(chan told, 1000), shown: make(chan protocol.ShowDocumentParams, 10), said: make(chan string, 10),
		texts: map[protocol.DocumentURI][]byte{}, vers: map[protocol.DocumentURI]int32{}, last: map[protocol.DocumentURI][]protocol.Diagnostic{},
		ended: make(chan error, 1), utf8: strings.Contains(capabilities, utf8Encoding),
	}
	go func() {
		e.ended <- Serve(context.Background(), theirs, Options{Version: "test", Load: load, Pause: time.Millisecond})
	}()
	e.conn = jsonrpc2.NewConn(jsonrpc2.NewStream(ours))
	e.conn.Go(context.Background(), func(ctx context.Context, reply jsonrpc2.Replier, req jsonrpc2.Request) error {
		switch req.Method() {
		case protocol.MethodTextDocumentPublishDiagnostics:
			var d told
			if err := json.Unmarshal(slices.Clone(req.Params()), &d); err != nil {
				t.Errorf("diagnostics: %v", err)
			}
			e.told <- d
		case protocol.MethodShowDocument:
			var d protocol.ShowDocumentParams
			if err := json.Unmarshal(slices.Clone(req.Params()), &d); err != nil {
				t.Errorf("a document to show: %v", err)
			}
			e.shown <- d
			return reply(ctx, protocol.ShowDocumentResult{Success: true}, nil)
		case protocol.MethodWindowShowMessage:
			var m protocol.ShowMessageParams
			if err := json.Unmarshal(slices.Clone(req.Params()), &m); err != nil {
				t.Errorf("a message: %v", err)
			}
			e.said <- m.Message
		case protocol.MethodWindowLogMessage:
			t.Errorf("the server complains: %s", req.Params())
		}
		return reply(ctx, nil, nil)
	})
	e.request("initialize", json.RawMessage(fmt.Sprintf(`{"processId":1,"rootUri":%q,"capabilities":%s}`, uri.File(dir), capabilities)), nil)
	e.notify("initialized", struct{}{})
	t.Cleanup(e.quit)
	return e
}

func (e *editor) quit() {
	e.request("shutdown", nil, nil)
	e.notify("exit", nil)
	select {
	case err := <-e.ended:
		if err != nil {
			e.t.Errorf("the server ends with %v", err)
		}
	case <-time.After(20 * time.Second):
		e.t.Error("the server does not end")
	}
	_ = e.conn.Close()
}

// say writes an exchange down, without what differs from run to run.
func (e *editor) say(mark, what string, v any) {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		e.t.Fatal(err)
	}
	fmt.Fprintf(&e.log, "%s %s %s\n", mark, what, strings.ReplaceAll(string(text), string(uri.File(e.dir)), "file://$WORK"))
}

func (e *editor) request(method string, params, result any) {
	e.t.Helper()
	e.say("-->", method, params)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var raw json.RawMessage
	if _, err := e.conn.Call(ctx, method, params, &raw); err != nil {
		for u, text := range e.texts {
			e.t.Logf("%s: %q", u, text)
		}
		e.t.Fatalf("%s: %v", method, err)
	}
	if len(raw) == 0 {
		raw = json.RawMessage("null")
	}
	e.say("<--", method, raw)
	if result != nil {
		if err := json.Unmarshal(raw, result); err != nil {
			e.t.Fatalf("%s: %v", method, err)
		}
	}
}

func (e *editor) notify(method string, params any) {
	e.t.Helper()
	if err := e.conn.Notify(context.Background(), method, params); err != nil {
		e.t.Fatalf("%s: %v", method, err)
	}
}

func (e *editor) open(name, text string) protocol.DocumentURI {
	u := uri.File(filepath.Join(e.dir, filepath.FromSlash(name)))
	e.openURI(u, text)
	return u
}

func (e *editor) openURI(u protocol.DocumentURI, text string) {
	e.texts[u], e.vers[u] = []byte(text), 1
	e.notify("textDocument/didOpen", &protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{URI: u, LanguageID: "c", Version: 1, Text: text}})
}

// edit makes one change of a buffer, told as a range.
func (e *editor) edit(u protocol.DocumentURI, from, to int, text string) {
	m := newMapper(e.texts[u], e.utf8)
	r := protocol.Range{Start: m.position(from), End: m.position(to)}
	e.texts[u] = slices.Concat(e.texts[u][:from], []byte(text), e.texts[u][to:])
	e.changed(u, change{&r, text})
}

func (e *editor) changed(u protocol.DocumentURI, changes ...change) {
	e.vers[u]++
	e.notify("textDocument/didChange", map[string]any{
		"textDocument": map[string]any{"uri": u, "version": e.vers[u]}, "contentChanges": changes,
	})
}

// replace has the whole text sent.
func (e *editor) replace(u protocol.DocumentURI, text string) {
	e.texts[u] = []byte(text)
	e.changed(u, change{nil, text})
}

// perform makes the edits of an action in the buffers.
func (e *editor) perform(w *protocol.WorkspaceEdit) {
	e.t.Helper()
	all := map[protocol.DocumentURI][]protocol.TextEdit{}
	for u, list := range w.Changes {
		all[u] = list
	}
	for _, d := range w.DocumentChanges {
		if v := d.TextDocument.Version; v != nil && *v != e.vers[d.TextDocument.URI] {
			e.t.Errorf("edits of version %d, the buffer has %d", *v, e.vers[d.TextDocument.URI])
		}
		all[d.TextDocument.URI] = d.Edits
	}
	for u, list := range all {
		m := newMapper(e.texts[u], e.utf8)
		var edits []edit.Edit
		for _, x := range list {
			edits = append(edits, edit.Edit{Start: m.offset(x.Range.Start), End: m.offset(x.Range.End), New: x.NewText})
		}
		text, err := edit.Apply(e.texts[u], edits)
		if err != nil {
			e.t.Fatal(err)
		}
		e.replace(u, string(text))
	}
}

// diagnostics waits until the server tells of the file.
func (e *editor) diagnostics(u protocol.DocumentURI) []protocol.Diagnostic {
	e.t.Helper()
	for {
		select {
		case d := <-e.told:
			if d.URI == u {
				e.say("<--", "diagnostics", d)
				return d.Diagnostics
			}
		case <-time.After(time.Minute):
			e.t.Fatalf("%s: no diagnostics", u)
		}
	}
}

// actions are those on the line with a text.
func (e *editor) actions(u protocol.DocumentURI, at string) (list []protocol.CodeAction) {
	e.t.Helper()
	m := newMapper(e.texts[u], e.utf8)
	p := m.position(bytes.Index(e.texts[u], []byte(at)))
	e.request("textDocument/codeAction", map[string]any{
		"textDocument": map[string]any{"uri": u}, "range": protocol.Range{Start: p, End: p}, "context": map[string]any{"diagnostics": []any{}},
	}, &list)
	return list
}

func (e *editor) hover(u protocol.DocumentURI, off int) (h *protocol.Hover) {
	e.t.Helper()
	e.request("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": u}, "position": newMapper(e.texts[u], e.utf8).position(off)}, &h)
	return h
}

func action(t *testing.T, list []protocol.CodeAction, title string) protocol.CodeAction {
	t.Helper()
	i := slices.IndexFunc(list, func(a protocol.CodeAction) bool { return strings.HasPrefix(a.Title, title) })
	if i < 0 {
		t.Fatalf("no action %q among %d", title, len(list))
	}
	return list[i]
}

func (e *editor) golden(name string) {
	e.t.Helper()
	file := filepath.Join(home, "testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(e.log.String()), 0o666); err != nil {
			e.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		e.t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), e.log.String()); diff != "" {
		e.t.Error(diff)
	}
}

// home is the package's folder; tests change the working directory.
var home, _ = os.Getwd()

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// folder is a temporary folder without symbolic links in its path.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

const client1 = `#include <sys/socket.h>
void keep(int fd);

int dial(const struct sockaddr *to, socklen_t len)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, to, len) < 0)
		return -1;
	return fd;
}
`

const helper = `#include <sys/socket.h>
void keep(int fd)
{
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}
`

const rich = `{"general":{"positionEncodings":["utf-8","utf-16"]},"textDocument":{"hover":{"contentFormat":["markdown"]}},"workspace":{"workspaceEdit":{"documentChanges":true}}}`

// What an editor and the server say to each other while a file is opened, edited,
// patched, undone and silenced.
func TestExchange(t *testing.T) {
	dir := folder(t)
	write(t, filepath.Join(dir, "net.c"), client1)
	write(t, filepath.Join(dir, "keep.c"), helper)
	e := newEditor(t, dir, rich)
	u := uri.File(filepath.Join(dir, "net.c"))
	if len(e.diagnostics(u)) != 1 {
		t.Fatal("the workspace is not told of")
	}
	e.open("net.c", client1)
	e.hover(u, strings.Index(client1, "socket(AF"))
	if h := e.hover(u, strings.Index(client1, "connect(")); h != nil {
		t.Errorf("hover elsewhere: %v", h)
	}
	list := e.actions(u, "socket(AF")
	e.perform(action(t, list, "Insert SO_KEEPALIVE").Edit)
	if d := e.diagnostics(u); len(d) != 0 {
		t.Errorf("after the patch: %v", d)
	}
	patched := string(e.texts[u])
	e.replace(u, client1) // undo
	if len(e.diagnostics(u)) != 1 {
		t.Error("after undo")
	}
	e.perform(action(t, e.actions(u, "socket(AF"), "Ignore").Edit)
	if d := e.diagnostics(u); len(d) != 2 || d[0].Code != "KA100" || d[1].Code != "KA001" {
		t.Errorf("after a comment without a reason: %v", d)
	}
	gap := bytes.Index(e.texts[u], []byte(" */"))
	e.edit(u, gap, gap, "one request")
	if d := e.diagnostics(u); len(d) != 0 {
		t.Errorf("after the reason: %v", d)
	}
	e.replace(u, client1)
	e.diagnostics(u)
	at := strings.Index(client1, "\tif (connect")
	e.edit(u, at, at, "\tkeep(fd);\n")
	if d := e.diagnostics(u); len(d) != 0 {
		t.Errorf("a call of the helper in another file: %v", d)
	}
	k := e.open("keep.c", helper)
	e.replace(k, strings.Replace(helper, "SO_KEEPALIVE", "SO_REUSEADDR", 1))
	if len(e.diagnostics(u)) != 1 {
		t.Error("the helper no longer helps")
	}
	e.golden("exchange")
	if !strings.Contains(patched, "\tkeep(fd);\n") {
		t.Errorf("patched: %s", patched)
	}
}

// The action that sets timers, and the one that explains.
func TestActions(t *testing.T) {
	e := newEditor(t, folder(t), `{}`)
	u := e.open("net.c", client1)
	if len(e.diagnostics(u)) != 1 {
		t.Fatal("nothing found")
	}
	list := e.actions(u, "socket(AF")
	e.perform(action(t, list, "Insert SO_KEEPALIVE with timers (idle 180 s, every 30 s, 4 probes)").Edit)
	if d := e.diagnostics(u); len(d) != 0 || !bytes.Contains(e.texts[u], []byte("TCP_KEEPIDLE")) {
		t.Errorf("%v in %s", d, e.texts[u])
	}
	explain := action(t, e.actions(u, "socket(AF"), "Explain why this socket is covered")
	var text string
	e.request("workspace/executeCommand", explain.Command, &text)
	if !strings.Contains(text, ": covered\n") || !strings.Contains(text, "SO_KEEPALIVE") {
		t.Errorf("explained: %s", text)
	}
	// Neovim shows the tabs of a message as ^I.
	if !strings.Contains(text, " |         fd = socket(AF_INET, SOCK_STREAM, 0);\n       |              ^~~~~~\n") || strings.Contains(text, "\t") {
		t.Errorf("explained with tabs: %q", text)
	}
}

// The title of an action says what its edit does, where that is less than what was asked for.
func TestActionTitles(t *testing.T) {
	const includes = "#include <sys/socket.h>\n#include <netinet/in.h>\n#include <sys/un.h>\n\n"
	const both = "\nint both(struct sockaddr_in *in, struct sockaddr_un *un)\n{\n" +
		"\treturn dial(AF_INET, (struct sockaddr *)in, sizeof(*in)) + dial(AF_UNIX, (struct sockaddr *)un, sizeof(*un));\n}\n"
	accepted := includes + "int serve(int family, const struct sockaddr *sa, socklen_t len)\n{\n\tint fd, lfd = socket(family, SOCK_STREAM, 0);\n\n" +
		"\tif (lfd < 0 || bind(lfd, sa, len) < 0 || listen(lfd, 8) < 0)\n\t\treturn -1;\n\tfd = accept(lfd, NULL, NULL);\n\tif (fd < 0)\n\t\treturn -1;\n\treturn fd;\n}\n" +
		strings.ReplaceAll(both, "dial", "serve")
	maybe := includes + "int dial(int family, const struct sockaddr *sa, socklen_t len)\n{\n\tint fd;\n\n\tfd = socket(family, SOCK_STREAM, 0);\n\tif (fd < 0)\n\t\treturn -1;\n" +
		"\tif (connect(fd, sa, len) < 0)\n\t\treturn -1;\n\treturn fd;\n}\n" + both
	own := includes + "static int keep(int fd, int idle)\n{\n\tint on = 1;\n\n\tif (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)\n\t\treturn -1;\n" +
		"\treturn setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));\n}\n\n" + client1[strings.Index(client1, "int dial"):]
	for _, c := range []struct {
		src, at string
		want    []string
	}{
		{maybe, "socket(", []string{"Insert SO_KEEPALIVE", "Insert SO_KEEPALIVE with timers (idle 180 s, every 30 s, 4 probes)"}},
		{accepted, "accept(", []string{"Insert SO_KEEPALIVE (without the timers: the socket may be a unix one)"}},
		{own, "socket(", []string{"Insert SO_KEEPALIVE", "Insert SO_KEEPALIVE (the program's own keep() gets 1 of the 3 timers)"}},
	} {
		e := newEditor(t, folder(t), `{}`)
		u := e.open("net.c", c.src)
		e.diagnostics(u)
		var got []string
		for _, a := range e.actions(u, c.at) {
			if strings.HasPrefix(a.Title, "Insert") {
				got = append(got, a.Title)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.at, diff)
		}
	}
}

// Positions are in the units of the client, whatever stands before them, and edits
// keep the line ends.
func TestColumns(t *testing.T) {
	const src = "#include <sys/socket.h>\r\nint dial(void)\r\n{\r\n\tint fd;\r\n\r\n\t/* \u00e9\U0001F600 */ fd = socket(AF_INET, SOCK_STREAM, 0);\r\n\treturn connect(fd, 0, 0);\r\n}\r\n"
	for encoding, column := range map[string]uint32{`{}`: 1 + 3 + 1 + 2 + 4 + 5, `{"general":{"positionEncodings":["utf-8"]}}`: 1 + 3 + 2 + 4 + 4 + 5} {
		e := newEditor(t, folder(t), encoding)
		u := e.open("net.c", src)
		d := e.diagnostics(u)
		if len(d) != 1 || d[0].Range.Start != (protocol.Position{Line: 5, Character: column}) || d[0].Range.End.Character != column+6 {
			t.Errorf("%s: %+v", encoding, d)
			continue
		}
		if h := e.hover(u, strings.Index(src, "socket(AF")+3); h == nil || *h.Range != d[0].Range {
			t.Errorf("%s: hover %+v", encoding, h)
		}
		list := e.actions(u, "socket(AF")
		e.perform(action(t, list, "Insert").Edit)
		if d := e.diagnostics(u); len(d) != 0 {
			t.Errorf("%s: %+v", encoding, d)
		}
		if s := string(e.texts[u]); strings.Count(s, "\n") != strings.Count(s, "\r\n") || strings.Count(s, "\n") < 10 {
			t.Errorf("%s: line ends in %q", encoding, s)
		}
		e.replace(u, src)
		e.diagnostics(u)
		e.perform(action(t, list, "Ignore").Edit)
		if s := string(e.texts[u]); len(e.diagnostics(u)) != 2 || strings.Count(s, "\n") != strings.Count(s, "\r\n") {
			t.Errorf("%s: %q", encoding, s)
		}
	}
}

// Files outside of the workspace are judged with the repository around them, or by
// themselves; what is no file or no C is left alone.
func TestOutside(t *testing.T) {
	dir, other, alone := folder(t), folder(t), folder(t)
	write(t, filepath.Join(dir, "x.c"), "int x;\n")
	write(t, filepath.Join(other, ".git", "HEAD"), "")
	write(t, filepath.Join(other, "lib", "keep.c"), helper)
	write(t, filepath.Join(alone, "keep.c"), helper)
	e := newEditor(t, dir, `{}`)
	calling := strings.Replace(client1, "\tif (connect", "\tkeep(fd);\n\tif (connect", 1)

	u := uri.File(filepath.Join(other, "src", "net.c"))
	e.openURI(u, calling)
	if d := e.diagnostics(u); len(d) != 0 {
		t.Errorf("the helper is in the repository: %v", d)
	}
	u = uri.File(filepath.Join(alone, "net.c"))
	e.openURI(u, client1)
	if d := e.diagnostics(u); len(d) != 1 {
		t.Errorf("by itself: %v", d)
	}
	e.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": u}})
	if d := e.diagnostics(u); len(d) != 0 {
		t.Errorf("a file that is closed and outside: %v", d)
	}
	for _, odd := range []protocol.DocumentURI{"untitled:Untitled-1", "file:///x.txt", "git:/x.c?HEAD"} {
		e.openURI(odd, client1)
		e.replace(odd, client1+"\n")
		if h := e.hover(odd, strings.Index(client1, "socket(AF")); h != nil {
			t.Errorf("%s: %v", odd, h)
		}
	}
	space := uri.File(filepath.Join(dir, "a b", "n\u00e9t.c"))
	e.openURI(space, client1)
	if d := e.diagnostics(space); len(d) != 1 {
		t.Errorf("%s: %v", space, d)
	}
}

// What others change on disk is seen when the client tells of it, or something is
// opened or saved.
func TestDisk(t *testing.T) {
	dir := folder(t)
	write(t, filepath.Join(dir, "net.c"), client1)
	e := newEditor(t, dir, `{}`)
	u := uri.File(filepath.Join(dir, "net.c"))
	if len(e.diagnostics(u)) != 1 {
		t.Fatal("at the start")
	}
	write(t, filepath.Join(dir, "net.c"), "int gone;\n")
	e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": u, "type": 2}}})
	if d := e.diagnostics(u); len(d) != 0 {
		t.Errorf("changed on disk: %v", d)
	}
	write(t, filepath.Join(dir, "new.c"), client1)
	e.open("net.c", "int gone;\n")
	if d := e.diagnostics(uri.File(filepath.Join(dir, "new.c"))); len(d) != 1 {
		t.Errorf("a new file: %v", d)
	}
}
