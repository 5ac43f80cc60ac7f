package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/keepatch/keepatch/detect/config"
)

// pathOf is the absolute path of a file's URI. A buffer that is no file has none.
func pathOf(u protocol.DocumentURI) (path string, ok bool) {
	parsed, err := url.Parse(string(u))
	if err != nil || parsed.Scheme != uri.FileScheme || parsed.Path == "" {
		return "", false
	}
	path = parsed.Path
	if len(path) > 2 && path[0] == '/' && path[2] == ':' { // a drive
		path = path[1:]
	}
	return filepath.Clean(filepath.FromSlash(path)), true
}

func (s *server) initialized(ctx context.Context, _ json.RawMessage) error {
	s.mu.Lock()
	s.scheduleJudge(0)
	s.mu.Unlock()
	if s.client.watch {
		s.watch(ctx, "keepatch-files", "*.{c,h}", config.Name)
	}
	return nil
}

// watch asks the client to tell when others change files with such names.
func (s *server) watch(ctx context.Context, id string, names ...string) {
	opt := &protocol.DidChangeWatchedFilesRegistrationOptions{}
	for _, n := range names {
		opt.Watchers = append(opt.Watchers, protocol.FileSystemWatcher{GlobPattern: "**/" + n})
	}
	params := &protocol.RegistrationParams{Registrations: []protocol.Registration{{
		ID: id, Method: protocol.MethodWorkspaceDidChangeWatchedFiles, RegisterOptions: opt,
	}}}
	s.jobs.Go(func() {
		err := protocol.Call(ctx, s.conn, protocol.MethodClientRegisterCapability, params, nil)
		if err != nil && ctx.Err() == nil {
			s.log(ctx, "watching files", err)
		}
	})
}

// scheduleJudge has what is open judged after a pause. s.mu is held.
func (s *server) scheduleJudge(pause time.Duration) {
	s.changed++
	s.judgeAt = time.Now().Add(pause)
	select {
	case s.wake <- struct{}{}:
	default: // the loop has not seen the last one yet
	}
}

// loop judges what was changed when it is due.
func (s *server) loop(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
			s.mu.Lock()
			timer.Reset(time.Until(s.judgeAt))
			s.mu.Unlock()
		case <-timer.C:
			s.judging.Lock()
			err := recovered(func() error { return s.judge(ctx) })
			s.judging.Unlock()
			if err != nil && ctx.Err() == nil {
				s.log(ctx, "analysis", err)
			}
		}
	}
}

func (s *server) didOpen(_ context.Context, params json.RawMessage) error {
	var p protocol.DidOpenTextDocumentParams
	if err := json.Unmarshal(params, &p); err != nil {
		return err
	}
	path, ok := pathOf(p.TextDocument.URI)
	if !ok || !isSource(path) {
		return nil
	}
	d := &document{uri: p.TextDocument.URI, path: path, version: p.TextDocument.Version, text: []byte(p.TextDocument.Text)}
	onDisk, err := os.ReadFile(path)
	d.dirty = err != nil || !bytes.Equal(onDisk, d.text)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docs[path] = d
	s.refresh = true
	s.scheduleJudge(0)
	return nil
}

func isSource(path string) bool {
	ext := filepath.Ext(path)
	return ext == ".c" || ext == ".h"
}

func (s *server) didChange(_ context.Context, params json.RawMessage) error {
	var p struct {
		TextDocument   protocol.VersionedTextDocumentIdentifier `json:"textDocument"`
		ContentChanges []change                                 `json:"contentChanges"`
	}
	if err := json.Unmarshal(params, &p); err != nil {
		return err
	}
	path, _ := pathOf(p.TextDocument.URI)
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.docs[path]
	if d == nil {
		return nil
	}
	d.text, d.version, d.dirty = apply(d.text, p.ContentChanges, s.client.utf8), p.TextDocument.Version, true
	s.scheduleJudge(s.opt.Pause)
	return nil
}

func (s *server) didSave(_ context.Context, params json.RawMessage) error {
	var p protocol.DidSaveTextDocumentParams
	if err := json.Unmarshal(params, &p); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if path, ok := pathOf(p.TextDocument.URI); ok {
		s.onDisk(path)
		s.scheduleJudge(s.opt.Pause)
	}
	return nil
}

// onDisk notes that a file was changed there. s.mu is held.
func (s *server) onDisk(path string) {
	s.refresh = true
	if filepath.Base(path) == config.Name {
		s.reload = true
	}
}

func (s *server) didClose(_ context.Context, params json.RawMessage) error {
	var p protocol.DidCloseTextDocumentParams
	if err := json.Unmarshal(params, &p); err != nil {
		return err
	}
	path, _ := pathOf(p.TextDocument.URI)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.docs[path] != nil {
		delete(s.docs, path)
		s.scheduleJudge(0)
	}
	return nil
}

func (s *server) didChangeFiles(_ context.Context, params json.RawMessage) error {
	var p protocol.DidChangeWatchedFilesParams
	if err := json.Unmarshal(params, &p); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range p.Changes {
		if path, ok := pathOf(e.URI); ok {
			s.onDisk(path)
		}
	}
	s.scheduleJudge(s.opt.Pause)
	return nil
}

func (s *server) didChangeFolders(_ context.Context, params json.RawMessage) error {
	var p protocol.DidChangeWorkspaceFoldersParams
	if err := json.Unmarshal(params, &p); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range p.Event.Removed {
		if path, ok := pathOf(protocol.DocumentURI(f.URI)); ok {
			s.roots = slices.DeleteFunc(s.roots, func(r string) bool { return r == path })
		}
	}
	for _, f := range p.Event.Added {
		s.addRoot(protocol.DocumentURI(f.URI))
	}
	s.scheduleJudge(0)
	return nil
}

// inFolder says whether a file lies in a folder, or is that.
func inFolder(dir, path string) bool {
	return path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}
