// Package parse turns the bytes of one C source file, as it comes out of the
// tarball, into trees: no header is opened, no macro expanded, no compiler
// needed.
//
// The layers, from the bottom up: a lossless lexer (lex.go), the tree of #if
// groups (directive.go, cond.go), passes that select one consistent set of
// branches (pass.go), top-level items found by brackets (toplevel.go), and a
// tolerant parser for declarations, statements and expressions (decl.go,
// stmt.go, expr.go) that turns what it does not know into opaque nodes and
// records a Repair, so that no function is ever lost. ccparse.go asks
// modernc.org/cc/v4 for a second opinion on single functions.
//
// All positions are byte offsets into the file as read.
package parse

// Kind classifies a token.
type Kind uint8

// The kinds of tokens.
const (
	EOF Kind = iota
	Ident
	Keyword
	Number
	String
	Char
	Punct
	Hash  // a whole preprocessing directive, continuation lines included
	Other // a byte that C has no use for
)

// Token is one preprocessing token. Comments and blanks are not tokens.
type Token struct {
	Off, End int32 // byte range in the file
	Kind     Kind
	Op       Op   // which punctuator or keyword
	Bol      bool // first token on its line
	Spliced  bool // holds a backslash-newline
}

// Op names a punctuator or a keyword.
type Op uint8

// Punctuators and keywords.
const (
	NoOp Op = iota
	LParen
	RParen
	LBrace
	RBrace
	LBrack
	RBrack
	Semi
	Comma
	Colon
	Question
	Dot
	Arrow
	Ellipsis
	Assign
	MulAssign
	DivAssign
	ModAssign
	AddAssign
	SubAssign
	ShlAssign
	ShrAssign
	AndAssign
	XorAssign
	OrAssign
	OrOr
	AndAnd
	Or
	Xor
	And
	EqEq
	NotEq
	Lt
	Gt
	Le
	Ge
	Shl
	Shr
	Add
	Sub
	Mul
	Div
	Mod
	Not
	Tilde
	Inc
	Dec
	HashOp
	HashHash
	ColonColon
	// Keywords.
	KwIf
	KwElse
	KwWhile
	KwDo
	KwFor
	KwSwitch
	KwCase
	KwDefault
	KwReturn
	KwGoto
	KwBreak
	KwContinue
	KwSizeof
	KwStruct
	KwUnion
	KwEnum
	KwTypedef
	KwAsm
	KwAttribute
	KwTypeof
	KwAlignof
	KwGeneric
	KwExtension
	KwStatic
	KwExtern
	KwConst
	KwTypeSpec // int, char, unsigned ...
	KwStorage  // auto, register, inline, volatile, restrict ...
)

// keywordTable has the keywords by their outermost letters and their length.
// Every word of a file is looked up; most meet an empty row.
var keywordTable = func() (table [nameBuckets][]keyword) {
	for word, op := range keywords {
		k := bucketOf(word)
		table[k] = append(table[k], keyword{word, op})
	}
	return table
}()

type keyword struct {
	word string
	op   Op
}

// keywordOp returns NoOp for what is no keyword.
func keywordOp(word []byte) Op {
	for _, k := range keywordTable[bucketOf(word)] {
		if k.word == string(word) {
			return k.op
		}
	}
	return NoOp
}

var keywords = map[string]Op{
	"if": KwIf, "else": KwElse, "while": KwWhile, "do": KwDo, "for": KwFor, "switch": KwSwitch,
	"case": KwCase, "default": KwDefault, "return": KwReturn, "goto": KwGoto, "break": KwBreak,
	"continue": KwContinue, "sizeof": KwSizeof, "struct": KwStruct, "union": KwUnion, "enum": KwEnum,
	"typedef": KwTypedef, "asm": KwAsm, "__asm__": KwAsm, "__asm": KwAsm,
	"__attribute__": KwAttribute, "__attribute": KwAttribute, "__declspec": KwAttribute, "_Alignas": KwAttribute,
	"typeof": KwTypeof, "__typeof__": KwTypeof, "__typeof": KwTypeof,
	"_Alignof": KwAlignof, "__alignof__": KwAlignof, "_Generic": KwGeneric,
	"__extension__": KwExtension, "static": KwStatic, "extern": KwExtern,
	"const": KwConst, "__const": KwConst, "__const__": KwConst,
	"int": KwTypeSpec, "char": KwTypeSpec, "short": KwTypeSpec, "long": KwTypeSpec, "signed": KwTypeSpec,
	"__signed__": KwTypeSpec, "unsigned": KwTypeSpec, "float": KwTypeSpec, "double": KwTypeSpec,
	"void": KwTypeSpec, "_Bool": KwTypeSpec, "_Complex": KwTypeSpec, "__int64": KwTypeSpec, "__int128": KwTypeSpec,
	"auto": KwStorage, "register": KwStorage, "inline": KwStorage, "__inline": KwStorage, "__inline__": KwStorage,
	"volatile": KwStorage, "__volatile__": KwStorage, "__volatile": KwStorage, "restrict": KwStorage,
	"__restrict": KwStorage, "__restrict__": KwStorage, "_Noreturn": KwStorage, "_Thread_local": KwStorage,
	"__thread": KwStorage, "_Atomic": KwStorage,
}

// OpText is the spelling of a punctuator, as people write it.
var opText = [...]string{
	LParen: "(", RParen: ")", LBrace: "{", RBrace: "}", LBrack: "[", RBrack: "]", Semi: ";", Comma: ",",
	Colon: ":", Question: "?", Dot: ".", Arrow: "->", Ellipsis: "...", Assign: "=", MulAssign: "*=",
	DivAssign: "/=", ModAssign: "%=", AddAssign: "+=", SubAssign: "-=", ShlAssign: "<<=", ShrAssign: ">>=",
	AndAssign: "&=", XorAssign: "^=", OrAssign: "|=", OrOr: "||", AndAnd: "&&", Or: "|", Xor: "^", And: "&",
	EqEq: "==", NotEq: "!=", Lt: "<", Gt: ">", Le: "<=", Ge: ">=", Shl: "<<", Shr: ">>", Add: "+", Sub: "-",
	Mul: "*", Div: "/", Mod: "%", Not: "!", Tilde: "~", Inc: "++", Dec: "--", HashOp: "#", HashHash: "##",
	ColonColon: "::",
}

// String returns the spelling of a punctuator.
func (o Op) String() string {
	if int(o) < len(opText) {
		return opText[o]
	}
	return "keyword"
}

// Comment is one comment, its delimiters included.
type Comment struct {
	Off, End int32
	Line     bool // a // comment
}

// Problem is a place where the bytes are not C.
type Problem struct {
	Off int
	Msg string
}
