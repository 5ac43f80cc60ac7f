package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const applySource = `#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

int dial(struct sockaddr_in *sa)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa));
}
`

// inFolder runs a test in a folder with one program.
func inFolder(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
}

func runApply(t *testing.T, stdin string, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, x bytes.Buffer
	status = Run(append([]string{"apply"}, args...), strings.NewReader(stdin), &o, &x)
	return status, o.String(), x.String()
}

func TestApplyPrints(t *testing.T) {
	inFolder(t, map[string]string{"src/net.c": applySource})
	status, out, errs := runApply(t, "", "src")
	if status != 0 || !strings.HasPrefix(out, "--- a/src/net.c\n+++ b/src/net.c\n") || !strings.Contains(out, "\n+\tif (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)\n") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
	if !strings.Contains(errs, "1 socket would be patched in 1 file") {
		t.Errorf("no summary: %s", errs)
	}
	if b, _ := os.ReadFile("src/net.c"); string(b) != applySource {
		t.Error("printing changed the file")
	}
}

func TestApplyWrites(t *testing.T) {
	inFolder(t, map[string]string{"net.c": applySource})
	if status, out, errs := runApply(t, "", "--write"); status != 0 || out != "" {
		t.Fatalf("status %d\n%s%s", status, out, errs)
	}
	b, err := os.ReadFile("net.c")
	if err != nil || !bytes.Contains(b, []byte("SO_KEEPALIVE")) {
		t.Fatalf("not written: %v", err)
	}
	if st, _ := os.Stat("net.c"); st.Mode().Perm() != 0o640 {
		t.Errorf("mode is now %v", st.Mode())
	}
	if status, out, _ := runApply(t, ""); status != 0 || out != "" {
		t.Errorf("the second run is not empty, status %d:\n%s", status, out)
	}
	if left, _ := filepath.Glob("*"); len(left) != 1 {
		t.Errorf("files left behind: %v", left)
	}
}

// The closing line counts what was written. A link whose file is found without it stands for the file.
func TestApplyWritesInPart(t *testing.T) {
	inFolder(t, map[string]string{"net.c": applySource, ".far/real.c": strings.ReplaceAll(applySource, "dial", "far")})
	if err := os.Symlink(".far/real.c", "link.c"); err != nil {
		t.Skip(err)
	}
	status, _, errs := runApply(t, "", "--write", "net.c", "link.c")
	const want = "keepatch: link.c: not a regular file, left alone\nkeepatch: link.c:10: not patched: the file could not be written\nkeepatch: 1 socket patched in 1 file, 1 not patched\n"
	if status != 2 || errs != want {
		t.Errorf("status %d: %s", status, errs)
	}
}

func TestReplaceFile(t *testing.T) {
	inFolder(t, map[string]string{"a.c": "old\n"})
	if err := os.Symlink("a.c", "link.c"); err != nil {
		t.Skip(err)
	}
	for name, want := range map[string]string{"a.c": "has changed", "link.c": "not a regular file", "none.c": "no such file"} {
		err := replaceFile(name, []byte("other\n"), []byte("new\n"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", name, err, want)
		}
	}
	if b, _ := os.ReadFile("a.c"); string(b) != "old\n" {
		t.Errorf("a.c is now %q", b)
	}
}

func TestApplyOptions(t *testing.T) {
	inFolder(t, map[string]string{"net.c": applySource, "bad.tmpl": "{\n{{.Set}\n", "field.tmpl": "{{.Nothing}}\n", "good.tmpl": "set_all({{.FD}});\n"})
	for _, c := range []struct {
		args   string
		status int
		out    string // in stdout, "" for nothing printed
		errs   string
	}{
		{"--idle 60 --interval 10 --count 6", 0, "\n+\tval = 60;\n", ""},
		{"--idle 60 --style inline", 0, "\n+\t\toptval = 60;\n", ""},
		{"--idle 32768", 2, "", "--idle 32768: give a number from 1 to 32767"},
		{"--count 128", 2, "", "--count 128: give a number from 1 to 127"},
		{"--idle 0", 2, "", "leave the option out"},
		{"--idle 5", 0, "val = 5;", "Solaris"},
		{"--style odd", 2, "", "use auto, inline, helper"},
		{"--style helper", 0, "\n+static void set_keepalive(int fd)\n", ""},
		{"--helper-file net.c", 2, "", "goes with --style helper"},
		{"--style helper --helper-file net.c", 0, "\n+void set_keepalive(int fd)\n", ""},
		{"--on-error ignore", 0, "\n+\tsetsockopt(fd,", ""},
		{"--template bad.tmpl", 2, "", "bad.tmpl:2:"},
		{"--template field.tmpl", 2, "", "field.tmpl:1:"},
		{"--template good.tmpl", 0, "\n+\tset_all(fd);\n", ""},
		{"--template none.tmpl", 2, "", "none.tmpl: no such file"},
		{"--only net.c:10", 0, "SO_KEEPALIVE", "1 socket would be patched"},
		{"--only KA001", 0, "SO_KEEPALIVE", "1 socket would be patched"},
		{"--only other.c", 2, "", "--only other.c matches nothing"},
		{"--write --output x", 2, "", "--output does not go with it"},
		{"--format odd", 2, "", "use diff, git, quilt"},
		{"--write --format git", 2, "", "--write changes the files; --format git does not go with it"},
		{"--write -", 2, "", "--write changes files; standard input does not go with it"},
		{"--interactive -", 2, "", "it is the source already"},
	} {
		status, out, errs := runApply(t, "", strings.Fields(c.args)...)
		if status != c.status || !strings.Contains(out, c.out) || c.out == "" && out != "" || !strings.Contains(errs, c.errs) {
			t.Errorf("%s: status %d, want %d\n%s%s", c.args, status, c.status, out, errs)
		}
	}
}

func TestApplyAsks(t *testing.T) {
	inFolder(t, map[string]string{"a.c": applySource, "b.c": strings.ReplaceAll(applySource, "dial", "call"), "c.c": strings.ReplaceAll(applySource, "dial", "ring")})
	for answers, want := range map[string]string{
		"y\nn\ny\n": "a.c c.c",
		"n\na\n":    "b.c c.c",
		"y\nq\n":    "a.c",
		"?\ny\n":    "a.c", // the input ends: nothing more
		"":          "",
	} {
		_, out, errs := runApply(t, answers, "--interactive")
		var got []string
		for _, l := range strings.Split(out, "\n") {
			if f, ok := strings.CutPrefix(l, "+++ b/"); ok {
				got = append(got, f)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: patched %v, want %s", answers, got, want)
		}
		if !strings.Contains(errs, "a.c:10: socket() in dial") {
			t.Errorf("%q: the question shows no site:\n%s", answers, errs)
		}
	}
	t.Setenv("VISUAL", "sed -i s/perror/puts/")
	_, out, errs := runApply(t, "e\ny\nq\n", "--interactive")
	if !strings.Contains(out, `+		puts("setsockopt SO_KEEPALIVE");`) {
		t.Errorf("the edited block is not in the patch:\n%s%s", out, errs)
	}
}

func TestApplyGitMail(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	inFolder(t, map[string]string{"src/net.c": applySource})
	git := func(args ...string) string {
		cmd := exec.Command("git", append([]string{"-c", "user.name=N", "-c", "user.email=n@example.org"}, args...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	git("init", "-q", ".")
	git("add", ".")
	git("commit", "-q", "-m", "start")
	if status, _, errs := runApply(t, "", "--format", "git", "--idle", "60", "--interval", "10", "--count", "6", "--output", "p.mbox"); status != 0 {
		t.Fatal(errs)
	}
	git("am", "-q", "p.mbox")
	log := git("log", "-1", "--format=%s%n%b")
	for _, want := range []string{"Turn on TCP keepalive on outgoing connections", "after 120 seconds", "src/net.c: socket() in dial()"} {
		if !strings.Contains(log, want) {
			t.Errorf("the commit does not say %q:\n%s", want, log)
		}
	}
	if b, _ := os.ReadFile("src/net.c"); !bytes.Contains(b, []byte("TCP_KEEPIDLE")) {
		t.Error("git am changed nothing")
	}
}

func TestApplyQuilt(t *testing.T) {
	inFolder(t, map[string]string{"net.c": applySource, "debian/patches/series": "first.patch", "debian/source/format": "3.0 (quilt)\n"})
	for range 2 { // the second time changes nothing in the series
		if status, _, errs := runApply(t, "", "--format", "quilt", "--write"); status != 0 || !strings.Contains(errs, "1 socket patched by keepalive.patch in 1 file") {
			t.Fatal(errs)
		}
	}
	series, _ := os.ReadFile("debian/patches/series")
	if string(series) != "first.patch\nkeepalive.patch\n" {
		t.Errorf("series is %q", series)
	}
	patch, err := os.ReadFile("debian/patches/keepalive.patch")
	if err != nil || !bytes.HasPrefix(patch, []byte("Description: Turn on TCP keepalive on outgoing connections\n ")) || !bytes.Contains(patch, []byte("\n---\n--- a/net.c\n")) {
		t.Errorf("%v\n%s", err, patch)
	}
}

// A source format that would not apply the patch is refused, with the reason.
func TestApplyQuiltFormats(t *testing.T) {
	const native, plain = "the source format is 3.0 (native), which does not apply debian/patches", "debian/rules does not call quilt"
	for _, c := range []struct {
		files map[string]string
		want  string
	}{
		{map[string]string{"debian/source/format": "3.0 (quilt)\n"}, ""},
		{map[string]string{"debian/source/format": "3.0 (native)\n"}, native},
		{map[string]string{"debian/source/format": "1.0\n", "debian/rules": "%:\n\tdh $@\n"}, plain},
		{map[string]string{"debian/control": ""}, plain},
		{map[string]string{"debian/rules": "%:\n\tdh $@ --with quilt\n"}, ""},
		{map[string]string{}, ""},
	} {
		c.files["net.c"] = applySource
		inFolder(t, c.files)
		status, out, errs := runApply(t, "", "--format", "quilt")
		if refused := status == 2 && out == "" && strings.Contains(errs, c.want); refused != (c.want != "") || c.want == "" && !strings.HasPrefix(out, "Description: ") {
			t.Errorf("%v: status %d, %q %q", c.files, status, out, errs)
		}
	}
}

func TestApplyVerifies(t *testing.T) {
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("no C compiler here")
	}
	inFolder(t, map[string]string{"good.c": applySource, "broken.c": "#include \"missing.h\"\n" + strings.ReplaceAll(applySource, "dial", "call"),
		"bad.tmpl": "no_such_function({{.FD}}, undeclared);\n"})
	_, out, errs := runApply(t, "", "--verify", "--idle", "60")
	if !strings.Contains(out, "good.c") || !strings.Contains(errs, "broken.c: not verified") ||
		!strings.Contains(errs, "keepatch: --verify: 1 file compiled before and after the patch, with cc: 1 socket verified, 1 not verified\n") {
		t.Errorf("%s%s", out, errs)
	}
	_, out, errs = runApply(t, "", "--verify", "--template", "bad.tmpl", "good.c")
	if out != "" || !strings.Contains(errs, "dropped by --verify") || !strings.Contains(errs, ", with cc: 0 sockets verified, 1 dropped\n") {
		t.Errorf("a block that does not compile was printed:\n%s%s", out, errs)
	}
}

// A file that does not compile: the compiler's line, and what helps.
func TestApplyVerifyHints(t *testing.T) {
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("no C compiler here")
	}
	const bear = ", or have the build write compile_commands.json: bear -- make, cmake -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON\n"
	const line = "keepatch: src/net.c: not verified, as it does not compile without the patch: src/net.c:1:10: fatal error: "
	const give = "keepatch: --verify: give --cc with the options that the sources are compiled with"
	source := "#include \"one.h\"\n#include <lib/two.h>\n" + applySource
	database := `[{"directory": ".", "file": "src/FILE", "arguments": ["cc", "-c", "src/FILE"]}]`
	for _, c := range []struct {
		files map[string]string
		args  string
		want  string
	}{
		{map[string]string{"include/one.h": "", "far/include/one.h": "", "deps/lib/two.h": ""}, "", give + ", such as --cc 'cc -Iinclude -Ideps'" + bear},
		{map[string]string{"include/one.h": "", "deps/lib/two.h": ""}, "--cc 'cc -O2'", give + ", such as --cc 'cc -O2 -Iinclude -Ideps'\n"},
		{map[string]string{"deps/lib/two.h": ""}, "", "keepatch: --verify: one.h is not in the tree: configure or build it first, or install the library that has it\n"},
		{map[string]string{"dos/one.h": "", "deps/lib/two.h": "", "configure.ac": "AC_CONFIG_HEADERS([src/one.h:src/one.tmpl])\n"}, "",
			"keepatch: --verify: one.h is made by a build: configure or build the tree first\n"},
		{map[string]string{"dos/one.h": "", "deps/lib/two.h": "", "src/one.h.in": ""}, "", "keepatch: --verify: one.h is made by a build: configure or build the tree first\n"},
		{map[string]string{"out/gen/one.h": "", "out/CMakeCache.txt": "", "deps/lib/two.h": "", "src/one.h.in": ""}, "", give + ", such as --cc 'cc -Iout/gen -Ideps'" + bear},
		{map[string]string{"include/one.h": "", "deps/lib/two.h": "", "include/one.h.in": ""}, "", give + ", such as --cc 'cc -Iinclude -Ideps'" + bear},
		{map[string]string{"compile_commands.json": strings.ReplaceAll(database, "FILE", "net.c")}, "", "keepatch: --verify: configure and build the tree first, and make compile_commands.json anew if it is old\n"},
		{map[string]string{"compile_commands.json": strings.ReplaceAll(database, "FILE", "other.c"), "include/one.h": "", "include/lib/two.h": ""}, "", give + ", such as --cc 'cc -Iinclude'; compile_commands.json has no command for src/net.c, src/too.c\n"},
		{map[string]string{"include/one.h": "", "deps/lib/two.h": "", "client/dial.c": "#include \"cl.h\"\n" + applySource, "client/include/cl.h": ""}, "",
			give + ", such as --cc 'cc -Iclient/include -Iinclude -Ideps'" + bear},
	} {
		c.files["src/net.c"], c.files["src/too.c"] = source, strings.ReplaceAll(source, "dial", "too")
		inFolder(t, c.files)
		args := []string{"--verify"}
		if cc, ok := strings.CutPrefix(c.args, "--cc "); ok {
			args = append(args, "--cc", strings.Trim(cc, "'"))
		}
		_, out, errs := runApply(t, "", args...)
		if !strings.Contains(out, "SO_KEEPALIVE") || !strings.Contains(errs, line) || !strings.Contains(errs, c.want) || c.files["compile_commands.json"] == "" && strings.Count(errs, "keepatch: --verify: ") != 2 { // the hint and the sum
			t.Errorf("%v %s: %s", c.files, args, errs)
		}
	}
}

// TestApplyVerifyGuilty: of the fixes of a file only the one at fault goes.
func TestApplyVerifyGuilty(t *testing.T) {
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("no C compiler here")
	}
	other := applySource[strings.Index(applySource, "int dial"):]
	other = strings.ReplaceAll(strings.ReplaceAll(other, "dial", "other"), "fd", "bad")
	inFolder(t, map[string]string{"net.c": applySource + "\n" + other,
		"bad.tmpl": "{{if eq .FD \"bad\"}}undeclared({{.FD}};\n{{else}}{{template \"inline.tmpl\" .}}{{end}}"})
	_, out, errs := runApply(t, "", "--verify", "--style", "inline", "--template", "bad.tmpl")
	if !strings.Contains(out, "SO_KEEPALIVE") || strings.Contains(out, "undeclared") || strings.Count(errs, "not patched") != 2 {
		t.Errorf("%s%s", out, errs)
	}
}

// TestCompileCommands: both forms of the database are read, the command as a
// shell reads it.
func TestCompileCommands(t *testing.T) {
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("no C compiler here")
	}
	source := "#include \"needed.h\"\n#ifndef NAME\n#error no name\n#endif\nconst char *name = NAME;\n" + applySource
	for form, row := range map[string]string{
		"command":   `"command": "cc -DNAME='\"a b\"' \"-Iwith blank\" -c -o x.o net.c"`,
		"arguments": `"arguments": ["cc", "-DNAME=\"a b\"", "-Iwith blank", "-c", "-ox.o", "net.c"]`,
	} {
		inFolder(t, map[string]string{"net.c": source, "with blank/needed.h": "#include <stddef.h>\n",
			"compile_commands.json": `[{"directory": ".", "file": "net.c", ` + row + `}]`})
		_, out, errs := runApply(t, "", "--verify")
		if !strings.Contains(out, "SO_KEEPALIVE") || !strings.Contains(errs, "as compile_commands.json says: 1 socket verified\n") {
			t.Errorf("%s: %s%s", form, out, errs)
		}
		if _, err := os.Stat("x.o"); err == nil {
			t.Errorf("%s: the compiler wrote its output", form)
		}
	}
}

const switchProgram = `#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

static int dial(struct sockaddr_in *sa)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa));
}

int main(int argc, char **argv)
{
	struct sockaddr_in sa = { 0 };
	int c;

	while ((c = getopt(argc, argv, "v")) != -1) {
		switch (c) {
		case 'v':
			break;
		default:
			fprintf(stderr, "usage: prog [-v]\n");
			exit(1);
		}
	}
	return dial(&sa) < 0;
}
`

func TestApplySwitch(t *testing.T) {
	inFolder(t, map[string]string{"prog.c": switchProgram, "lib/lib.c": applySource, "env/note.c": ""})
	for _, c := range []struct {
		args   string
		status int
		out    string // in stdout, "" for nothing printed
		errs   string
	}{
		{"--switch prog.c", 0, "\n+\twhile ((c = getopt(argc, argv, \"vk::\")) != -1) {\n", "keepatch: switch: prog.c: -k\n" +
			"keepatch: switch: times go into the same word, -k60:10:6: the 60 of \"-k 60\" is another argument\n"},
		{"--switch=option prog.c", 0, "\"vk::\"", "switch: prog.c: -k"},
		{"--switch --switch-short x prog.c", 0, "\"vx::\"", "switch: prog.c: -x"},
		{"--switch --switch-short v prog.c", 0, "", "the letter v is taken"},
		{"--switch --switch-default on prog.c", 0, "tcp_keepalive = { 1, 0, 0, 0 };", "switch: prog.c"},
		{"--switch --idle 60 --interval 10 --count 6 prog.c", 0, "tcp_keepalive = { 0, 60, 10, 6 };", "switch: prog.c"},
		{"--switch --switch-main prog.c prog.c", 0, "\"vk::\"", "switch: prog.c: -k"},
		{"--switch --switch-main other.c prog.c", 0, "", "the main() of other.c does not reach it; prog.c does"},
		{"--switch env prog.c", 0, "\"KEEPINTVL\", \"KEEPCNT\"", "switch: prog.c: KEEPALIVE"},
		{"--switch env lib", 0, "if (!read_tcp_keepalive())", "switch: lib/lib.c: KEEPALIVE, KEEPIDLE, KEEPINTVL and KEEPCNT in the environment"},
		{"--switch lib", 0, "", "no main() reaches it"},
		{"--switch=odd prog.c", 2, "", "use option, config, both, auto, env"},
		{"--switch-short x prog.c", 2, "", "--switch-short goes with --switch"},
		{"--switch --switch-short xy prog.c", 2, "", "give one letter"},
		{"--switch --switch-long a_b prog.c", 2, "", "letters, digits and hyphens"},
		{"--switch --switch-default odd prog.c", 2, "", "use off, on"},
		{"--switch --user-timeout 9 prog.c", 2, "", "--user-timeout does not go with --switch"},
	} {
		status, out, errs := runApply(t, "", strings.Fields(c.args)...)
		if status != c.status || !strings.Contains(out, c.out) || c.out == "" && out != "" || !strings.Contains(errs, c.errs) {
			t.Errorf("%s: status %d, want %d\n%s%s", c.args, status, c.status, out, errs)
		}
	}
}

// TestApplySwitchRoads writes in place, and prints as a mail and by --verify.
func TestApplySwitchRoads(t *testing.T) {
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("no C compiler here")
	}
	page := ".TH PROG 1\n.SH OPTIONS\n.TP\n.B \\-v\nBe verbose.\n"
	inFolder(t, map[string]string{"prog.c": switchProgram, "prog.1": page})
	_, mail, errs := runApply(t, "", "--switch", "--verify", "--format", "git")
	if !strings.Contains(mail, "+++ b/prog.1") || !strings.Contains(mail, "+.BR \\-k") || strings.Contains(errs, "dropped") || strings.Contains(errs, "not verified") {
		t.Errorf("the mail lacks the page, or --verify found fault:\n%s%s", mail, errs)
	}
	if status, _, errs := runApply(t, "", "--switch", "--write"); status != 0 {
		t.Fatal(errs)
	}
	if out, err := exec.Command("cc", "-Wall", "-Werror", "-o", "prog", "prog.c").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.Command("./prog", "-k0").CombinedOutput(); err == nil || !strings.Contains(string(out), "invalid keepalive times: 0") {
		t.Errorf("-k0 was taken: %v\n%s", err, out)
	}
	if _, again, _ := runApply(t, "", "--switch"); again != "" {
		t.Errorf("the second run is not empty:\n%s", again)
	}
}

// TestApplyBuilds: what the build of a copy finds fault with goes, and nothing
// else; the tree itself is left alone.
func TestApplyBuilds(t *testing.T) {
	for _, tool := range []string{"cc", "make"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("no " + tool + " here")
		}
	}
	other := strings.ReplaceAll(applySource, "dial", "other")
	rule := "all: net.o other.o\n\tgrep -q SO_KEEPALIVE other.c && { echo \"other.c:1:1: error: not allowed here\"; exit 1; } || true\nlink: net.o user.o\n\t$(CC) -shared -o lib.so net.o user.o\n"
	inFolder(t, map[string]string{"net.c": applySource, "other.c": other, "user.c": "int nothing;\n", "Makefile": rule})
	status, out, errs := runApply(t, "", "--verify", "--build", "make -s all")
	if status != 0 || !strings.Contains(out, "+++ b/net.c") || strings.Contains(out, "other.c") ||
		!strings.Contains(errs, "dropped by --build: other.c:1:1: error: not allowed here") ||
		!strings.Contains(errs, "keepatch: --build: \"make -s all\" ran before and after the patch: 1 socket verified, 1 dropped\n") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
	if _, err := os.Stat("net.o"); err == nil {
		t.Error("the tree itself was built")
	}
	_, out, errs = runApply(t, "", "--verify", "--build", "make -s missing")
	if !strings.Contains(errs, "fails in a copy of the tree as it is, without the patch: nothing was verified by it\n") || !strings.Contains(out, "net.c") {
		t.Errorf("%s%s", out, errs)
	}
	_, _, errs = runApply(t, "", "--verify", "--build", "seq 90 99; echo; echo the cause; echo make: stop; false")
	if !strings.Contains(errs, "keepatch:   93\nkeepatch:   94\n") || strings.Contains(errs, "  92\n") ||
		!strings.Contains(errs, "keepatch:   \nkeepatch:   the cause\nkeepatch:   make: stop\nkeepatch: --build: ") {
		t.Errorf("a build that fails: %s", errs)
	}
	if status, _, errs := runApply(t, "", "--build", "make"); status != 2 || !strings.Contains(errs, "--build goes with --verify") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// A build of a tree that is built already: old warnings are no new ones, whatever make goes
// by, and a fault of the patch is one all the same.
func TestApplyBuildsAgain(t *testing.T) {
	for _, tool := range []string{"cc", "make"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("no " + tool + " here")
		}
	}
	warns := strings.Replace(applySource, "int fd;", "int fd, unused;", 1)
	files := map[string]string{
		"net.c": warns, "bad.tmpl": "{\n\tint on = 1, idle;\n\n\tsetsockopt({{.FD}}, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));\n}\n",
		"Makefile": "CFLAGS = -Wall\nall: net.o\nsum: net.c\n\tcmp -s net.c was.txt || { $(CC) $(CFLAGS) -c net.c; cp net.c was.txt; }\n",
	}
	for _, build := range []string{"make all", "make -s sum"} {
		inFolder(t, files)
		if out, err := exec.Command("sh", "-c", build).CombinedOutput(); err != nil || !strings.Contains(string(out), "unused") {
			t.Fatalf("%s: %v\n%s", build, err, out)
		}
		status, out, errs := runApply(t, "", "--verify", "--build", build)
		if status != 0 || !strings.Contains(out, "SO_KEEPALIVE") || strings.Count(errs, "--build") != 1 || !strings.Contains(errs, " patch: 1 socket verified\n") {
			t.Errorf("%s: status %d\n%s%s", build, status, out, errs)
		}
		_, out, errs = runApply(t, "", "--verify", "--cc", "cc -w", "--build", build, "--template", "bad.tmpl")
		if out != "" || !strings.Contains(errs, "dropped by --build: net.c:") || !strings.Contains(errs, "idle") {
			t.Errorf("%s: a new warning is not seen\n%s%s", build, out, errs)
		}
	}
}

// Where the build does not compile what is patched, or shows nothing, that is told.
func TestApplyBuildsNothing(t *testing.T) {
	inFolder(t, map[string]string{"net.c": applySource, "lib/far.c": strings.ReplaceAll(applySource, "dial", "far")})
	_, out, errs := runApply(t, "", "--verify", "--build", "cc -c net.c")
	const want = "keepatch: --build: nothing that cc -c net.c prints shows that it compiles lib/far.c: what it would say of the patch there is not known\n"
	if !strings.Contains(out, "far.c") || !strings.Contains(errs, want) || !strings.Contains(errs, " patch: 1 socket verified, 1 not verified\n") {
		t.Errorf("%s%s", out, errs)
	}
	for _, n := range []string{"a", "b", "c", "d", "e", "f"} {
		if err := os.WriteFile(n+".c", []byte(strings.ReplaceAll(applySource, "dial", n)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, errs = runApply(t, "", "--verify", "--build", "cc -c net.c"); !strings.Contains(errs, "compiles a.c, b.c, c.c, d.c, e.c and 2 more: ") {
		t.Error(errs)
	}
}

// What needs the build's options is left to the build, and nobody is told to give them.
func TestApplyBuildsTheRest(t *testing.T) {
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("no cc here")
	}
	inFolder(t, map[string]string{"net.c": "#include \"own.h\"\n" + applySource, "inc/own.h": "\n"})
	const want = "keepatch: --verify: 0 files compiled before and after the patch, with cc: 0 sockets verified, 1 left to --build\n" +
		"keepatch: --build: \"cc -Iinc -c net.c\" ran before and after the patch: 1 socket verified\n" +
		"keepatch: 1 socket would be patched in 1 file, 0 not patched\n"
	if _, _, errs := runApply(t, "", "--verify", "--build", "cc -Iinc -c net.c"); errs != want {
		t.Errorf("%s", errs)
	}
}

// CMake writes down where the tree lies. The copy is built all the same, and not the tree.
func TestApplyBuildsWithCMake(t *testing.T) {
	for _, tool := range []string{"cc", "cmake", "make"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("no " + tool + " here")
		}
	}
	inFolder(t, map[string]string{
		"net.c": strings.Replace(applySource, "int fd;", "int fd, unused;", 1), "bad.tmpl": "no_such_function({{.FD}}, undeclared);\n",
		"CMakeLists.txt": "cmake_minimum_required(VERSION 3.10)\nproject(net C)\nadd_compile_options(-Wall)\nadd_library(net net.c)\n",
	})
	const build = "cmake --build build"
	if out, err := exec.Command("sh", "-c", "cmake -S . -B build && "+build).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	status, out, errs := runApply(t, "", "--verify", "--build", build, "net.c")
	if status != 0 || !strings.Contains(out, "SO_KEEPALIVE") || !strings.Contains(errs, "\" ran before and after the patch: 1 socket verified\n") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
	_, out, errs = runApply(t, "", "--verify", "--cc", "true", "--build", build, "--template", "bad.tmpl", "net.c")
	if out != "" || !strings.Contains(errs, "dropped by --build") {
		t.Errorf("a block that does not compile was printed:\n%s%s", out, errs)
	}
}
