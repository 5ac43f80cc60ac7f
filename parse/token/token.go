// Package token turns the bytes of one C file into tokens: identifiers, literals,
// punctuators, and whole preprocessing directives. Comments and blanks are none, and
// stay where they are: every byte belongs to a token, a comment or white space, and
// all positions are byte offsets into the file as read. Lexing never fails; bytes
// that are no C become a token of kind Other and, where it matters, a problem.
//
// A File answers which tokens spell a name. Words does the same for many files
// without making tokens: one pass over the bytes, a hash a word. Both are linear in
// the bytes.
package token

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
	for word, op := range Keywords {
		k := BucketOf(word)
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
	for _, k := range keywordTable[BucketOf(word)] {
		if k.word == string(word) {
			return k.op
		}
	}
	return NoOp
}

var Keywords = map[string]Op{
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

// opText is the spelling of a punctuator, as people write it.
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
