package include

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// added is a text with the lines that edits insert, at MARK for code under an #if.
func added(t *testing.T, src string, timers bool) (string, bool) {
	t.Helper()
	f := parse.New("x.c", []byte(src))
	p := ctree.NewProgram(nil, nil, nil, nil)
	add := Timers
	if !timers {
		add = func(p *ctree.Program, f *parse.File, code int, eol string) ([]edit.Edit, bool) {
			return Header(p, f, "sys/socket.h", code, eol)
		}
	}
	list, ok := add(p, f, strings.Index(src, "MARK"), "\n")
	for i := len(list) - 1; i >= 0; i-- {
		src = src[:list[i].Start] + list[i].New + src[list[i].End:]
	}
	return src, ok
}

// TestTimers holds where the headers of the timers go: src is the text before, what is
// inserted stands in brackets in want.
func TestTimers(t *testing.T) {
	const in, tcp = "[#include <netinet/in.h>\n]", "[#include <netinet/tcp.h>\n]"
	for _, tt := range []struct{ name, want string }{
		{"beside their kind", "#include <stdio.h>\n#include <sys/socket.h>\n" + in + tcp + "#include \"x.h\"\n"},
		{"one is there", "#include <netinet/in.h>\n" + tcp + "#include <stdio.h>\n"},
		{"both are there", "#include <netinet/in.h>\n#include <netinet/tcp.h>\n"},
		{"behind the last of the system's", "#include <stdio.h>\n" + in + tcp + "#include \"x.h\"\n"},
		{"a blank behind the sign", "# include <sys/socket.h>\n[# include <netinet/in.h>\n][# include <netinet/tcp.h>\n]"},
		{"the kernel's header has the timers", "#include <netinet/in.h>\n#include <linux/tcp.h>\n"},
		{"another network stack", "#include \"lwip/sockets.h\"\n"},
		{"under an #if that is not the code's", "#ifdef A\n#include <netinet/in.h>\n#endif\n#include <stdio.h>\n" + in + tcp},
		{"under the code's own #if", "#ifdef A\n#include <netinet/in.h>\n" + tcp + "MARK\n#endif\n"},
		{"below the code", "#include <stdio.h>\n" + in + tcp + "MARK\n#include <netinet/in.h>\n"},
		{"the sockets of Windows alone", "#include <winsock2.h>\n#include <stdio.h>\n"},
		{"in the arm beside Windows' headers", "#ifdef OS_WIN\n#include <winsock2.h>\n#else\n#include <netinet/in.h>\n" + tcp + "#endif\n#include <stdio.h>\n"},
		{"under a test for the header", "#ifdef HAVE_NETINET_IN_H\n#include <netinet/in.h>\n" + tcp + "#endif\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := tt.want
			for _, h := range []string{in, tcp, strings.ReplaceAll(in, "#", "# "), strings.ReplaceAll(tcp, "#", "# ")} {
				src = strings.ReplaceAll(src, h, "")
			}
			if !strings.Contains(src, "MARK") {
				src += "MARK\n"
			}
			want := strings.NewReplacer("[", "", "]", "").Replace(tt.want)
			got, ok := added(t, src, true)
			if got = strings.TrimSuffix(got, "MARK\n"); !ok || got != strings.TrimSuffix(want, "MARK\n") {
				t.Errorf("%v\n%s\nwant\n%s", ok, got, want)
			}
		})
	}
	if got, ok := added(t, "int MARK;\n", true); ok {
		t.Errorf("a place in a file without #include:\n%s", got)
	}
}

// TestHeader holds that one header goes beside its kind.
func TestHeader(t *testing.T) {
	for src, want := range map[string]string{
		"#include <sys/types.h>\n#include <netdb.h>\nMARK\n": "#include <sys/types.h>\n#include <netdb.h>\n#include <sys/socket.h>\nMARK\n",
		"#include <sys/socket.h>\nMARK\n":                    "#include <sys/socket.h>\nMARK\n",
	} {
		if got, ok := added(t, src, false); !ok || got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestFileKinds holds what the headers of a file say of its sockets.
func TestFileKinds(t *testing.T) {
	for _, tt := range []struct {
		src          string
		other, apple bool
		noTimers     bool
	}{
		{"#include <sys/socket.h>\n", false, true, false},
		{"#include \"lwip/sockets.h\"\n", true, false, false},
		{"#include \"lwip/sockets.h\"\n#include <sys/socket.h>\n", false, false, false},
		{"#include <sys/socket.h>\n#include <sys/epoll.h>\n", false, false, false},
		{"#include <sys/socket.h>\nstruct tcphdr { int x; };\n", false, true, true},
		{"#include <sys/socket.h>\nenum tcp_state {\n\tTCP_CLOSED,\n\tTCP_LISTEN\n};\n", false, true, true},
		{"#include <sys/socket.h>\n#define TCP_ESTABLISHED 1\n", false, true, true},
		{"#include <sys/socket.h>\nint up(int s) { return s == TCP_ESTABLISHED; }\n", false, true, false},
		{"#include <netinet/tcp.h>\nstruct tcphdr { int x; };\n", false, true, false},
	} {
		f := parse.New("x.c", []byte(tt.src))
		p := ctree.NewProgram(nil, nil, nil, nil)
		if got := OtherStack(f); got != tt.other {
			t.Errorf("%s: another stack: %v", tt.src, got)
		}
		if got := BuiltForApple(f, len(tt.src)-1); got != tt.apple {
			t.Errorf("%s: for Apple: %v", tt.src, got)
		}
		if got := NoTimers(p, f) != ""; got != tt.noTimers {
			t.Errorf("%s: no timers: %v", tt.src, got)
		}
	}
}
