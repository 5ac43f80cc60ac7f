package knowledge

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse/sites"
)

// TestTables holds the form of the tables: rows in order, each once, with a source or a
// question; a function has something to be known of.
func TestTables(t *testing.T) {
	last := ""
	for r := range rows(functionTable, 6) {
		key := strings.ToLower(r[0]) + " " + r[0]
		if key <= last {
			t.Errorf("functions.tsv: %s stands behind %s", r[0], last)
		}
		last = key
		if !slices.Contains(strings.Fields("C POSIX Linux BSD Windows GCC GLib libuv popt"), r[5]) {
			t.Errorf("functions.tsv: %s: source %q", r[0], r[5])
		}
		if (r[1] == "-") != (r[2] == "-") || r[1] == "-" && r[3] == "-" && r[4] == "-" {
			t.Errorf("functions.tsv: %s: not a fact", strings.Join(r, " "))
		}
	}
	legend, code := functionTable[:strings.Index(functionTable, "\n_")], source(t, "functions.go")
	for word := range facts() {
		if !strings.Contains(legend, "\n#         "+word+" ") {
			t.Errorf("functions.tsv: nothing says what %s means", word)
		}
	}
	for _, m := range regexp.MustCompile(`\(([A-Z]\w+)\)\n`).FindAllStringSubmatch(legend, -1) {
		if !strings.Contains(code, m[1]) {
			t.Errorf("functions.tsv: the code has no %s", m[1])
		}
	}
	last = ""
	for r := range rows(optionTable, 4) {
		if r[0] <= last {
			t.Errorf("options.tsv: %s stands behind %s", r[0], last)
		}
		last = r[0]
		if !slices.Contains(strings.Fields("POSIX Linux BSD macOS Windows"), r[3]) || strings.TrimSpace(r[1]) == "" || strings.TrimSpace(r[2]) == "" {
			t.Errorf("options.tsv: %s: not a fact", strings.Join(r, " "))
		}
	}
	last = ""
	for r := range rows(settingTable, 3) {
		if r[0] <= last || strings.TrimSpace(r[2]) == "" {
			t.Errorf("settings.tsv: %s stands behind %s, or has no source", r[0], last)
		}
		last = r[0]
	}
	code = source(t, "words.go")
	seen := map[string]bool{}
	for r := range rows(wordTable, 3) {
		if seen[r[0]] || strings.TrimSpace(r[1]) == "" || strings.TrimSpace(r[2]) == "" {
			t.Errorf("words.tsv: %s: twice, or without question or words", r[0])
		}
		seen[r[0]] = true
		if !strings.Contains(code, `Words{"`+r[0]+`"}`) {
			t.Errorf("words.tsv: no variable has the list %s", r[0])
		}
	}
}

func source(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestFunctions spells out what some rows mean.
func TestFunctions(t *testing.T) {
	for _, name := range sites.Names {
		if !External.Has(name) || !SocketCalls.Has(name) {
			t.Errorf("%s makes a socket and is no socket call of the C library", name)
		}
	}
	for _, tt := range []struct {
		name string
		got  bool
		want bool
	}{
		{"setsockopt keeps", Keeps("setsockopt"), true},
		{"close keeps", Keeps("close"), false},
		{"read keeps", Keeps("read"), false},
		{"read serves", Serves("read"), true},
		{"dup serves", Serves("dup"), true},
		{"bind serves", Serves("bind"), false},
		{"connect fails on an invalid descriptor", FailsOnInvalid("connect"), true},
		{"close does", FailsOnInvalid("close"), false},
		{"printf does", FailsOnInvalid("printf"), false},
		{"malloc does more", DoesMoreThanSet("malloc"), true},
		{"fcntl does", DoesMoreThanSet("fcntl"), false},
		{"send needs a connection", NeedsConnection("send"), true},
		{"bind does", NeedsConnection("bind"), false},
		{"getaddrinfo stores through 3", HasIndex(Outputs.Get("getaddrinfo"), 3), true},
		{"through 2", HasIndex(Outputs.Get("getaddrinfo"), 2), false},
		{"errx returns", NoReturn.Has("errx"), true},
		{"fgets is looked up", External.Has("fgets"), true},
		{"fcntl sets options", SetsOptions.Has("fcntl"), true},
		{"bind does", SetsOptions.Has("bind"), false},
		{"bind sets a socket up", SetsUp("bind"), true},
		{"fcntl does", SetsUp("fcntl"), true},
		{"getsockopt does", SetsUp("getsockopt"), false},
		{"connect does", SetsUp("connect"), false},
		{"memset returns what it fills", ReturnsTarget.Has("memset"), true},
		{"bzero does", ReturnsTarget.Has("bzero"), false},
		{"printf shows", Shows.Has("printf"), true},
		{"sprintf does", Shows.Has("sprintf"), false},
		{"SO_REUSEADDR is on or off", SwitchedOptions["SO_REUSEADDR"], true},
		{"SO_LINGER is", SwitchedOptions["SO_LINGER"], false},
		{"every system has SO_LINGER", OptionsEverywhere["SO_LINGER"], true},
		{"SOL_TCP is a level", OptionLevels["SOL_TCP"], true},
		{"it is one of TCP's", TCPLevels["SOL_TCP"], true},
		{"SOL_SOCKET is", TCPLevels["SOL_SOCKET"], false},
		{"SOL_IP is not that of SO_KEEPALIVE", NotSocketLevel("SOL_IP"), true},
		{"SOL_SOCKET is not", NotSocketLevel("SOL_SOCKET"), false},
		{"on is a value", ValueNames.Has("on"), true},
		{"one_more is", ValueNames.Has("one_more"), false},
		{"strcpy fills a buffer", BufferWords.Begin("strcpy"), true},
		{"my_strcpy does", BufferWords.Begin("my_strcpy"), false},
		{"fatal_error ends", ExitWords.In("fatal_error"), true},
		{"finish ends", ExitWords.In("finish"), false},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %v", tt.name, tt.got)
		}
	}
	if c := Copies.Get("bcopy"); c != (Copy{To: 1, From: 0}) {
		t.Errorf("bcopy copies %v", c)
	}
	for name, want := range map[string]int{"socket": -1, "accept4": -1, "bind": 0} {
		if fd, ok := SocketCall(name); !ok || fd != want {
			t.Errorf("SocketCall(%q) = %d, %v", name, fd, ok)
		}
	}
	if _, ok := SocketCall("read"); ok {
		t.Error("read() is called a socket call")
	}
	if OptionValue.Get("setsockopt") != 3 || StringFrom.Get("snprintf") != 2 {
		t.Errorf("setsockopt %d, snprintf %d", OptionValue.Get("setsockopt"), StringFrom.Get("snprintf"))
	}
	if w := FatalMessages.Get("errx"); w != (LastWords{"err.h", 1, "warnx"}) {
		t.Errorf("errx: %v", w)
	}
	if FDUses.Get("epoll_ctl").Arg != 2 || FDOf.Get("fdopen") != StreamOf {
		t.Errorf("epoll_ctl %v, fdopen %v", FDUses.Get("epoll_ctl"), FDOf.Get("fdopen"))
	}
}

func TestAddFunction(t *testing.T) {
	for _, row := range []string{"f\t0\tnoevent\t-\t-\tC", "f\tx\tnone\t-\t-\tC", "f\t-\t-\t-\tfly\tC", "f\t-\t-\t-\tcopies=1\tC", "f\t-\t-\t-\tfd=nothing\tC",
		"f\t-\t-\t-\tfatal=f.h,1,g\tC", "f\t-\t-\t-\tnoreturn fatal=f.h\tC"} {
		if err := addFunction(facts(), strings.Split(row, "\t")); err == nil {
			t.Errorf("%q is taken", row)
		}
	}
}
