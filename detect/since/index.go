package since

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
)

// Index is what the next commit will hold: the files that git's index lists.
// Nothing in the working tree is touched; a file is read from there when git
// says that it is the same.
type Index struct {
	dir    string            // the folder that git is asked in; paths are relative to it
	blobs  map[string]string // regular files by path
	edited map[string]bool   // files that differ from the working tree
	git    func(args ...string) ([]byte, error)

	mu   sync.Mutex
	text map[string][]byte
}

// Staged compares the index of the repository around dir with a revision, as
// Since does; "" stands for HEAD, or for nothing before the first commit.
func Staged(dir, rev string) (*Change, *Index, error) {
	c := &Change{dir: dir, lines: map[string][]span{}, files: map[string]string{}, gone: map[string]bool{}}
	prefix, err := c.git("rev-parse", "--show-prefix")
	if err != nil {
		return nil, nil, fmt.Errorf("no git repository to look into: %v", err)
	}
	p := parser{c: c, prefix: strings.TrimRight(string(prefix), "\n")}
	against := []string{"--cached"}
	if rev == "" {
		if c.rev, err = c.resolve("HEAD"); err == nil {
			against = append(against, c.rev)
		}
	} else {
		if c.rev, err = c.resolve(rev); err != nil {
			return nil, nil, err
		}
		against = append(against, c.rev)
	}
	if c.index, err = readIndex(c, p); err != nil {
		return nil, nil, err
	}
	diff, err := c.diff(against...)
	if err != nil {
		return nil, nil, err
	}
	return c, c.index, p.parse(diff)
}

// readIndex lists the regular files of the index: no links, no submodules.
func readIndex(c *Change, p parser) (*Index, error) {
	x := &Index{dir: c.dir, git: c.git, blobs: map[string]string{}, edited: map[string]bool{}, text: map[string][]byte{}}
	list, err := c.git("ls-files", "--stage", "--full-name", "-z", "--", ":/")
	if err != nil {
		return nil, err
	}
	for line := range strings.SplitSeq(string(list), "\x00") {
		row, name, ok := strings.Cut(line, "\t") // "100644 BLOB STAGE\tNAME"
		f := strings.Fields(row)
		if !ok || len(f) != 3 || !strings.HasPrefix(f[0], "100") {
			continue
		}
		if f[2] != "0" {
			return nil, fmt.Errorf("%s is not merged yet", p.here(name))
		}
		x.blobs[p.here(name)] = f[1]
	}
	differ, err := c.git("diff-files", "--name-only", "-z", "--no-relative", "--", ":/")
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(string(differ), "\x00") {
		x.edited[p.here(name)] = true
	}
	return x, nil
}

// Files lists the regular files, by path.
func (x *Index) Files() []string {
	list := make([]string, 0, len(x.blobs))
	for name := range x.blobs {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}

// Read returns a file as the next commit will hold it.
func (x *Index) Read(file string) ([]byte, error) {
	blob, ok := x.blobs[file]
	if !ok {
		return nil, &os.PathError{Op: "open", Path: file, Err: os.ErrNotExist}
	}
	if !x.edited[file] {
		return os.ReadFile(filepath.Join(x.dir, filepath.FromSlash(file)))
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if text, ok := x.text[blob]; ok {
		return bytes.Clone(text), nil
	}
	text, err := x.git("cat-file", "blob", blob)
	if err == nil {
		x.text[blob] = text
	}
	return bytes.Clone(text), err
}
