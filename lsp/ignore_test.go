package lsp

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/keepatch/keepatch/detect/config"
)

const shows = `{"window":{"showDocument":{"support":true}}}`

// The comment has an empty place for the reason, to which the client's cursor goes;
// until one is written there the finding stays.
func TestReason(t *testing.T) {
	const macro = "#include <sys/socket.h>\n#define DIAL(fd) do { \\\n\tfd = socket(AF_INET, SOCK_STREAM, 0); \\\n\tconnect(fd, 0, 0); } while (0)\n" +
		"int dial(void)\n{\n\tint fd;\n\tDIAL(fd);\n\treturn fd;\n}\n"
	const wide = "#include <sys/socket.h>\nint dial(void)\n{\n\tint fd;\n\n\t/* \u00e9\U0001F600 */ fd = socket(AF_INET, SOCK_STREAM, 0);\n\treturn connect(fd, 0, 0);\n}\n"
	for name, src := range map[string]string{"before": client1, "crlf": strings.ReplaceAll(client1, "\n", "\r\n"), "macro": macro, "wide": wide} {
		e := newEditor(t, folder(t), shows)
		u := e.open("net.c", src)
		if d := e.diagnostics(u); len(d) != 1 {
			t.Errorf("%s: %v", name, d)
			continue
		}
		for _, again := range []bool{false, true} {
			a := action(t, e.actions(u, "socket(AF"), "Ignore")
			if (a.Edit == nil) != again || a.Command == nil {
				t.Fatalf("%s: %+v", name, a)
			}
			if !again {
				e.perform(a.Edit)
				if d := e.diagnostics(u); len(d) != 2 {
					t.Errorf("%s, without a reason: %v", name, d)
				}
			}
			e.request("workspace/executeCommand", a.Command, nil)
			show := <-e.shown
			if show.Selection == nil || show.Selection.Start != show.Selection.End || string(show.URI) != string(u) || !show.TakeFocus {
				t.Fatalf("%s: shown %+v", name, show)
			}
			gap := newMapper(e.texts[u], e.utf8).offset(show.Selection.Start)
			if !bytes.HasSuffix(e.texts[u][:gap], []byte("/* keepatch:ignore ")) || !bytes.HasPrefix(e.texts[u][gap:], []byte(" */")) {
				t.Fatalf("%s: the cursor is at %d in %q", name, gap, e.texts[u])
			}
			if again {
				e.edit(u, gap, gap, "one request")
				if d := e.diagnostics(u); len(d) != 0 {
					t.Errorf("%s, with a reason: %v", name, d)
				}
			}
		}
	}
}

// A client that cannot be taken anywhere is not offered a second comment.
func TestReasonIsMissing(t *testing.T) {
	for _, comment := range []string{"/* keepatch:ignore */", "// keepatch:ignore", "// keepatch:ignore TODO why"} {
		e := newEditor(t, folder(t), `{}`)
		u := e.open("net.c", strings.Replace(client1, "\tfd = socket", "\t"+comment+"\n\tfd = socket", 1))
		if d := e.diagnostics(u); len(d) != 2 {
			t.Errorf("%s: %v", comment, d)
		}
		for _, a := range e.actions(u, "socket(AF") {
			if strings.HasPrefix(a.Title, "Ignore") {
				t.Errorf("%s: %+v", comment, a)
			}
		}
	}
}

// What the baseline holds is no diagnostic, and it is read again when it changes.
func TestBaseline(t *testing.T) {
	const second = "int again(void)\n{\n\tint s = socket(AF_INET, SOCK_STREAM, 0);\n\tconnect(s, 0, 0);\n\treturn s;\n}\n"
	const entry = `{"schema": 1, "entries": [{"rule":"KA001","path":"src/net.c","text":"fd = socket(AF_INET, SOCK_STREAM, 0);","count":1}]}`
	dir := folder(t)
	write(t, filepath.Join(dir, config.Name), "baseline: known.json\n")
	write(t, filepath.Join(dir, "known.json"), entry)
	e := newEditor(t, dir, `{}`)
	u := e.open("src/net.c", client1)
	if d := e.diagnostics(u); len(d) != 0 {
		t.Errorf("known: %v", d)
	}
	e.replace(u, client1+second)
	if d := e.diagnostics(u); len(d) != 1 || d[0].Range.Start.Line != 16 {
		t.Errorf("a new one: %+v", d)
	}
	known := protocol.DocumentURI("file://" + filepath.ToSlash(filepath.Join(dir, "known.json")))
	for _, c := range []struct {
		text string
		want int
	}{{`{"schema": 1, "entries": []}`, 2}, {entry, 1}, {"{", 2}} {
		write(t, filepath.Join(dir, "known.json"), c.text)
		e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": known, "type": 2}}})
		if d := e.diagnostics(u); len(d) != c.want {
			t.Errorf("%s: %v", c.text, d)
		}
	}
	if s := <-e.said; !strings.Contains(s, "known.json") {
		t.Errorf("a broken baseline: %s", s)
	}
}
