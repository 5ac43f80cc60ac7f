package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/baseline"
	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/report"
)

// session is a folder, or a file by itself, with what was found out about it.
type session struct {
	*driver.Session
	root     string // absolute; a folder or a file
	report   *detect.Report
	findings []finding.Finding
	texts    map[string]*mapper // of the files as they were judged, by absolute path
	open     map[string][]byte  // buffers among them
	versions map[string]int32   // of these
}

// judge brings the sessions up to date and sends the diagnostics that are new. s.work
// is held.
func (s *server) judge(ctx context.Context) error {
	s.mu.Lock()
	docs := make([]document, 0, len(s.docs))
	for _, path := range slices.Sorted(maps.Keys(s.docs)) {
		docs = append(docs, *s.docs[path])
	}
	roots, changed, refresh, reload := slices.Clone(s.roots), s.changed, s.refresh, s.reload
	s.refresh, s.reload = false, false
	s.mu.Unlock()
	if changed == s.judged {
		return nil
	}
	if reload {
		settings, err := s.opt.Load()
		if err != nil {
			s.show(ctx, err.Error())
		}
		if err == nil || s.sessions == nil {
			s.settings, s.sessions = settings, nil
		}
	}
	if reload || refresh {
		s.readBaseline(ctx)
	}
	s.updateSessions(roots, docs)
	for _, x := range s.sessions {
		if refresh {
			x.Refresh()
		}
		x.judge(docs, s)
	}
	s.judged = changed
	return s.publish(ctx, docs)
}

// readBaseline reads the baseline again, and has the client watch a file of its name.
// Without one that can be read all findings are shown.
func (s *server) readBaseline(ctx context.Context) {
	name := s.settings.Baseline
	s.baseline = nil
	if name == "" {
		return
	}
	if base := filepath.Base(name); s.client.watch && !s.watched[base] {
		s.watched[base] = true
		s.watch(ctx, "keepatch-"+base, base)
	}
	complaint := ""
	b, err := baseline.Read(name)
	if err != nil {
		complaint = fmt.Sprintf("baseline %s: %v", name, err)
		if complaint != s.complaint {
			s.show(ctx, complaint)
		}
	}
	s.baseline, s.complaint = b, complaint
}

// show shows a text to the user.
func (s *server) show(ctx context.Context, text string) {
	_ = s.conn.Notify(ctx, protocol.MethodWindowShowMessage,
		&protocol.ShowMessageParams{Type: protocol.MessageTypeWarning, Message: "keepatch: " + text})
}

// updateSessions has a session for each folder of the workspace, and for each document
// outside of them one for the repository that it lies in, or for it alone.
func (s *server) updateSessions(roots []string, docs []document) {
	for _, d := range docs {
		if slices.ContainsFunc(roots, func(r string) bool { return inFolder(r, d.path) }) {
			continue
		}
		root := driver.RepoRoot(filepath.Dir(d.path))
		if root == "" {
			root = d.path
		}
		roots = append(roots, root)
	}
	var now []*session
	for _, r := range slices.Compact(slices.Sorted(slices.Values(roots))) {
		i := slices.IndexFunc(s.sessions, func(x *session) bool { return x.root == r })
		if i >= 0 {
			now = append(now, s.sessions[i])
			continue
		}
		o := s.settings.Analysis
		o.Paths = []string{driver.DisplayPath(r)}
		now = append(now, &session{Session: driver.NewSession(o), root: r})
	}
	s.sessions = now
}

// sessionOf is the session of the nearest folder around a file.
func (s *server) sessionOf(path string) (near *session) {
	for _, x := range s.sessions {
		if inFolder(x.root, path) && (near == nil || len(x.root) > len(near.root)) {
			near = x
		}
	}
	return near
}

func (x *session) judge(docs []document, s *server) {
	x.open, x.versions = map[string][]byte{}, map[string]int32{}
	laid := map[string][]byte{}
	for _, d := range docs {
		if inFolder(x.root, d.path) {
			x.open[d.path], x.versions[d.path] = d.text, d.version
			if d.dirty {
				laid[driver.DisplayPath(d.path)] = d.text
			}
		}
	}
	x.report = x.Analyze(laid).Report
	policy := s.settings.Analysis.Policy
	if s.settings.Strict {
		if policy.Set(rules.Undecided, rules.Error) == nil {
			policy.Always(rules.Undecided)
		}
	}
	x.findings = finding.List(x.report, policy)
	x.texts = map[string]*mapper{}
	if s.baseline == nil {
		return
	}
	// Which entries are stale is told by check.
	s.baseline.Mark(x.findings, func(file string, line int) ([]byte, bool) {
		m := x.text(file, s.client.utf8)
		return m.lines.Text(line), true
	}, func(string) bool { return false })
	finding.Fold(x.findings)
}

// text is a file as it was judged; it has no lines when it is gone meanwhile.
func (x *session) text(file string, utf8 bool) *mapper {
	path := driver.Absolute(file)
	m := x.texts[path]
	if m == nil {
		src, open := x.open[path]
		if !open {
			src, _ = os.ReadFile(path) // one that is gone has no lines
		}
		m = newMapper(src, utf8)
		x.texts[path] = m
	}
	return m
}

// publish sends what has changed of the diagnostics. A file that is open is told of
// once even where there is nothing to say.
func (s *server) publish(ctx context.Context, docs []document) error {
	uris := map[string]protocol.DocumentURI{} // the client's own: clients differ in what they escape
	for _, d := range docs {
		uris[d.path] = d.uri
	}
	s.uris = uris
	now := map[protocol.DocumentURI][]protocol.Diagnostic{}
	for _, u := range uris {
		now[u] = []protocol.Diagnostic{}
	}
	for _, x := range s.sessions {
		for i := range x.findings {
			f := &x.findings[i]
			if path := driver.Absolute(f.File); f.Shown() && s.sessionOf(path) == x {
				u := s.uri(path)
				now[u] = append(now[u], s.diagnostic(x, f))
			}
		}
	}
	for u := range s.published {
		if _, ok := now[protocol.DocumentURI(u)]; !ok {
			now[protocol.DocumentURI(u)] = []protocol.Diagnostic{}
		}
	}
	for _, u := range slices.Sorted(maps.Keys(now)) {
		text, err := json.Marshal(now[u])
		if err != nil {
			return err
		}
		if old, ok := s.published[string(u)]; ok && old == string(text) {
			continue
		}
		err = s.conn.Notify(ctx, protocol.MethodTextDocumentPublishDiagnostics, &publishParams{URI: u, Diagnostics: text})
		if err != nil {
			return err
		}
		if s.published[string(u)] = string(text); len(now[u]) == 0 && !isOpen(docs, u) {
			delete(s.published, string(u))
		}
	}
	return nil
}

// publishParams are the protocol's, with the diagnostics as they are compared.
type publishParams struct {
	URI         protocol.DocumentURI `json:"uri"`
	Diagnostics json.RawMessage      `json:"diagnostics"`
}

func isOpen(docs []document, u protocol.DocumentURI) bool {
	return slices.ContainsFunc(docs, func(d document) bool { return d.uri == u })
}

// uri is that of a file.
func (s *server) uri(path string) protocol.DocumentURI {
	if u, ok := s.uris[path]; ok {
		return u
	}
	return uri.File(path)
}

// severities of the protocol, by those of rules.
var severities = map[rules.Severity]protocol.DiagnosticSeverity{
	rules.Error: protocol.DiagnosticSeverityError, rules.Warning: protocol.DiagnosticSeverityWarning,
}

func (s *server) diagnostic(x *session, f *finding.Finding) protocol.Diagnostic {
	width := 1
	if f.Site != nil {
		width = len(f.Site.Call)
	}
	d := protocol.Diagnostic{
		Range:    x.text(f.File, s.client.utf8).span(f.Line, f.Column, width),
		Severity: severities[f.Severity], Code: f.Rule.ID, Source: "keepatch", Message: report.Clean(f.Message),
		CodeDescription: &protocol.CodeDescription{Href: protocol.URI(report.RuleAddress(f.Rule))},
	}
	if f.Site != nil {
		for _, e := range f.Site.Evidence {
			d.RelatedInformation = append(d.RelatedInformation, protocol.DiagnosticRelatedInformation{
				Location: protocol.Location{URI: s.uri(driver.Absolute(e.File)),
					Range: x.text(e.File, s.client.utf8).span(e.Line, e.Column, 1)},
				Message: report.Clean(e.Note),
			})
		}
	}
	return d
}

// current is the session of a document with everything judged that the client has
// sent, and the site at a position. s.work is held.
func (s *server) current(ctx context.Context, u protocol.DocumentURI) (*session, string, error) {
	path, ok := pathOf(u)
	if !ok {
		return nil, "", nil
	}
	if err := s.judge(ctx); err != nil {
		return nil, "", err
	}
	return s.sessionOf(path), path, nil
}

// sitesIn are the sites of a file whose call touches a range.
func (s *server) sitesIn(x *session, path string, r protocol.Range) (list []*result.Site) {
	if x == nil || x.report == nil {
		return nil
	}
	for _, site := range x.report.Sites {
		if driver.Absolute(site.File) != path {
			continue
		}
		if at := x.text(site.File, s.client.utf8).span(site.Line, site.Column, len(site.Call)); overlaps(at, r) {
			list = append(list, site)
		}
	}
	return list
}

func overlaps(a, b protocol.Range) bool { return !before(a.End, b.Start) && !before(b.End, a.Start) }

func before(a, b protocol.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Character < b.Character
}
