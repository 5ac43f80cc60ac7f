package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite"
)

// shownLines is how much is shown of a build that fails.
const shownLines = 10

// maxBuilds bounds how often the patched tree is built again.
const maxBuilds = 4

// Build runs a command that builds the tree, in copies of the working
// directory: as it is, and patched. The fixes that an error, a new warning or a
// symbol without a definition leads to are dropped, until what is left builds.
//
// In a tree that is built already, the files that the patch changes are compiled again in
// both copies; else their old warnings would be new ones.
func Build(ctx context.Context, plan *rewrite.Plan, command string, tell Note) error {
	if len(plan.Files) == 0 {
		return nil
	}
	var old []*rewrite.File
	for i, f := range plan.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Path)) {
			return fmt.Errorf("--build: %s lies outside the working directory, which is what is built", f.Path)
		}
		old = append(old, &rewrite.File{Path: f.Path, New: marked(f, i)})
	}
	before, ok, err := buildCopy(ctx, old, command)
	if err != nil {
		return fmt.Errorf("--build: %w", err)
	}
	if !ok {
		for _, l := range lastLines(before, shownLines) {
			tell("  %s", l)
		}
		return fmt.Errorf("--build: %s fails in a copy of the tree as it is, without the patch: nothing was verified by it", command)
	}
	planned, list := patched(plan, nil), notCompiled(plan.Files, before)
	defer func() {
		tell("--build: %q ran before and after the patch: %s", command,
			counts(plan, planned, false, func(path string) bool { return !ok || slices.Contains(list, path) }))
	}()
	if len(list) > 0 {
		tell("--build: nothing that %s prints shows that it compiles %s: what it would say of the patch there is not known",
			command, someOf(list))
	}
	for range maxBuilds {
		var after []byte
		if after, ok, err = buildCopy(ctx, plan.Files, command); err != nil {
			ok = false
			return fmt.Errorf("--build: %w", err)
		}
		guilty := blame(plan, before, after, ok)
		if len(guilty) == 0 {
			return nil
		}
		for fix, why := range guilty {
			fix.Drop("dropped by --build: " + why)
		}
		if err := plan.Rebuild(); err != nil {
			return err
		}
		if len(plan.Files) == 0 {
			return nil
		}
	}
	ok = false
	tell("--build: the patch still does not build after %d rounds", maxBuilds)
	return nil
}

// mark is what a compiler says of the i-th file.
func mark(i int) string { return fmt.Sprintf("keepatch: file %d is compiled", i) }

// marked is a file as it was, with something after it that compilers repeat and no warning
// option turns into an error. So it has changed for what builds by contents, too.
func marked(f *rewrite.File, i int) []byte {
	text := append(bytes.Clone(f.Src), '\n')
	if filepath.Ext(f.Path) == ".c" {
		text = append(text, "#pragma message \""+mark(i)+"\"\n"...)
	}
	return text
}

// notCompiled lists the sources of whose mark a log says nothing.
func notCompiled(files []*rewrite.File, log []byte) (list []string) {
	for i, f := range files {
		if filepath.Ext(f.Path) == ".c" && !bytes.Contains(log, []byte(mark(i))) {
			list = append(list, f.Path)
		}
	}
	return list
}

// someOf names the first of a list.
func someOf(list []string) string {
	const named = 5
	if len(list) > named {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:named], ", "), len(list)-named)
	}
	return strings.Join(list, ", ")
}

// buildCopy builds a copy of the working directory with some files changed.
func buildCopy(ctx context.Context, files []*rewrite.File, command string) (log []byte, ok bool, err error) {
	dir, err := os.MkdirTemp("", "keepatch-build-")
	if err != nil {
		return nil, false, err
	}
	defer os.RemoveAll(dir)
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, false, err
	}
	if err := copyTree(".", dir); err != nil {
		return nil, false, err
	}
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		st, err := os.Stat(name)
		if err != nil {
			return nil, false, err
		}
		if err := os.WriteFile(name, f.New, st.Mode()); err != nil {
			return nil, false, err
		}
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "LC_ALL=C", "PWD="+dir)
	log, err = cmd.CombinedOutput()
	log = bytes.ReplaceAll(log, []byte(dir+string(filepath.Separator)), nil)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return log, false, ctx.Err()
	}
	return log, err == nil, err
}

var (
	diagnostic = text.NewPattern(`^(?:\S*/)?([\w.+-]+\.[ch]):\d+(?::\d+)?: (?:fatal )?(error|warning): (.*)$`)
	unlinked   = text.NewPattern("(?:undefined reference to|multiple definition of|undefined " +
		"symbol:?|duplicate symbol:?) [`'‘\"]?(\\w+)")
)

// blame finds the fixes that a log names: those of a file with a new
// diagnostic, and those with a symbol that the linker complains of; all where
// the build fails and the log names none.
func blame(plan *rewrite.Plan, before, after []byte, ok bool) map[*rewrite.Fix]string {
	old := map[string]int{}
	for _, l := range strings.Split(string(before), "\n") {
		if m := diagnostic.FindStringSubmatch(strings.TrimSpace(l)); m != nil {
			old[m[1]+" "+m[3]]++
		}
	}
	out := map[*rewrite.Fix]string{}
	add := func(why string, guilty func(rewrite.FileEdits) bool) {
		for _, fix := range plan.Fixes {
			if fix.Status != result.FixPatch || out[fix] != "" {
				continue
			}
			for _, fe := range fix.Files {
				if guilty(fe) {
					out[fix] = why
					break
				}
			}
		}
	}
	for _, l := range strings.Split(string(after), "\n") {
		l = strings.TrimSpace(l)
		if m := diagnostic.FindStringSubmatch(l); m != nil {
			key := m[1] + " " + m[3]
			if old[key]--; old[key] < 0 && (m[2] == "warning" || !ok) {
				add(l, func(fe rewrite.FileEdits) bool { return filepath.Base(fe.Path) == m[1] })
			}
		}
		if m := unlinked.FindStringSubmatch(l); m != nil && !ok {
			add(l, func(fe rewrite.FileEdits) bool {
				for _, e := range fe.Edits {
					if strings.Contains(e.New, m[1]) {
						return true
					}
				}
				return false
			})
		}
	}
	if !ok && len(out) == 0 {
		add("the build fails: "+lastLine(after), func(rewrite.FileEdits) bool { return true })
	}
	return out
}

func lastLine(log []byte) string {
	return strings.TrimSpace(lastLines(log, 1)[0])
}

// lastLines are the last n lines of a log, one at least.
func lastLines(log []byte, n int) []string {
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(log), "\r\n", "\n")), "\n")
	if lines[0] == "" {
		return []string{"(it prints nothing)"}
	}
	return lines[max(len(lines)-n, 0):]
}
