package cc

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"modernc.org/cc/v4"
)

// maxRounds bounds the repairs that cc's own errors ask for.
const maxRounds = 12

// parse mends what the own parser knows to be no C, then what cc objects to.
func (t *isolated) parse() (*cc.AST, error) {
	t.mend()
	var last error
	for range maxRounds {
		ast, err := t.once()
		if err == nil {
			return ast, nil
		}
		last = err
		var at syntaxError
		if !errors.As(err, &at) || !t.mendAt(at.off) {
			break
		}
	}
	return nil, last
}

// syntaxError is cc's first objection to the text.
type syntaxError struct {
	off int // in the file
	msg string
}

func (e syntaxError) Error() string { return "cc: " + e.msg }

const bodyName = "body"

var ccABI = sync.OnceValues(func() (*cc.ABI, error) { return cc.NewABI("linux", "amd64") })

// noFS holds no file, so that nothing outside the function is ever opened.
type noFS struct{}

func (noFS) Open(string) (fs.File, error) { return nil, fs.ErrNotExist }

// once is one call of cc. Hangs are ruled out by what the text can hold
// (isolate checks it): brackets in pairs, a bounded number of tokens, no
// directive, no macro, no literal but "" and 1. The source named <end> gives
// cc's one loop that passes over the end of the file an identifier to stop at.
// Panics are its other weakness and are caught here.
func (t *isolated) once() (ast *cc.AST, err error) {
	defer func() {
		if p := recover(); p != nil {
			ast, err = nil, fmt.Errorf("cc: internal error: %v", p)
		}
	}()
	abi, err := ccABI()
	if err != nil {
		return nil, err
	}
	ast, err = cc.Parse(&cc.Config{ABI: abi, FS: noFS{}, FSOnly: true, ExpansionLimit: 1e6}, []cc.Source{
		{Name: "<predefined>", Value: "#define __STDC_HOSTED__ 1\n#define __STDC_MB_MIGHT_NEQ_WC__ 1\n"},
		{Name: "<prelude>", Value: t.prelude()},
		{Name: bodyName, Value: string(t.buf) + "\n\n"},
		{Name: "<end>", Value: "int __keepatch_end;\n"},
	})
	if err == nil {
		return ast, nil
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		// The label may stand in a branch that is not selected.
		if strings.Contains(line, "label undefined") {
			continue
		}
		return nil, t.locate(line)
	}
	if ast == nil {
		return nil, errors.New("cc: no tree")
	}
	return ast, nil
}

// locate turns "body:3:14: msg" into an offset of the file.
func (t *isolated) locate(line string) error {
	var row, col int
	rest, ok := strings.CutPrefix(line, bodyName+":")
	if n, _ := fmt.Sscanf(rest, "%d:%d:", &row, &col); !ok || n != 2 {
		return errors.New("cc: " + line)
	}
	off := 0
	for ; row > 1; row-- {
		i := strings.IndexByte(string(t.buf[off:]), '\n')
		if i < 0 {
			off = len(t.buf) - 1
			break
		}
		off += i + 1
	}
	_, msg, _ := strings.Cut(rest, ": ")
	e := syntaxError{off: t.base + min(off+max(col-1, 0), len(t.buf)-1)}
	e.msg = fmt.Sprintf("line %d: %s", t.fn.File.Lines().Line(e.off), msg)
	return e
}
