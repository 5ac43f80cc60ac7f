package driver

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect"
)

// tree makes empty files.
func tree(t *testing.T, names ...string) {
	t.Helper()
	for _, n := range names {
		if err := os.MkdirAll(filepath.Dir(n), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(n, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestProgramRoots(t *testing.T) {
	t.Chdir(t.TempDir())
	tree(t, "whole/Makefile", "whole/doc/README", "whole/lib/COPYING",
		"shelf/a/README", "shelf/a/x.c", "shelf/b/configure", "shelf/c/x.c", "shelf/.hidden/README", "shelf/list.txt",
		"deep/net/p/COPYING", "deep/net/q/.git/HEAD", "deep/mail/r/license.md",
		"one/README.md", "one/lib/README", "one/src/README", "two/src/x.c", "two/lib/x.c", "two/x.c",
		"bare/src/x.c", "bare/lib/x.c", "single/a/README", "repo/.git/HEAD", "repo/a/README", "repo/b/README",
		"names/newspost/README", "names/readmine/COPYING", "names/authorsdb/x.c", "names/mqtt.c/README", "words/LICENSES/a/README", "words/src/README", "words/lib/README",
		"toodeep/1/2/3/a/README", "toodeep/1/2/3/b/README")
	for path, want := range map[string][]string{
		"shelf": {"shelf/a", "shelf/b", "shelf/c"}, "./shelf/": {"shelf/a", "shelf/b", "shelf/c"},
		"deep": {"deep/mail", "deep/net/p", "deep/net/q"},
		"one":  nil, "whole": nil, "two": nil, "bare": nil, "single": nil, "toodeep": nil, "missing": nil, "two/x.c": nil,
		"repo": {"repo/a", "repo/b"}, "words": nil,
		"names": {"names/authorsdb", "names/mqtt.c", "names/newspost", "names/readmine"},
	} {
		roots, others := programRoots([]string{path})
		if diff := cmp.Diff(want, roots); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
		if (len(others) == 0) != (len(want) > 0) {
			t.Errorf("%s: others %q", path, others)
		}
	}
	cwd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	roots, _ := programRoots([]string{filepath.Join(cwd, "repo"), "repo"})
	if diff := cmp.Diff([]string{"repo/a", "repo/b"}, roots); diff != "" {
		t.Error(diff)
	}
	t.Chdir("repo")
	roots, _ = programRoots([]string{"."})
	if diff := cmp.Diff([]string{"a", "b"}, roots); diff != "" {
		t.Error(diff)
	}
}

func TestExcludes(t *testing.T) {
	patterns := []string{"*_test.c", "third_party/", "src/gen/", "src/*.c", "./src/deep/x.c", "**/tmp/*", "other/a"}
	for here, want := range map[string][]string{
		".":        {"*_test.c", "third_party/", "src/gen/", "src/*.c", "src/deep/x.c", "**/tmp/*", "other/a"},
		"src":      {"*_test.c", "third_party/", "gen/", "*.c", "deep/x.c", "**/tmp/*", "../other/a"},
		"src/deep": {"*_test.c", "third_party/", "../gen/", "../*.c", "x.c", "**/tmp/*", "../../other/a"},
		"src/gen":  {"*_test.c", "third_party/", "**/*", "../*.c", "../deep/x.c", "**/tmp/*", "../../other/a"},
		"src/x.c":  {"*_test.c", "third_party/", "../gen/", "**/*", "../deep/x.c", "**/tmp/*", "../../other/a"},
	} {
		if diff := cmp.Diff(want, ExcludesFor(patterns, here)); diff != "" {
			t.Errorf("%s: %s", here, diff)
		}
	}
}

func TestShard(t *testing.T) {
	for n := 1; n <= 5; n++ {
		for i := range 20 {
			in := 0
			for k := 1; k <= n; k++ {
				if (Shard{k, n}).has(i) {
					in++
				}
			}
			if in != 1 {
				t.Errorf("program %d is in %d of %d shards", i, in, n)
			}
		}
	}
	for _, s := range []string{"0/1", "2/1", "1", "1/", "/1", "a/b", "-1/2", "1/0", "1/2/3"} {
		if _, err := ParseShard(s); err == nil {
			t.Errorf("took %q", s)
		}
	}
}

// What is shown tells the program and the part that is done, and moves where nothing is
// told for long.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := &progress{w: &out, total: 100, end: make(chan struct{})}
	first, second := p.callback("one", 60), p.callback("two", 40)
	for _, c := range []struct {
		tell func(float64)
		done float64
		want string
	}{
		{first, 0.5, `/ 30% one`}, {second, 0.25, `- 40% two`}, {second, 0.2, `\ 40% two`}, {first, 1, `| 70% one`}, {second, 1, `/ 99% two`},
		{p.callback("a\x1b[2J"+strings.Repeat("b", 50), 0), 0, "- 99% a\uFFFD[2J" + strings.Repeat("b", 35)},
	} {
		c.tell(c.done)
		if got := p.line(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	p.ended.Go(func() { p.show(time.Millisecond, time.Millisecond) })
	time.Sleep(200 * time.Millisecond)
	p.clear()
	if lines := strings.Split(out.String(), "\r\x1b[K"); len(lines) < 4 || lines[len(lines)-1] != "" || lines[1] == lines[2] {
		t.Errorf("a long run shows %q", out.String())
	}
	out.Reset()
	p = &progress{w: &out, total: 1, end: make(chan struct{})}
	p.ended.Go(func() { p.show(time.Hour, time.Millisecond) })
	p.clear()
	if out.Len() > 0 {
		t.Errorf("a short run shows %q", out.String())
	}
}

func TestNameOf(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for roots, want := range map[string]string{"": filepath.Base(here), ".": filepath.Base(here), "a/b": "b", "a b": filepath.Base(here), "x.c": "x.c"} {
		if got := programName(strings.Fields(roots)); got != want {
			t.Errorf("%q: got %q, want %q", roots, got, want)
		}
	}
}

// An analysis tells how much of it is done.
func TestProgressIsTold(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for i := range 200 {
		name := filepath.Join(dir, fmt.Sprintf("f%d.c", i))
		text := fmt.Sprintf("#include <sys/socket.h>\nint f%d(void *a) { int fd = socket(AF_INET, SOCK_STREAM, 0); return connect(fd, a, 16); }\n", i)
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	var mu sync.Mutex
	var told []float64
	opt := detect.Options{Progress: func(done float64) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, done)
	}}
	detect.Analyze(files, opt)
	slices.Sort(told)
	if len(told) < 3*200 || told[0] > 0.1 || told[len(told)-1] != 1 {
		t.Errorf("told %d times, from %v to %v", len(told), told[0], told[len(told)-1])
	}
}

func TestPlatform(t *testing.T) {
	for in, want := range map[string]string{"": "", "linux": "linux", "Linux": "linux", "Darwin": "macos", "FreeBSD": "bsd", "macos": "macos"} {
		if got, err := Platform(in); err != nil || got != want {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
	for alias, p := range platformAliases {
		if got, err := Platform(alias); err != nil || got != p {
			t.Errorf("%q: got %q, %v", alias, got, err)
		}
	}
	for _, in := range []string{"foo", "other", "unix", "c++"} {
		if got, err := Platform(in); err == nil {
			t.Errorf("%q: got %q", in, got)
		}
	}
}

func TestFindPatchRoot(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	tree(t, "src/a.c", "tools/b.c", "repo/.git/HEAD", "repo/sub/c.c")
	t.Chdir("tools")
	for _, c := range []struct {
		paths []string
		repo  bool
		file  string
		want  string
		where string
	}{
		{[]string{"."}, false, "b.c", "b.c", ""},
		{[]string{"b.c"}, true, "b.c", "b.c", ""},
		{[]string{".."}, false, "../src/a.c", "src/a.c", ".."},
		{[]string{"../src"}, false, "../src/a.c", "a.c", "../src"},
		{[]string{"../src/a.c"}, false, "../src/a.c", "a.c", "../src"},
		{[]string{"../src", "b.c"}, false, "b.c", "tools/b.c", ".."},
		{[]string{filepath.Join(dir, "src")}, false, filepath.Join(dir, "src", "a.c"), "a.c", "../src"},
		{[]string{"../repo/sub"}, false, "../repo/sub/c.c", "c.c", ""},
		{[]string{"../repo/sub"}, true, "../repo/sub/c.c", "sub/c.c", "../repo"},
	} {
		r, err := FindPatchRoot(c.paths, c.repo)
		if err != nil {
			t.Errorf("%q: %v", c.paths, err)
			continue
		}
		if got := r.Path(c.file); got != c.want {
			t.Errorf("%q: %s is %s, want %s", c.paths, c.file, got, c.want)
		}
		if c.where != "" && r.Elsewhere() != c.where {
			t.Errorf("%q: from %q, want %q", c.paths, r.Elsewhere(), c.where)
		}
	}
	if r, err := FindPatchRoot([]string{dir, "/etc"}, false); err == nil {
		t.Errorf("no folder holds them, got %q", r.dir)
	}
}
