package driver

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// placed is a program whose report would differ if words in the names of the folders
// around it were asked for: whether it is a library, a test or another system's.
var placed = map[string]string{
	"net.c": `#include <sys/socket.h>
#include "net.h"
void conn_make(struct conn *c) { c->fd = socket(AF_INET, SOCK_STREAM, 0); }
static int on(int fd, int one) { return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one)); }
static int dial(const struct sockaddr *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(fd, sa, sizeof(*sa)))
		return -1;
	return fd;
}
int a(const struct sockaddr *sa) { int fd = dial(sa); on(fd, 1); return fd; }
int b(const struct sockaddr *sa) { return dial(sa); }
`,
	"net.h":         "struct conn { int fd; };\nvoid conn_make(struct conn *c);\n",
	"cmd/main.c":    "#include \"../net.h\"\nint main(void) { struct conn c; conn_make(&c); return 0; }\n",
	"win32/a.c":     "int w(void) { return socket(2, 1, 0); }\n",
	"tests/check.c": "#include \"../net.h\"\nint main(void) { struct conn c; conn_make(&c); return 0; }\n",
}

// TestSameFromEverywhere holds that a report is the same wherever the program lies and
// wherever keepatch is run: only what is below the folder that was named counts.
func TestSameFromEverywhere(t *testing.T) {
	var want any
	for _, place := range []string{"p", "tests/p", "examples/old/win32", "vendor/third_party/p"} {
		top := t.TempDir()
		root := filepath.Join(top, filepath.FromSlash(place))
		for name, text := range placed {
			file := filepath.Join(root, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for _, run := range []struct{ dir, arg, prefix string }{
			{root, ".", ""}, {top, place, place + "/"}, {root, root, ""}, {t.TempDir(), root, filepath.ToSlash(root) + "/"}, {filepath.Join(root, "cmd"), "..", "../"},
		} {
			t.Chdir(run.dir)
			rep := Analyze(&Options{Paths: []string{run.arg}}, nil, true).Report
			for _, s := range rep.Sites {
				s.ID = "" // made of the path, as it is shown
				s.File = strings.TrimPrefix(s.File, run.prefix)
				for i := range s.Evidence {
					s.Evidence[i].File = strings.TrimPrefix(s.Evidence[i].File, run.prefix)
				}
			}
			text, err := json.Marshal(rep.Sites)
			if err != nil {
				t.Fatal(err)
			}
			var got any
			if err := json.Unmarshal(text, &got); err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s seen from %s as %s: %s", place, run.dir, run.arg, diff)
			}
		}
	}
}
