// Package templates holds the C that keepatch inserts, as text/template files
// that a user can replace.
//
// A template writes canonical C: one statement, head or directive a line, the
// braces of an if always there and at the end of its line, "if (cond) {". How
// a line is indented does not matter. The rewriter gives the lines the look of
// the place: indentation, brace placement, blanks, line breaks, line endings;
// it drops the braces around single statements where the file does without.
package templates

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed *.tmpl
var files embed.FS

// Block is what a template is given. Strings are C in the spelling of the
// place; an empty one means that there is nothing to write.
type Block struct {
	FD       string // the descriptor, an expression
	Value    string // the variable that holds 1
	Declare  string // its declaration, when it is made inside the block
	Own      bool   // the declaration needs a block of its own
	Assign   string // a statement that sets an existing variable to 1
	Comment  string // a comment above the block
	Above    bool   // the comment stands in front of the block's own braces
	Guard    string // a macro that must be defined, SO_KEEPALIVE, where the code around tests such things
	Under    string // a directive that the block stands under, "#if HAVE_SETSOCKOPT"
	UnderEnd string // and what ends it, "#endif"
	Test     string // a condition under which alone the option is set
	Set      string // the call: setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on))
	Void     string // a cast to void in front of an ignored call
	Ignore   bool   // the result is not looked at
	Result   string // a variable that takes the result first
	Failed   string // the condition that says that the call failed
	Report   []string
	// Leave holds the statements that clean up and give up the descriptor.
	Leave  []string
	Timers []Timer
	// Helper is the name of the function that does it all, for helper.tmpl
	// and for the places that call it.
	Helper string
	// Answers is set where the helper returns 0, or -1 when SO_KEEPALIVE failed.
	Answers bool
}

// Timer is one of TCP's keepalive timers, or TCP_USER_TIMEOUT.
type Timer struct {
	Option string   // TCP_KEEPIDLE
	Number int      // seconds, milliseconds or probes
	Guard  []string // "#ifdef TCP_KEEPIDLE", or "#elif defined(...)" for a second spelling
	Set    string   // the call
	Void   string   // a cast to void in front of it
	Assign string   // the statement that sets the variable to the value, "" when it is in its place
	Test   string   // a condition under which alone it is set, where nobody looks at the result
	Failed string   // the condition that says that it failed, "" when nobody looks
	Report []string
	Last   bool // #endif follows
}

// Set is a parsed template.
type Set struct{ t *template.Template }

var funcs = template.FuncMap{"join": strings.Join}

// Default returns the embedded templates.
func Default() *Set {
	return &Set{template.Must(template.New("inline.tmpl").Option("missingkey=error").Funcs(funcs).ParseFS(files, "*.tmpl"))}
}

// Parse reads a user's template for the block; it may {{template}} the
// embedded ones. Its errors name the file and the line.
func Parse(name, text string) (*Set, error) {
	s := Default()
	t, err := s.t.New(name).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	return &Set{t}, nil
}

// Render fills in the template.
func (s *Set) Render(b Block) (string, error) { return s.render(s.t, b) }

// RenderNamed fills in one of the embedded templates.
func (s *Set) RenderNamed(name string, b Block) (string, error) {
	t := s.t.Lookup(name)
	if t == nil {
		return "", fmt.Errorf("no template %q", name)
	}
	return s.render(t, b)
}

func (s *Set) render(t *template.Template, b Block) (string, error) {
	var out bytes.Buffer
	if err := t.Execute(&out, b); err != nil {
		return "", err
	}
	return out.String(), nil
}
