package parse

import "github.com/keepatch/keepatch/parse/token"

// ExprKind classifies an expression.
type ExprKind uint8

// The kinds of expressions.
const (
	XOpaque   ExprKind = iota // tokens that were not understood
	XIdent                    // Name
	XNumber                   // Name is the spelling
	XString                   // Name is the spelling, all adjacent literals
	XChar                     // Name is the spelling
	XCall                     // X(Args)
	XIndex                    // X[Y]
	XMember                   // X.Name or X->Name (Op)
	XUnary                    // Op X
	XPostfix                  // X Op
	XBinary                   // X Op Y
	XAssign                   // X Op Y
	XCond                     // X ? Y : Z (Y nil for ?:)
	XCast                     // (Type) X
	XSizeof                   // sizeof X or sizeof(Type)
	XComma                    // Args
	XParen                    // (X)
	XInit                     // { Args }, members may be XDesig
	XDesig                    // .Name = X or [Y] = X
	XCompound                 // (Type){ Args }, X is the XInit
	XBlock                    // ({ ... }), Block
)

// Expr is an expression.
type Expr struct {
	Kind     ExprKind
	Op       token.Op
	Pos, End int // byte range
	NamePos  int // offset of Name
	Name     string
	X, Y, Z  *Expr
	Args     []*Expr
	Type     *Type
	Block    *Stmt
	Up       *Expr // the expression this one is part of, nil at the top
	In       *Stmt // the statement it belongs to, nil in file-scope initializers
}

// Callee returns the name of the function that a call names directly, through
// parentheses too, else "".
func (e *Expr) Callee() string {
	if e == nil || e.Kind != XCall {
		return ""
	}
	if x := e.X.Bare(); x.Kind == XIdent {
		return x.Name
	}
	return ""
}

// Bare returns e without parentheses around it.
func (e *Expr) Bare() *Expr {
	for e != nil && e.Kind == XParen {
		e = e.X
	}
	return e
}

// ExprText returns the bytes of an expression as they stand in its file, "" for nil.
func ExprText(f *File, e *Expr) string {
	if e == nil {
		return ""
	}
	return string(f.Src[e.Pos:e.End])
}

// Strip returns e without parentheses and casts around it.
func (e *Expr) Strip() *Expr {
	for e != nil && (e.Kind == XParen || e.Kind == XCast) {
		e = e.X
	}
	return e
}

// Walk calls visit for e and everything below it, outer first, in the order
// of the text; visit returns false to pass over what is below.
func (e *Expr) Walk(visit func(*Expr) bool) {
	if e == nil || !visit(e) {
		return
	}
	e.X.Walk(visit)
	e.Y.Walk(visit)
	e.Z.Walk(visit)
	for _, a := range e.Args {
		a.Walk(visit)
	}
	if e.Block != nil {
		e.Block.Walk(func(s *Stmt) bool {
			s.Exprs(func(x *Expr) { x.Walk(visit) })
			return true
		})
	}
}

// StmtKind classifies a statement.
type StmtKind uint8

// The kinds of statements.
const (
	SOpaque  StmtKind = iota // tokens that were not understood; List holds what could be read
	SBlock                   // { List }
	SExpr                    // Expr ;
	SDecl                    // Decls
	SIf                      // if (Expr) Body else Else
	SWhile                   // while (Expr) Body
	SDo                      // do Body while (Expr)
	SFor                     // for (Init; Expr; Post) Body
	SSwitch                  // switch (Expr) Body
	SCase                    // case Expr: (Body is the statement after the colon, nil at a block's end)
	SDefault                 // default: Body
	SLabel                   // Label: Body
	SReturn                  // return Expr
	SGoto                    // goto Label
	SBreak
	SContinue
	SEmpty // ;
	SMacro // Expr Body: a macro that heads a block, as TAILQ_FOREACH(...) { }
	SAsm
)

// Stmt is a statement.
type Stmt struct {
	Kind       StmtKind
	Pos, End   int // byte range, the final semicolon or brace included
	HeadEnd    int // SIf, SWhile, SFor, SSwitch, SMacro: offset after the closing parenthesis
	ElsePos    int // SIf: offset of else
	Expr       *Expr
	Init       *Stmt
	Post       *Expr
	Body, Else *Stmt
	List       []*Stmt
	Decls      []*Decl
	Label      string
	Parent     *Stmt
}

// Exprs calls f for each expression that belongs to s itself, not to
// statements below it.
func (s *Stmt) Exprs(f func(*Expr)) {
	for _, d := range s.Decls {
		for _, x := range d.Type.Dims {
			f(x)
		}
		if d.Init != nil {
			f(d.Init)
		}
	}
	if s.Expr != nil {
		f(s.Expr)
	}
	if s.Post != nil {
		f(s.Post)
	}
}

// Walk calls visit for s and every statement below it, outer first, in the
// order of the text; visit returns false to pass over what is below.
func (s *Stmt) Walk(visit func(*Stmt) bool) {
	if s == nil || !visit(s) {
		return
	}
	s.Init.Walk(visit)
	s.Body.Walk(visit)
	s.Else.Walk(visit)
	for _, x := range s.List {
		x.Walk(visit)
	}
}

// Type is what a declaration says of a type, as far as this tool asks.
type Type struct {
	Base  string // "int", "unsigned int", "struct x", or a typedef name
	Ptr   int    // levels of pointers
	Dims  []*Expr
	Array bool
	Func  bool // function or pointer to function
	Const bool // the object itself, or what it points to
	Def   *Struct
}

// Struct is the definition of a struct or union.
type Struct struct {
	Tag    string // "" when it has none
	Union  bool
	Pos    int
	File   *File
	Fields []*Decl
}

// Field returns a member by name; members of nameless members count.
func (s *Struct) Field(name string) *Decl {
	for _, d := range s.Fields {
		if d.Name == name {
			return d
		}
		if d.Name == "" && d.Type.Def != nil {
			if x := d.Type.Def.Field(name); x != nil {
				return x
			}
		}
	}
	return nil
}

// Decl is one declarator with its specifiers.
type Decl struct {
	Name     string
	NamePos  int
	Pos, End int // of the whole declaration the declarator stands in
	Type     *Type
	Init     *Expr
	Static   bool
	Extern   bool
	Typedef  bool
	Enum     bool    // an enumerator; Init is its value or nil
	Index    int     // of an enumerator in its enum
	Params   []*Decl // of a function declarator
	IsFunc   bool    // it declares a function, not a pointer to one or an array of such
}

// Repair is a place where the text was not C as it stands, and what the
// parser took it for.
type Repair struct {
	Off  int
	Kind string // one of the Repair constants
	End  int    // of what was taken for something else; Off for a mere place
}

// The kinds of repairs.
const (
	RepairMacroStmt  = "macro without semicolon"
	RepairMacroBlock = "macro heads a block"
	RepairMacroWord  = "word between literals"
	RepairSemicolon  = "missing semicolon"
	RepairOpaque     = "statement not understood"
	RepairBraces     = "unbalanced braces"
	RepairElse       = "else without if"
)

// Func is one function definition under one selection of #if branches, or a
// function-like macro.
type Func struct {
	File    *File
	Name    string
	NamePos int
	Start   int // of the head
	BodyPos int // of the opening brace
	End     int // after the closing brace
	Params  []*Decl
	Result  *Type
	Static  bool
	KR      bool // parameters declared between head and body
	Pass    int  // the selection of branches it was seen under first
	Macro   *Macro
	Repairs []Repair

	head, body []token.Token
	parsed     lazy
	root       *Stmt
}

// SameBody reports whether two instances are of one function: an #if inside it, or one
// around its head alone, gives it several.
func (fn *Func) SameBody(other *Func) bool {
	return fn.File == other.File && fn.BodyPos == other.BodyPos && fn.Name == other.Name
}

// Parsed says whether the function's tree has been made.
func (fn *Func) Parsed() bool { return fn.root != nil }

// Jumps reports whether a statement ends with a jump: a return, goto, break or continue,
// or a block with one at its end. Calls that do not return are no jumps.
func (s *Stmt) Jumps() bool {
	switch s.Kind {
	case SReturn, SGoto, SBreak, SContinue:
		return true
	case SBlock:
		return len(s.List) > 0 && s.List[len(s.List)-1].Jumps()
	}
	return false
}
