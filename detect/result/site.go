package result

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse/sites"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/walk"
)

// Offset returns the byte offset of a site in its file.
func (n Node) Offset(s *Site) int {
	return n.File.Lines().Start(s.Line) + s.Column - 1
}

// Transport says which transport a call site can create.
type Transport string

// The transports of the report contract.
const (
	TCP              Transport = "tcp"
	MaybeTCP         Transport = "maybe-tcp" // several kinds at run time, TCP among them
	OtherTransport   Transport = "other"
	UnknownTransport Transport = "unknown"
)

// Role says what becomes of the descriptor.
type Role string

// The roles of the report contract.
const (
	Client      Role = "client"
	Listener    Role = "listener"
	Accepted    Role = "accepted"
	Probe       Role = "probe" // opened for a test or an ioctl, never connected or closed right after
	UnknownRole Role = "unknown"
)

// Keepalive says whether SO_KEEPALIVE is on.
type Keepalive string

// The states of keepalive of the report contract.
const (
	KeepaliveSet         Keepalive = "set"
	KeepaliveConditional Keepalive = "conditional" // under a run-time option, or on some paths
	KeepaliveInherited   Keepalive = "inherited"   // only the listener has it
	KeepaliveMissing     Keepalive = "missing"
	KeepaliveUnknown     Keepalive = "unknown"
)

// Verdict is the judgement on one site.
type Verdict string

// The verdicts of the report contract.
const (
	Missing    Verdict = "missing"
	Covered    Verdict = "covered"
	NotTCP     Verdict = "not-tcp"
	Exempt     Verdict = "exempt"
	Suppressed Verdict = "suppressed"
	Undecided  Verdict = "undecided"
)

// Verdicts lists all verdicts in the order in which reports show them.
var Verdicts = []Verdict{Missing, Undecided, Covered, Exempt, Suppressed, NotTCP}

// Evidence is one fact that a decision rests on.
type Evidence struct {
	File   string `json:"file"`
	Line   int    `json:"line"`   // 1-based
	Column int    `json:"column"` // 1-based, in bytes
	Note   string `json:"note"`
}

// The states of a fix.
const (
	FixPatch     = "patch"     // apply inserts a block for this site
	FixElsewhere = "elsewhere" // the sockets accepted from this listener get the block
	FixNone      = "none"      // nothing is done; the reason says why
)

// Fix says what apply does about a site.
type Fix struct {
	Status string `json:"status"`
	Reason string `json:"reason"`
}

// Accepts reports whether the call takes a connection from a listener.
func (s *Site) Accepts() bool { return sites.Accepts(s.Call) }

// Site is one call of socket(), accept() or accept4().
type Site struct {
	ID        string     `json:"id"` // survives lines added above it; unique in the report
	File      string     `json:"file"`
	Line      int        `json:"line"`   // 1-based, of the call's name
	Column    int        `json:"column"` // 1-based, in bytes
	Function  string     `json:"function"`
	Call      string     `json:"call"`           // socket, accept or accept4
	Code      string     `json:"code,omitempty"` // product, test, example or vendored; empty in reports of older versions
	Transport Transport  `json:"transport"`
	Role      Role       `json:"role"`
	Keepalive Keepalive  `json:"keepalive"`
	Verdict   Verdict    `json:"verdict"`
	Rules     []string   `json:"rules"`
	Guards    []string   `json:"guards"` // #if conditions the call stands under, outermost first
	Evidence  []Evidence `json:"evidence"`
	Fix       Fix        `json:"fix"`

	Node Node `json:"-"` // the call in its tree, for package rewrite
}

// FileError is an input, or a part of one, that could not be understood.
type FileError struct {
	File    string `json:"file"`
	Line    int    `json:"line"` // 1-based; 0 when the whole file is meant
	Message string `json:"message"`
}

// Coverage counts what a run has read and decided.
type Coverage struct {
	Files     int   `json:"files"`
	Bytes     int64 `json:"bytes"`
	Sites     int   `json:"sites"`
	Missing   int   `json:"missing"`
	Undecided int   `json:"undecided"`
	LeftOut   int   `json:"left_out,omitempty"` // sites in code that is no product, which are not listed

	NotUnderstood []string `json:"-"` // sources of other languages (C++, yacc, lex) that hold such calls, by path
}

// Foreign says which sources were not understood, "1 C++ file with such calls", and
// names the first of them; "" where all were.
func (c Coverage) Foreign() (what, files string) {
	const named = 5
	n := len(c.NotUnderstood)
	if n == 0 {
		return "", ""
	}
	var languages []string
	for _, name := range c.NotUnderstood {
		languages = append(languages, walk.Language(name))
	}
	slices.Sort(languages)
	what = text.Count(n, strings.Join(slices.Compact(languages), " and ")+" file")
	files = strings.Join(c.NotUnderstood[:min(n, named)], ", ")
	if n > named {
		files += ", ..."
	}
	return what + " with such calls", files
}
