package cc

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"sync"

	"modernc.org/cc/v4"

	"github.com/keepatch/keepatch/parse"
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

// compare holds cc's tree against the own parser's view of one call.
func (t *isolated) compare(ast *cc.AST, call *parse.Expr, stmt *parse.Stmt) (err error) {
	defer func() {
		if p := recover(); p != nil { // a node without its parts has no position
			err = fmt.Errorf("cc: internal error: %v", p)
		}
	}()
	var found *cc.PostfixExpression
	var inner cc.Node // the innermost statement or declaration
	var body cc.Node
	for tu := ast.TranslationUnit; tu != nil; tu = tu.TranslationUnit {
		if d := tu.ExternalDeclaration; d != nil && d.Case == cc.ExternalDeclarationFuncDef {
			body = d.FunctionDefinition.CompoundStatement
		}
	}
	for n := body; n != nil; n = t.childAt(n, call.X.Pos) {
		switch x := n.(type) {
		case *cc.PostfixExpression:
			if x.Case != cc.PostfixExpressionCall {
				break
			}
			if off, ok := t.offset(x.PostfixExpression); ok && off == call.X.Pos {
				found = x
			}
		case *cc.Statement:
			if x.Case != cc.StatementCompound {
				inner = x
			}
		case *cc.BlockItem:
			if x.Case == cc.BlockItemDecl {
				inner = x
			}
		}
	}
	if found == nil {
		return errors.New("cc sees no call here")
	}
	args := 0
	for a := found.ArgumentExpressionList; a != nil; a = a.ArgumentExpressionList {
		args++
	}
	if args != len(call.Args) {
		return fmt.Errorf("cc counts %d arguments, not %d", args, len(call.Args))
	}
	if inner == nil {
		return errors.New("cc sees no statement here")
	}
	if stmt.Parent != nil && stmt.Parent.Init == stmt {
		stmt = stmt.Parent // cc has no statement of its own in the head of a for
	}
	from, to := t.trim(stmt.Pos, stmt.End)
	ccFrom, _ := t.offset(inner)
	ccFrom, ccTo := t.trim(ccFrom, t.endOf(inner))
	if from != ccFrom || to != ccTo {
		l := t.fn.File.Lines()
		return fmt.Errorf("cc sees the statement from line %d to %d, not %d to %d", l.Line(ccFrom), l.Line(ccTo), l.Line(from), l.Line(to))
	}
	if k := kindOf(inner); k != stmt.Kind && !(stmt.Kind == parse.SMacro && k == parse.SIf) {
		return errors.New("cc takes the statement for another kind")
	}
	return nil
}

// kindOf translates a statement of cc.
func kindOf(n cc.Node) parse.StmtKind {
	s, ok := n.(*cc.Statement)
	if !ok {
		return parse.SDecl
	}
	switch s.Case {
	case cc.StatementExpr:
		return parse.SExpr
	case cc.StatementAsm:
		return parse.SAsm
	case cc.StatementCompound:
		return parse.SBlock
	case cc.StatementSelection:
		if s.SelectionStatement.Case == cc.SelectionStatementSwitch {
			return parse.SSwitch
		}
		return parse.SIf
	case cc.StatementIteration:
		switch s.IterationStatement.Case {
		case cc.IterationStatementWhile:
			return parse.SWhile
		case cc.IterationStatementDo:
			return parse.SDo
		}
		return parse.SFor
	case cc.StatementJump:
		if s.JumpStatement.Case == cc.JumpStatementReturn {
			return parse.SReturn
		}
		return parse.SGoto
	case cc.StatementLabeled:
		switch s.LabeledStatement.Case {
		case cc.LabeledStatementDefault:
			return parse.SDefault
		case cc.LabeledStatementLabel:
			return parse.SLabel
		}
		return parse.SCase
	}
	return parse.SOpaque
}

// offset is the place of a node in the file, false for one of the prelude.
func (t *isolated) offset(n cc.Node) (int, bool) {
	p := n.Position()
	return p.Offset + t.base, p.Filename == bodyName
}

// children calls f for the parts of a node, tokens too, that stand in the
// body. cc offers no walk of its own; its exported fields are the grammar.
func (t *isolated) children(n cc.Node, f func(c cc.Node, off int)) {
	v := reflect.ValueOf(n)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return
	}
	v = v.Elem()
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		fv := v.Field(i)
		if k := fv.Kind(); (k == reflect.Pointer || k == reflect.Interface) && fv.IsNil() {
			continue
		}
		c, ok := fv.Interface().(cc.Node)
		if !ok {
			continue
		}
		if off, ok := t.offset(c); ok {
			f(c, off)
		}
	}
}

// childAt returns the part of n that holds the offset: the last one that
// begins at or before it. Of two that begin together a token is the lesser:
// cc gives the __func__ that it puts into a body the brace's offset.
func (t *isolated) childAt(n cc.Node, off int) (best cc.Node) {
	at := -1
	t.children(n, func(c cc.Node, o int) {
		if _, tok := c.(cc.Token); o <= off && (o > at || o == at && !tok) {
			best, at = c, o
		}
	})
	return best
}

// endOf returns the offset after the last token of n.
func (t *isolated) endOf(n cc.Node) int {
	for {
		var last cc.Node
		at := -1
		t.children(n, func(c cc.Node, o int) {
			if o >= at {
				last, at = c, o
			}
		})
		if last == nil {
			return at
		}
		if tok, ok := last.(cc.Token); ok {
			return at + len(tok.Src())
		}
		n = last
	}
}
