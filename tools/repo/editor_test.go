package repo

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// block is the first code block of a language in a document.
func block(t *testing.T, file, language string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)\n```" + language + "\n(.*?)```\n").FindSubmatch(text)
	if m == nil {
		t.Fatalf("%s has no block of %s", file, language)
	}
	return string(m[1])
}

// What docs/editor.md says to Vim fills its quickfix list.
func TestVimQuickfix(t *testing.T) {
	vim, err := exec.LookPath("vim")
	if err != nil {
		t.Skip("needs vim")
	}
	dir := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "keepatch"), ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, text := range map[string]string{
		"rc.vim": block(t, "docs/editor.md", "vim"),
		"src/net.c": "#include <sys/socket.h>\nint f(void)\n{\n\tint fd = socket(AF_INET, SOCK_STREAM, 0);\n" +
			"\treturn connect(fd, 0, 0);\n}\n",
		"run.vim": `silent make
call writefile(map(getqflist(), 'bufname(v:val.bufnr) . ":" . v:val.lnum . ":" . v:val.col . ":" . v:val.type . ":" . v:val.text'), 'list')
qall!
`,
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(vim, "-N", "-u", "rc.vim", "-i", "NONE", "-es", "-S", "run.vim")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+dir)
	out, err := cmd.CombinedOutput()
	list, rerr := os.ReadFile(filepath.Join(dir, "list"))
	if rerr != nil {
		t.Fatalf("%v, %v\n%s", err, rerr, out)
	}
	want := "src/net.c:4:11:e:TCP client socket in f() never gets SO_KEEPALIVE [KA001]\n"
	if diff := cmp.Diff(want, string(list)); diff != "" {
		t.Error(diff)
	}
}
