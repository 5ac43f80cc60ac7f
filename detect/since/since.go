// Package since asks git what has changed since a revision: which lines, and
// what the files were like before.
package since

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// Change is what has changed in the working tree since a revision.
type Change struct {
	rev   string            // a commit
	dir   string            // the folder that git is asked in
	lines map[string][]span // changed lines of the files there are now
	files map[string]string // for each file that differs: its path before, "" when it is new
	gone  map[string]bool   // files there were, by their path then
	index *Index            // what is compared; nil is the working tree

	mu   sync.Mutex
	text map[string][]byte // files as they were, by their path then
}

// span is a range of lines, 1-based, both ends in it. All lines of a file are
// one span to maxLine.
type span struct{ first, last int }

const maxLine = int(^uint(0) >> 1)

// Since compares the working tree around dir with a revision. A revision that
// ends in "..." stands for the commit at which the present branch left it.
// Paths in a Change are relative to dir, with slashes, as git prints them
// relative to its folder.
func Since(dir, rev string) (*Change, error) {
	c := &Change{dir: dir, lines: map[string][]span{}, files: map[string]string{}, gone: map[string]bool{}}
	var prefix, untracked, diff []byte
	var outside, unlisted, unknown, failed error
	var g sync.WaitGroup // each of these takes git some milliseconds
	g.Go(func() { prefix, outside = c.git("rev-parse", "--show-prefix") })
	g.Go(func() {
		untracked, unlisted = c.git("ls-files", "--others", "--exclude-standard", "-z", "--full-name", ":/")
	})
	g.Go(func() { c.rev, unknown = c.resolve(rev) })
	named := !strings.HasSuffix(rev, "...") && !strings.HasPrefix(rev, "-")
	if named { // else the revision has to be found out first
		g.Go(func() { diff, failed = c.diff(rev + "^{commit}") })
	}
	g.Wait()
	switch {
	case outside != nil:
		return nil, fmt.Errorf("no git repository to compare with: %v", outside)
	case unknown != nil:
		return nil, unknown
	case unlisted != nil:
		return nil, unlisted
	}
	if !named {
		diff, failed = c.diff(c.rev)
	}
	if failed != nil {
		return nil, failed
	}
	p := parser{c: c, prefix: strings.TrimRight(string(prefix), "\n")}
	if err := p.parse(diff); err != nil {
		return nil, err
	}
	// Files that git does not know yet are new as a whole.
	for _, name := range strings.Split(string(untracked), "\x00") {
		if name != "" {
			name = p.here(name)
			c.files[name] = ""
			c.lines[name] = []span{{1, maxLine}}
		}
	}
	return c, nil
}

// diff lists what differs from a revision, or what else git diff is to compare.
func (c *Change) diff(what ...string) ([]byte, error) {
	args := []string{"-c", "core.quotepath=off", "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames",
		"--unified=0", "--src-prefix=a/", "--dst-prefix=b/", "--no-relative"}
	return c.git(append(append(args, what...), "--", ":/")...)
}

// resolve turns what the user wrote into a commit.
func (c *Change) resolve(rev string) (string, error) {
	if strings.HasPrefix(rev, "-") {
		return "", fmt.Errorf("%q is no revision", rev)
	}
	args := []string{"rev-parse", "--verify", "--quiet", "--end-of-options", rev + "^{commit}"}
	if base, ok := strings.CutSuffix(rev, "..."); ok {
		args = []string{"merge-base", base, "HEAD"}
	}
	out, err := c.git(args...)
	id := strings.TrimSpace(string(out))
	if err != nil || id == "" {
		return "", fmt.Errorf("git does not know the revision %q (in a shallow clone, fetch it first)", rev)
	}
	return id, nil
}

func (c *Change) git(args ...string) ([]byte, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = c.dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errors.New("git is not installed")
		}
		if msg, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n"); msg != "" {
			return nil, errors.New(strings.TrimPrefix(msg, "fatal: "))
		}
		return nil, err
	}
	return out.Bytes(), nil
}

// Touches says whether a line of a file was added or changed.
func (c *Change) Touches(file string, line int) bool {
	for _, s := range c.lines[file] {
		if line >= s.first && line <= s.last {
			return true
		}
	}
	return false
}

// Empty says whether no C source or header differs.
func (c *Change) Empty() bool { return len(c.Files()) == 0 }

// Under says whether a C source or header in a folder differs.
func (c *Change) Under(folder string) bool {
	for _, name := range c.Files() {
		if strings.HasPrefix(name, folder+"/") {
			return true
		}
	}
	return false
}

// Files lists the C sources and headers that differ, those that are gone among
// them, by path.
func (c *Change) Files() []string {
	var list []string
	for name := range c.files {
		if isC(name) {
			list = append(list, name)
		}
	}
	for name := range c.gone {
		if isC(name) {
			list = append(list, name)
		}
	}
	sort.Strings(list)
	return list
}

func isC(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".c" || ext == ".h"
}

// Before lists, of the files named, those that there were at the revision under
// any path, and adds those that are gone since and that keep takes. Renamed
// files have the path they have now, so that what is found in them compares.
func (c *Change) Before(files []string, keep func(file string) bool) []string {
	var list []string
	for _, f := range files {
		if old, differs := c.files[f]; !differs || old != "" {
			list = append(list, f)
		}
	}
	for f := range c.gone {
		if isC(f) && keep(f) {
			list = append(list, f)
		}
	}
	sort.Strings(list)
	return list
}

// Read returns a file of Before as it was at the revision.
func (c *Change) Read(file string) ([]byte, error) {
	old, differs := c.files[file]
	switch {
	case c.gone[file]:
		old = file
	case !differs:
		return c.Now(file)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if text, ok := c.text[old]; ok {
		return text, nil
	}
	text, err := c.git("show", c.rev+":./"+old)
	if err == nil {
		if c.text == nil {
			c.text = map[string][]byte{}
		}
		c.text[old] = text
	}
	return text, err
}

// Now returns a file as it is after the change.
func (c *Change) Now(file string) ([]byte, error) {
	if c.index != nil {
		return c.index.Read(file)
	}
	return os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(file)))
}

// Same says whether a file has the bytes that it had under the same path.
func (c *Change) Same(file string) bool {
	_, differs := c.files[file]
	return !differs && !c.gone[file]
}

// ReadSame returns a file as it was at the revision, when it was there under the
// same path.
func (c *Change) ReadSame(file string) (text []byte, same bool, err error) {
	if old, differs := c.files[file]; !differs || old != file {
		return nil, false, nil
	}
	text, err = c.Read(file)
	return text, true, err
}

// parser reads the output of git diff.
type parser struct {
	c        *Change
	prefix   string // dir as seen from the root of the repository: "" or "sub/dir/"
	old, new string // of the file at hand; "" when it does not exist on that side
}

func (p *parser) parse(diff []byte) error {
	in := bufio.NewScanner(bytes.NewReader(diff))
	in.Buffer(make([]byte, 0, 64<<10), 1<<30) // lines of generated sources may be long
	left := 0                                 // lines of the hunk that are still to come
	for in.Scan() {
		line := in.Text()
		switch {
		case left > 0 && line != "" && (line[0] == '+' || line[0] == '-'):
			left--
		case strings.HasPrefix(line, "diff --git "):
			p.old, p.new = "", ""
		case strings.HasPrefix(line, "rename from "):
			p.old = p.name(line[len("rename from "):], "")
		case strings.HasPrefix(line, "rename to "):
			p.new = p.name(line[len("rename to "):], "")
			p.file()
		case strings.HasPrefix(line, "--- "):
			p.old = p.name(line[4:], "a/")
		case strings.HasPrefix(line, "+++ "):
			p.new = p.name(line[4:], "b/")
			p.file()
		case strings.HasPrefix(line, "@@ "):
			n, err := p.hunk(line)
			if err != nil {
				return err
			}
			left = n
		}
	}
	return in.Err()
}

// file notes the file at hand.
func (p *parser) file() {
	if p.new == "" {
		p.c.gone[p.old] = true
		return
	}
	p.c.files[p.new] = p.old
}

// hunk reads "@@ -12,0 +13,4 @@": lines of the new file from 13 on are new.
func (p *parser) hunk(line string) (lines int, err error) {
	f := strings.Fields(line)
	if len(f) < 4 {
		return 0, fmt.Errorf("git diff printed %q", line)
	}
	_, n, err1 := pair(f[1][1:])
	first, m, err2 := pair(f[2][1:])
	if err1 != nil || err2 != nil {
		return 0, fmt.Errorf("git diff printed %q", line)
	}
	if m > 0 && p.new != "" {
		p.c.lines[p.new] = append(p.c.lines[p.new], span{first, first + m - 1})
	}
	return n + m, nil
}

func pair(s string) (start, n int, err error) {
	a, b, ok := strings.Cut(s, ",")
	if start, err = strconv.Atoi(a); err != nil {
		return 0, 0, err
	}
	if n = 1; ok {
		n, err = strconv.Atoi(b)
	}
	return start, n, err
}

// name reads a path as git diff prints it: quoted like a C string when it holds
// odd characters, and followed by a tab when it holds a blank.
func (p *parser) name(s, side string) string {
	s = strings.TrimSuffix(s, "\t")
	if strings.HasPrefix(s, `"`) {
		if u, err := strconv.Unquote(s); err == nil {
			s = u
		}
	}
	if s == "/dev/null" {
		return ""
	}
	return p.here(strings.TrimPrefix(s, side))
}

// here is a path of the repository as seen from dir.
func (p *parser) here(name string) string {
	if p.prefix == "" {
		return name
	}
	rel, err := filepath.Rel(filepath.FromSlash(p.prefix), filepath.FromSlash(name))
	if err != nil {
		return name
	}
	return filepath.ToSlash(rel)
}
