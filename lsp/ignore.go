package lsp

import (
	"bytes"
	"context"
	"encoding/json"

	"go.lsp.dev/protocol"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// reasonCommand puts the cursor where the reason of a comment goes, the location that
// is its argument.
const reasonCommand = "keepatch.reason"

// The comment that silences a site: the reason goes between the two. Until somebody
// writes one it silences nothing.
const (
	directive    = "keepatch:ignore"
	commentStart = "/* " + directive + " "
	comment      = commentStart + " */"
)

// ignoreAction inserts a comment without its reason, and takes the user to where that
// goes. Where such a comment is there already it only does the latter.
func (s *server) ignoreAction(x *session, site *result.Site, about []protocol.Diagnostic) []protocol.CodeAction {
	a := protocol.CodeAction{Title: "Ignore, with a reason", Kind: protocol.QuickFix, Diagnostics: about}
	m := x.text(site.File, s.client.utf8)
	at, there := x.lacksReason(m, site)
	if !there {
		var changes map[string][]edit.Edit
		changes, at = suppressEdit(m, site)
		a.Edit = s.workspaceEdit(x, changes)
	} else if !s.client.show {
		return nil
	}
	if s.client.show {
		a.Command = &protocol.Command{Title: a.Title, Command: reasonCommand, Arguments: []any{
			protocol.Location{URI: s.uri(driver.Absolute(site.File)), Range: protocol.Range{Start: at, End: at}},
		}}
	}
	return []protocol.CodeAction{a}
}

// lacksReason says where the reason goes of a comment about a site that has none.
func (x *session) lacksReason(m *mapper, site *result.Site) (at protocol.Position, there bool) {
	for _, n := range x.report.Notes {
		if n.Rule != rules.Malformed || n.File != site.File || n.Line < site.Line-1 || n.Line > site.Line {
			continue
		}
		start, end := m.lines.Start(n.Line)+n.Column-1, m.lines.End(n.Line)
		rest, ok := bytes.CutPrefix(m.src[min(start, end):end], []byte(directive))
		if !ok || len(rest) > 0 && rest[0] == '-' {
			continue
		}
		if start += len(directive); len(rest) > 0 && rest[0] == ' ' {
			start++
		}
		return m.position(start), true
	}
	return at, false
}

// suppressEdit puts the comment on a line before a site; at is where its reason goes then.
func suppressEdit(m *mapper, site *result.Site) (changes map[string][]edit.Edit, at protocol.Position) {
	start := m.lines.Start(site.Line)
	line := m.lines.Text(site.Line)
	at = m.position(start)
	if start > 0 && bytes.HasSuffix(bytes.TrimRight(m.lines.Text(site.Line-1), " \t"), []byte(`\`)) {
		// Within a macro a line of its own would end it.
		code := bytes.TrimRight(line, " \t\\")
		at.Character = uint32(m.units(code) + len(" "+commentStart))
		return map[string][]edit.Edit{site.File: {edit.Insert(start+len(code), " "+comment)}}, at
	}
	indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
	end := string(m.src[m.lines.End(site.Line):m.lines.Start(site.Line+1)])
	if end == "" {
		end = "\n"
	}
	at.Character = uint32(len(indent) + len(commentStart))
	return map[string][]edit.Edit{site.File: {edit.Insert(start, string(indent)+comment+end)}}, at
}

// showReason has the client put the cursor at a location.
func (s *server) showReason(ctx context.Context, arg json.RawMessage) (any, error) {
	var to protocol.Location
	if err := json.Unmarshal(arg, &to); err != nil {
		return nil, err
	}
	var shown protocol.ShowDocumentResult
	return nil, protocol.Call(ctx, s.conn, protocol.MethodShowDocument,
		&protocol.ShowDocumentParams{URI: to.URI, TakeFocus: true, Selection: &to.Range}, &shown)
}
