package token

import (
	"strings"
	"testing"
)

// lexTests give the tokens as kind:text, comments as /kind, problems as !msg.
var lexTests = []struct{ name, src, want string }{
	{"words", "int $a _b9 if", "k:int i:$a i:_b9 k:if"},
	{"numbers", "0x1F 1.5e+3 .5f 0x1e+1 1e-2L 0b101 1'0", "n:0x1F n:1.5e+3 n:.5f n:0x1e p:+ n:1 n:1e-2L n:0b101 n:1 c:'0 !unterminated character constant"},
	{"punctuators", "a->b ... << <<= >>= ## ++ -- && || != ?:", "i:a p:-> i:b p:... p:<< p:<<= p:>>= p:## p:++ p:-- p:&& p:|| p:!= p:? p::"},
	{"longest match", "a+++b-->c", "i:a p:++ p:+ i:b p:-- p:> i:c"},
	{"digraphs", "<% a<:1:> %>", "p:<% i:a p:<: n:1 p::> p:%>"},
	{"no trigraphs", "??( ??/", "p:? p:? p:( p:? p:? p:/"},
	{"strings", `"a\"b" L"w" u8"x" 'c' '\'' L'\\'`, `s:"a\"b" s:L"w" s:u8"x" c:'c' c:'\'' c:L'\\'`},
	{"not a prefix", `R"x" LL"y"`, `i:R s:"x" i:LL s:"y"`},
	{"continuation between", "a \\\n b", "i:a i:b"},
	{"continuation in a word", "soc\\\nket(", "i:socket p:("},
	{"continuation CRLF in a word", "soc\\\r\nket", "i:socket"},
	{"continuation in a string", "\"a\\\nb\"", `s:"ab"`},
	{"continuation in a line comment", "// a \\\n b\nc", "/l i:c"},
	{"backslash alone", "a \\ b", "i:a o:\\ i:b"},
	{"CRLF", "a\r\nb // c\r\nd", "i:a i:b /l i:d"},
	{"CR only", "a\rb", "i:a i:b"},
	{"byte order mark", "\xEF\xBB\xBFint", "k:int"},
	{"Latin-1", "\"gr\xfc\xdfe\" /* \xe9 */ caf\xe9", "s:\"gr\xfc\xdfe\" /b i:caf\xe9"},
	{"NUL", "a\x00b", "i:a o:\x00 i:b"},
	{"other bytes", "a @ ` \x01", "i:a o:@ o:` o:\x01"},
	{"comments", "a/**/b/*x\ny*/c//d", "i:a /b i:b /b i:c /l"},
	{"star in a comment", "/***/a /*/ b */", "/b i:a /b"},
	{"no comment in a string", `"/* x" "// y"`, `s:"/* x" s:"// y"`},
	{"unterminated comment", "a /* b", "i:a /b !unterminated comment"},
	{"unterminated comment at the slash", "a /*", "i:a /b !unterminated comment"},
	{"unterminated string", "a = \"b\nc", "i:a p:= s:\"b i:c !unterminated string"},
	{"unterminated string at the end", `"a\`, `s:"a\ !unterminated string`},
	{"unterminated char", "don't\nx", "i:don c:'t i:x !unterminated character constant"},
	{"directive", "#define A \\\n 1\nb", "#:#define A \\\n 1 i:b"},
	{"directive with blanks", "  #  if x\ny", "#:#  if x i:y"},
	{"hash inside a line", "a # b", "i:a p:# i:b"},
	{"directive with a comment over lines", "#if A /* x\n y */\nb", "#:#if A /* x\n y */ /b i:b"},
	{"comment before a directive", "/* x */ #if A\nb", "/b #:#if A i:b"},
	{"quotes in a directive", "#error don't \"/*\" x\nb", "#:#error don't \"/*\" x i:b"},
	{"lone quote in a directive", "#error \" x\nb", "#:#error \" x i:b"},
	{"form feed", "\f\va", "i:a"},
	{"empty", "", ""},
}

func lexDump(src string) string {
	l := Lex([]byte(src))
	var f File
	f.Lex("", []byte(src), nil)
	var out []string
	ci := 0
	comments := func(upto int) {
		for ; ci < len(l.comments) && int(l.comments[ci].Off) < upto; ci++ {
			if l.comments[ci].Line {
				out = append(out, "/l")
			} else {
				out = append(out, "/b")
			}
		}
	}
	for _, t := range l.Toks {
		comments(int(t.Off))
		s := f.Text(t)
		if t.Kind == Hash {
			s = src[t.Off:t.End]
		}
		out = append(out, string("?iknscp#o"[t.Kind])+":"+s)
	}
	comments(len(src) + 1)
	for _, p := range l.problems {
		out = append(out, "!"+p.Msg)
	}
	return strings.Join(out, " ")
}

func TestLex(t *testing.T) {
	for _, tt := range lexTests {
		t.Run(tt.name, func(t *testing.T) {
			if got := lexDump(tt.src); got != tt.want {
				t.Errorf("%q\n got %q\nwant %q", tt.src, got, tt.want)
			}
			if err := checkLex([]byte(tt.src), Lex([]byte(tt.src))); err != nil {
				t.Error(err)
			}
		})
	}
}
