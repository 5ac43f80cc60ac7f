package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/report"
	"github.com/keepatch/keepatch/rewrite"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/timers"
)

// explainCommand shows the evidence of the site with the ID that is its argument.
const explainCommand = "keepatch.explain"

func (s *server) hover(ctx context.Context, params json.RawMessage) (any, error) {
	var p protocol.HoverParams
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, err
	}
	s.judging.Lock()
	defer s.judging.Unlock()
	x, path, err := s.current(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	sites := s.sitesIn(x, path, protocol.Range{Start: p.Position, End: p.Position})
	if len(sites) == 0 {
		return nil, nil
	}
	kind := protocol.PlainText
	if s.client.markdown {
		kind = protocol.Markdown
	}
	at := x.text(sites[0].File, s.client.utf8).span(sites[0].Line, sites[0].Column, len(sites[0].Call))
	return &protocol.Hover{Contents: protocol.MarkupContent{Kind: kind, Value: s.hoverText(sites)}, Range: &at}, nil
}

func (s *server) hoverText(sites []*result.Site) string {
	var b strings.Builder
	for i, site := range sites {
		if i > 0 {
			b.WriteString("\n")
		}
		title := fmt.Sprintf("%s: %s(), %s %s", site.Verdict, site.Call, report.TransportText(site.Transport), site.Role)
		if s.client.markdown {
			title = "**keepatch** " + title
		} else {
			title = "keepatch: " + title
		}
		fmt.Fprintf(&b, "%s\n\n", title)
		for n, e := range site.Evidence {
			at, note := fmt.Sprintf("%s:%d", e.File, e.Line), report.Clean(e.Note)
			if s.client.markdown {
				at = fmt.Sprintf("[%s](%s#L%d)", escape(at), s.uri(driver.Absolute(e.File)), e.Line)
				note = escape(note)
			}
			fmt.Fprintf(&b, "%d. %s: %s\n", n+1, at, note)
		}
	}
	return b.String()
}

// escape takes from a text what Markdown could act on.
func escape(s string) string {
	return markdownEscape.Replace(s)
}

var markdownEscape = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "#", `\#`, "|", `\|`, "!", `\!`)

func (s *server) codeAction(ctx context.Context, params json.RawMessage) (any, error) {
	var p struct {
		TextDocument protocol.TextDocumentIdentifier `json:"textDocument"`
		Range        protocol.Range                  `json:"range"`
		Context      struct {
			Only []protocol.CodeActionKind `json:"only"`
		} `json:"context"`
	}
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, err
	}
	actions := []protocol.CodeAction{}
	if len(p.Context.Only) > 0 && !slices.ContainsFunc(p.Context.Only, func(k protocol.CodeActionKind) bool {
		return k == protocol.QuickFix || k == ""
	}) {
		return actions, nil
	}
	s.judging.Lock()
	defer s.judging.Unlock()
	x, path, err := s.current(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	line := protocol.Range{Start: protocol.Position{Line: p.Range.Start.Line},
		End: protocol.Position{Line: p.Range.End.Line, Character: 1 << 20}}
	for _, site := range s.sitesIn(x, path, line) {
		actions = append(actions, s.actionsOn(x, site)...)
	}
	return actions, nil
}

func (s *server) actionsOn(x *session, site *result.Site) (list []protocol.CodeAction) {
	about := s.diagnosticsOf(x, site)
	add := func(title string, changes map[string][]edit.Edit, preferred bool) {
		if len(changes) > 0 {
			list = append(list, protocol.CodeAction{
				Title: title, Kind: protocol.QuickFix, Diagnostics: about, IsPreferred: preferred, Edit: s.workspaceEdit(x, changes),
			})
		}
	}
	if site.Verdict == result.Missing {
		opt := s.settings.Patch
		set := timers.Suggested
		if opt.Timers.Any() {
			set = opt.Timers
		}
		opt.Timers = timers.Timers{}
		plain, _ := x.fix(site, opt)
		opt.Timers = set
		timed, but := x.fix(site, opt)
		const insert = "Insert SO_KEEPALIVE"
		with := insert + " with timers (" + describe(set) + ")"
		if but != "" {
			with = insert + " (" + but + ")"
		}
		if reflect.DeepEqual(plain, timed) {
			add(with, plain, true) // which says why there are no timers to choose
		} else {
			add(insert, plain, true)
			add(with, timed, false)
		}
	}
	if len(about) > 0 {
		list = append(list, s.ignoreAction(x, site, about)...)
	}
	title := "Explain why this socket is " + string(site.Verdict)
	return append(list, protocol.CodeAction{
		Title: title, Kind: protocol.QuickFix, Diagnostics: about,
		Command: &protocol.Command{Title: title, Command: explainCommand, Arguments: []any{site.ID}},
	})
}

// describe says when a dead peer is noticed.
func describe(t timers.Timers) string {
	var parts []string
	for _, p := range []struct {
		n    int
		text string
	}{{t.Idle, "idle %d s"}, {t.Interval, "every %d s"}, {t.Count, "%d probes"}, {t.UserTimeout, "user timeout %d ms"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf(p.text, p.n))
		}
	}
	return strings.Join(parts, ", ")
}

func (s *server) diagnosticsOf(x *session, site *result.Site) (list []protocol.Diagnostic) {
	for i := range x.findings {
		if f := &x.findings[i]; f.Site == site && f.Shown() {
			list = append(list, s.diagnostic(x, f))
		}
	}
	return list
}

// fix is the patch of one site, by file, and what it does not do of what opt asks for.
func (x *session) fix(site *result.Site, opt rewrite.Options) (changes map[string][]edit.Edit, but string) {
	opt.Only = func(other *result.Site) bool { return other.ID == site.ID }
	plan := x.Plan(site.File, opt)
	if plan == nil {
		return nil, ""
	}
	changes = map[string][]edit.Edit{}
	for _, f := range plan.Files {
		changes[f.Path] = f.Edits
	}
	var reasons []string
	for _, f := range plan.Fixes {
		if f.Status == result.FixPatch && f.Reason != "" && !slices.Contains(reasons, f.Reason) {
			reasons = append(reasons, f.Reason)
		}
	}
	return changes, strings.Join(reasons, "; ")
}

// workspaceEdit is what the client has to do for edits by file.
func (s *server) workspaceEdit(x *session, changes map[string][]edit.Edit) *protocol.WorkspaceEdit {
	w := &protocol.WorkspaceEdit{}
	for _, f := range slices.Sorted(maps.Keys(changes)) {
		path := driver.Absolute(f)
		m := x.text(f, s.client.utf8)
		var edits []protocol.TextEdit
		for _, e := range mergeEdits(changes[f]) {
			edits = append(edits,
				protocol.TextEdit{Range: protocol.Range{Start: m.position(e.Start), End: m.position(e.End)}, NewText: e.New})
		}
		if !s.client.edits {
			if w.Changes == nil {
				w.Changes = map[protocol.DocumentURI][]protocol.TextEdit{}
			}
			w.Changes[s.uri(path)] = edits
			continue
		}
		id := protocol.OptionalVersionedTextDocumentIdentifier{TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: s.uri(path)}}
		if v, ok := x.versions[path]; ok {
			id.Version = &v
		}
		w.DocumentChanges = append(w.DocumentChanges, protocol.TextDocumentEdit{TextDocument: id, Edits: edits})
	}
	return w
}

// mergeEdits makes one edit of those at one offset, whose order some clients turn.
func mergeEdits(edits []edit.Edit) (list []edit.Edit) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit.Edit) int { return a.Start - b.Start })
	for _, e := range edits {
		if n := len(list); n > 0 && list[n-1].Start == e.Start && list[n-1].End == e.Start {
			list[n-1].New += e.New
			list[n-1].End = e.End
			continue
		}
		list = append(list, e)
	}
	return list
}

// execute runs a command that an action names.
func (s *server) execute(ctx context.Context, params json.RawMessage) (any, error) {
	var p struct {
		Command   string            `json:"command"`
		Arguments []json.RawMessage `json:"arguments"`
	}
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, err
	}
	f := map[string]func(context.Context, json.RawMessage) (any, error){
		explainCommand: s.showExplanation, reasonCommand: s.showReason,
	}[p.Command]
	if f == nil || len(p.Arguments) != 1 {
		return nil, fmt.Errorf("unknown command %q", p.Command)
	}
	return f(ctx, p.Arguments[0])
}

// showExplanation shows the evidence of a site, as a document where the client can show
// one, else as a message. The answer is the text.
func (s *server) showExplanation(ctx context.Context, arg json.RawMessage) (any, error) {
	var id string
	if err := json.Unmarshal(arg, &id); err != nil {
		return nil, err
	}
	text, err := s.explain(ctx, id)
	if err != nil {
		return nil, err
	}
	if !s.client.show {
		_ = s.conn.Notify(ctx, protocol.MethodWindowShowMessage, &protocol.ShowMessageParams{Type: protocol.MessageTypeInfo, Message: text})
		return text, nil
	}
	f, err := os.CreateTemp("", "keepatch-explain-*.txt")
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(text)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return nil, err
	}
	var shown protocol.ShowDocumentResult
	err = protocol.Call(ctx, s.conn, protocol.MethodShowDocument,
		&protocol.ShowDocumentParams{URI: uri.File(f.Name()), TakeFocus: true}, &shown)
	return text, err
}

func (s *server) explain(ctx context.Context, id string) (string, error) {
	s.judging.Lock()
	defer s.judging.Unlock()
	if err := s.judge(ctx); err != nil {
		return "", err
	}
	for _, x := range s.sessions {
		for _, site := range x.report.Sites {
			if site.ID != id {
				continue
			}
			var b strings.Builder
			d := &report.Document{Report: x.report, Findings: x.findings, Sources: &report.Sources{Read: func(path string) ([]byte, error) {
				return x.text(path, s.client.utf8).src, nil
			}}}
			err := report.Explain{Terminal: report.Terminal{NoTabs: true}, Sites: []*result.Site{site}}.Write(&b, d)
			return b.String(), err
		}
	}
	return "", fmt.Errorf("there is no socket %s any more", id)
}
