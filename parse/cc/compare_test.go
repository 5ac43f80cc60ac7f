package cc

import (
	"errors"
	"fmt"
	"reflect"
	"sort"

	"modernc.org/cc/v4"

	"github.com/keepatch/keepatch/parse"
)

// What follows compares cc's tree with the own parser's, call by call. Tests hold the
// own parser against it; the program only asks whether cc can read a body.

// Opinion is what a second parser, modernc.org/cc/v4, says of one call.
type Opinion struct {
	// Agrees is true when cc finds a call at the very offset, with as many
	// arguments, in a statement of the same kind and the same span.
	Agrees bool
	// Reason says what stands against it; "" when Agrees.
	Reason string
	// Edits are the places of the function that had to be blanked or mended
	// before cc could read it, in order of offset. A patch beside one of them
	// rests on a guess.
	Edits []parse.Repair
}

// Touched reports whether an edit lies in the byte range [from, to).
func (o Opinion) Touched(from, to int) bool {
	for _, e := range o.Edits {
		if e.Off < to && e.End > from {
			return true
		}
	}
	return false
}

// Confirm asks cc about the call whose name stands at byte offset off of fn.
// It costs one or a few parses of this function alone. Where the text is not
// safe to hand over it says so and does not agree.
func Confirm(fn *parse.Func, off int) Opinion {
	call, stmt := callAt(fn, off)
	if call == nil {
		return Opinion{Reason: "no call at this offset"}
	}
	t, err := isolate(fn)
	if err != nil {
		return Opinion{Reason: err.Error()}
	}
	t.keep = [][2]int{{off, off + 1}}
	ast, err := t.parse()
	o := Opinion{Edits: t.sortedEdits()}
	if err == nil {
		err = t.compare(ast, call, stmt)
	}
	if err != nil {
		o.Reason = err.Error()
	}
	o.Agrees = err == nil
	return o
}

// callAt finds the call whose name stands at off, with the innermost
// statement around it.
func callAt(fn *parse.Func, off int) (call *parse.Expr, stmt *parse.Stmt) {
	walkAll(fn.Body(), func(s *parse.Stmt) bool { return s.Pos <= off && off < s.End }, func(s *parse.Stmt, e *parse.Expr) bool {
		if e.Kind == parse.XCall && e.NamePos == off {
			call, stmt = e, s
		}
		return e.Pos <= off && off < e.End
	})
	return call, stmt
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

// trim narrows a range by the blanks at both ends and by a semicolon that was
// put in.
func (t *isolated) trim(from, to int) (int, int) {
	blank := func(off int) bool { c := t.at(off); return c == ' ' || c == '\n' || t.semi[off] }
	for from < to && blank(from) {
		from++
	}
	for to > from && blank(to-1) {
		to--
	}
	return from, to
}

// sortedEdits returns the edits by offset.
func (t *isolated) sortedEdits() []parse.Repair {
	sort.SliceStable(t.edits, func(i, j int) bool { return t.edits[i].Off < t.edits[j].Off })
	return t.edits
}
