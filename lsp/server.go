package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/keepatch/keepatch/detect/baseline"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/rewrite"
)

// Settings are what a configuration file says, for one session.
type Settings struct {
	Analysis driver.Options
	Patch    rewrite.Options
	Strict   bool // undecided sites are diagnostics
	// Baseline is the file with the findings that the project lives with, as seen from
	// the working directory; "" is none.
	Baseline string
}

// Options steer a server.
type Options struct {
	Version string
	// Load reads the settings that hold in the working directory.
	Load func() (Settings, error)
	// Pause is how long nothing may be typed until a change is judged; 0 means
	// DefaultPause.
	Pause time.Duration
}

// DefaultPause is short enough to seem immediate, and longer than the time between
// two keys.
const DefaultPause = 150 * time.Millisecond

// errExit ends a server whose client said exit without shutdown before.
var errExit = errors.New("the client left without a shutdown")

// Serve speaks the protocol over a connection until the client leaves. The first
// folder of the workspace becomes the working directory.
func Serve(ctx context.Context, conn io.ReadWriteCloser, opt Options) error {
	if opt.Pause == 0 {
		opt.Pause = DefaultPause
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{
		opt: opt, stop: cancel, conn: jsonrpc2.NewConn(jsonrpc2.NewStream(conn)),
		docs: map[string]*document{}, published: map[string]string{}, watched: map[string]bool{}, wake: make(chan struct{}, 1),
	}
	s.conn.Go(ctx, s.handle)
	s.jobs.Go(func() { s.loop(ctx) })
	<-s.conn.Done()
	cancel()
	s.jobs.Wait()
	if s.exited {
		if s.down {
			return nil
		}
		return errExit
	}
	if err := s.conn.Err(); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) && !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}

// server is one connection.
type server struct {
	opt    Options
	conn   jsonrpc2.Conn
	stop   func() // ends the reading of messages
	client client
	down   bool // shutdown was said
	exited bool
	jobs   sync.WaitGroup // requests that are under way, and the loop
	wake   chan struct{}  // tells the loop of a new due time

	mu      sync.Mutex // guards what follows
	docs    map[string]*document
	roots   []string  // folders of the workspace, absolute
	changed int       // counts changes of documents and files
	judgeAt time.Time // when to judge what was changed
	refresh bool      // files on disk may have changed
	reload  bool      // the configuration may have

	judging   sync.Mutex // held while judging; guards what follows
	judged    int        // the value of changed that the sessions have judged
	sessions  []*session
	settings  Settings
	baseline  *baseline.Baseline
	complaint string                          // about the baseline, as it was shown last
	watched   map[string]bool                 // names of baselines that the client watches
	uris      map[string]protocol.DocumentURI // of open documents, by path
	published map[string]string               // diagnostics by URI, as they were sent
}

// client is what the other side can do.
type client struct {
	utf8, markdown, show, edits, watch bool
}

// document is an open buffer.
type document struct {
	uri     protocol.DocumentURI
	path    string // absolute
	version int32
	text    []byte
	dirty   bool // differs from the file that was read
}

// notifications are handled in order and never wait for a judgement.
func (s *server) notifications() map[string]func(ctx context.Context, params json.RawMessage) error {
	return map[string]func(context.Context, json.RawMessage) error{
		protocol.MethodInitialized:                        s.initialized,
		protocol.MethodTextDocumentDidOpen:                s.didOpen,
		protocol.MethodTextDocumentDidChange:              s.didChange,
		protocol.MethodTextDocumentDidSave:                s.didSave,
		protocol.MethodTextDocumentDidClose:               s.didClose,
		protocol.MethodWorkspaceDidChangeWatchedFiles:     s.didChangeFiles,
		protocol.MethodWorkspaceDidChangeWorkspaceFolders: s.didChangeFolders,
	}
}

// requests may wait, and are answered in any order.
func (s *server) requests() map[string]func(ctx context.Context, params json.RawMessage) (any, error) {
	return map[string]func(context.Context, json.RawMessage) (any, error){
		protocol.MethodTextDocumentHover:       s.hover,
		protocol.MethodTextDocumentCodeAction:  s.codeAction,
		protocol.MethodWorkspaceExecuteCommand: s.execute,
	}
}

// handle answers one message. A fault of ours is an error to the client, and the
// server lives on.
func (s *server) handle(ctx context.Context, reply jsonrpc2.Replier, req jsonrpc2.Request) error {
	params := json.RawMessage(slices.Clone(req.Params()))
	switch method := req.Method(); method {
	case protocol.MethodInitialize:
		result, err := s.initialize(params)
		return reply(ctx, result, err)
	case protocol.MethodShutdown:
		s.down = true
		return reply(ctx, nil, nil)
	case protocol.MethodExit:
		s.exited = true
		err := reply(ctx, nil, nil)
		s.stop()
		return err
	default:
		if f := s.notifications()[method]; f != nil {
			err := recovered(func() error { return f(ctx, params) })
			if err != nil {
				s.log(ctx, method, err)
			}
			return reply(ctx, nil, nil)
		}
		f := s.requests()[method]
		if f == nil {
			return jsonrpc2.MethodNotFoundHandler(ctx, reply, req)
		}
		s.jobs.Go(func() {
			var result any
			err := recovered(func() (err error) {
				result, err = f(ctx, params)
				return err
			})
			_ = reply(ctx, result, err) // a client that is gone needs no answer
		})
		return nil
	}
}

// recovered turns a panic into an error that names its place.
func recovered(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a fault in keepatch: %v\n%s", r, debug.Stack())
		}
	}()
	return f()
}

func (s *server) log(ctx context.Context, what string, err error) {
	_ = s.conn.Notify(ctx, protocol.MethodWindowLogMessage, &protocol.LogMessageParams{
		Type: protocol.MessageTypeError, Message: fmt.Sprintf("keepatch: %s: %v", what, err),
	})
}

// initializeParams are those of the protocol that are looked at. The types at hand
// know the protocol before 3.17, which has the encodings of positions.
type initializeParams struct {
	RootPath         string                     `json:"rootPath"`
	RootURI          protocol.DocumentURI       `json:"rootUri"`
	WorkspaceFolders []protocol.WorkspaceFolder `json:"workspaceFolders"`
	Capabilities     struct {
		General struct {
			PositionEncodings []string `json:"positionEncodings"`
		} `json:"general"`
		TextDocument struct {
			Hover struct {
				ContentFormat []protocol.MarkupKind `json:"contentFormat"`
			} `json:"hover"`
		} `json:"textDocument"`
		Window struct {
			ShowDocument struct {
				Support bool `json:"support"`
			} `json:"showDocument"`
		} `json:"window"`
		Workspace struct {
			WorkspaceEdit struct {
				DocumentChanges bool `json:"documentChanges"`
			} `json:"workspaceEdit"`
			DidChangeWatchedFiles struct {
				DynamicRegistration bool `json:"dynamicRegistration"`
			} `json:"didChangeWatchedFiles"`
		} `json:"workspace"`
	} `json:"capabilities"`
}

// capabilities are ours, with what the protocol has had since 3.17.
type capabilities struct {
	protocol.ServerCapabilities
	PositionEncoding string `json:"positionEncoding"`
}

type initializeResult struct {
	Capabilities capabilities        `json:"capabilities"`
	ServerInfo   protocol.ServerInfo `json:"serverInfo"`
}

func (s *server) initialize(params json.RawMessage) (any, error) {
	var p initializeParams
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, fmt.Errorf("initialize: %w", err)
	}
	c := p.Capabilities
	s.client = client{
		utf8:     slices.Contains(c.General.PositionEncodings, utf8Encoding),
		markdown: slices.Contains(c.TextDocument.Hover.ContentFormat, protocol.Markdown),
		show:     c.Window.ShowDocument.Support,
		edits:    c.Workspace.WorkspaceEdit.DocumentChanges,
		watch:    c.Workspace.DidChangeWatchedFiles.DynamicRegistration,
	}
	for _, f := range p.WorkspaceFolders {
		s.addRoot(protocol.DocumentURI(f.URI))
	}
	if len(s.roots) == 0 && p.RootURI != "" {
		s.addRoot(p.RootURI)
	}
	if len(s.roots) == 0 && p.RootPath != "" {
		s.roots = append(s.roots, filepath.Clean(p.RootPath))
	}
	if len(s.roots) > 0 {
		if err := os.Chdir(s.roots[0]); err != nil {
			return nil, err
		}
	}
	s.reload = true
	encoding := utf16Encoding
	if s.client.utf8 {
		encoding = utf8Encoding
	}
	return &initializeResult{
		ServerInfo: protocol.ServerInfo{Name: "keepatch", Version: s.opt.Version},
		Capabilities: capabilities{PositionEncoding: encoding, ServerCapabilities: protocol.ServerCapabilities{
			TextDocumentSync: protocol.TextDocumentSyncOptions{
				OpenClose: true, Change: protocol.TextDocumentSyncKindIncremental, Save: &protocol.SaveOptions{},
			},
			HoverProvider:          true,
			CodeActionProvider:     protocol.CodeActionOptions{CodeActionKinds: []protocol.CodeActionKind{protocol.QuickFix}},
			ExecuteCommandProvider: &protocol.ExecuteCommandOptions{Commands: []string{explainCommand, reasonCommand}},
			Workspace: &protocol.ServerCapabilitiesWorkspace{
				WorkspaceFolders: &protocol.ServerCapabilitiesWorkspaceFolders{Supported: true, ChangeNotifications: true},
			},
		}},
	}, nil
}

func (s *server) addRoot(uri protocol.DocumentURI) {
	if path, ok := pathOf(uri); ok && !slices.Contains(s.roots, path) {
		s.roots = append(s.roots, path)
	}
}
