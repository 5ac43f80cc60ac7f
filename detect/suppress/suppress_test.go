package suppress

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/parse"
)

// Each case is a source in which CALL marks the lines that would be reported.
// Want lists "line=reason" of what is silenced, then the notes.
var suppressCases = []struct {
	name, src string
	want      []string
}{
	{"nothing", "CALL", nil},
	{"on the line", "CALL /* keepatch:ignore one request */", []string{"1=one request"}},
	{"line comment", "CALL // keepatch:ignore one request", []string{"1=one request"}},
	{"colon", "CALL // keepatch:ignore: one request", []string{"1=one request"}},
	{"line before", "// keepatch:ignore one request\nCALL\nCALL", []string{"2=one request"}},
	{"two lines before", "// keepatch:ignore one request\n\nCALL", []string{"KA101 1:4 nothing here needs this suppression (one request)"}},
	{"trailing before", "int x; // keepatch:ignore one request\nCALL", []string{"2=one request"}},
	{"trailing speaks of its own line", "CALL // keepatch:ignore first\nCALL", []string{"1=first"}},
	{"block over lines", "/*\n * keepatch:ignore one request\n * and more\n */\nCALL", []string{"5=one request"}},
	{"on the last line of a call", "CALL++(a,\n b,\n c); // keepatch:ignore one request\nCALL", []string{"1=one request"}},
	{"within a call", "CALL+(a,\n // keepatch:ignore one request\n b);", []string{"1=one request"}},
	{"region behind the first line", "CALL+(a,\n // keepatch:ignore-begin why\n b);\n// keepatch:ignore-end", []string{"KA101 2:5 nothing here needs this suppression (why)"}},
	{"region", "/* keepatch:ignore-begin tests */\nCALL\n\nCALL\n/* keepatch:ignore-end */\nCALL", []string{"2=tests", "4=tests"}},
	{"crlf", "// keepatch:ignore one request\r\nCALL\r\n", []string{"2=one request"}},
	{"tabs", "CALL /*\tkeepatch:ignore\tone request\t*/", []string{"1=one request"}},
	{"no reason", "CALL /* keepatch:ignore */", []string{"KA100 1:9 keepatch:ignore needs a reason after it; without one it suppresses nothing"}},
	{"a reason to come", "CALL /* keepatch:ignore TODO: why */", []string{"KA100 1:9 keepatch:ignore needs a reason, and TODO is none; without one it suppresses nothing"}},
	{"an empty place", "/* keepatch:ignore  */\nCALL", []string{"KA100 1:4 keepatch:ignore needs a reason after it; without one it suppresses nothing"}},
	{"no reason, colon", "CALL // keepatch:ignore:", []string{"KA100 1:9 keepatch:ignore needs a reason after it; without one it suppresses nothing"}},
	{"unused", "int x; // keepatch:ignore gone", []string{"KA101 1:11 nothing here needs this suppression (gone)"}},
	{"unknown word", "CALL // keepatch:ingore typo", []string{`KA100 1:9 unknown word "keepatch:ingore": the words are ignore, ignore-begin and ignore-end`}},
	{"end alone", "// keepatch:ignore-end\nCALL", []string{"KA100 1:4 ignore-end without an ignore-begin before it"}},
	{"begin alone", "// keepatch:ignore-begin why\nCALL", []string{"KA100 1:4 ignore-begin without an ignore-end; it suppresses nothing"}},
	{"begin twice", "// keepatch:ignore-begin why\n// keepatch:ignore-begin again\nCALL\n// keepatch:ignore-end",
		[]string{"3=why", "KA100 2:4 ignore-begin inside another ignore-begin"}},
	{"region without reason", "// keepatch:ignore-begin\nCALL\n// keepatch:ignore-end",
		[]string{"KA100 1:4 keepatch:ignore-begin needs a reason after it; without one it suppresses nothing", "KA100 3:4 ignore-end without an ignore-begin before it"}},
	{"prose", "/* see keepatch:ignore in the manual */ CALL", nil},
	{"in a string", `char *s = "// keepatch:ignore no comment"; CALL`, nil},
	{"latin-1", "CALL // keepatch:ignore gr\xf6\xdfer", []string{"1=gr?er"}},
	{"unterminated", "CALL /* keepatch:ignore why", []string{"1=why"}},
}

func TestSuppress(t *testing.T) {
	for _, c := range suppressCases {
		t.Run(c.name, func(t *testing.T) {
			var lines []int
			calls := map[int]int{}
			for i, l := range strings.Split(c.src, "\n") {
				if strings.Contains(l, "CALL") {
					lines = append(lines, i+1)
					calls[i+1] = i + 1 + strings.Count(l, "+") // a + for each line more
				}
			}
			f := parse.New("x.c", []byte(c.src))
			reasons, notes := InFile("x.c", f.Src, f.Comments, calls)
			var got []string
			for _, l := range lines {
				if r, ok := reasons[l]; ok {
					got = append(got, fmt.Sprintf("%d=%s", l, r))
				}
			}
			for _, n := range notes {
				got = append(got, fmt.Sprintf("%s %d:%d %s", n.Rule, n.Line, n.Column, n.Message))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
