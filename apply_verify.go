package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/rewrite"
)

// compiler runs the user's C compiler over texts that are not on disk.
type compiler struct {
	command  []string
	database map[string]compileEntry
}

type compileEntry struct {
	dir  string
	args []string
}

// maxVerify bounds how often what is left of the fixes is compiled again.
const maxVerify = 4

// verify compiles every patched file before and after, drops the fixes that
// add an error or a warning, and says so. A file that does not compile as it
// is cannot be judged; that is said, too.
func (e *env) verify(plan *rewrite.Plan, cc string, tm rewrite.Timers) {
	c, err := newCompiler(cc)
	if err != nil {
		e.complain("--verify: %v", err)
		return
	}
	if _, err := exec.LookPath(c.command[0]); err != nil {
		e.complain("--verify: no compiler %q: %v", c.command[0], err)
		return
	}
	judged := map[string]string{} // texts by path
	for range maxVerify {
		changed := false
		for _, f := range plan.Files {
			if ext := filepath.Ext(f.Path); ext != ".c" && ext != ".h" {
				continue // a manual
			}
			if judged[f.Path] == string(f.New) {
				continue
			}
			judged[f.Path] = string(f.New)
			changed = e.verifyFile(c, f, variants(tm)) || changed
		}
		if !changed {
			return
		}
		// A fix may change several files: what is left is compiled once more.
		if err := plan.Rebuild(); err != nil {
			e.complain("%v", err)
		}
	}
}

// verifyFile compiles one file, and reports whether it dropped a fix.
func (e *env) verifyFile(c *compiler, f *rewrite.File, list []variant) bool {
	var bases []int
	var able []variant
	for _, v := range list {
		n, ok := c.compile(f.Path, f.Src, v.prelude)
		if !ok && v.prelude == "" {
			e.note("%s: not verified: it does not compile before the patch either (configure the sources first, or give --cc with its options)", f.Path)
			return false
		}
		if ok {
			bases, able = append(bases, n), append(able, v)
		}
	}
	fault := func(text []byte) string {
		for i, v := range able {
			n, ok := c.compile(f.Path, text, v.prelude)
			if !ok || n > bases[i] || v.survives != "" && !c.survives(f, text, v) {
				return v.fault(ok, n > bases[i])
			}
		}
		return ""
	}
	if fault(f.New) == "" {
		return false
	}
	// The fixes join one by one; the one that brings the fault is left out.
	var kept []*rewrite.Fix
	dropped := false
	for _, fix := range f.Fixes {
		if fix.Status != detect.FixPatch {
			continue
		}
		with := append(kept[:len(kept):len(kept)], fix)
		text, err := f.With(with)
		why := ""
		if err != nil {
			why = err.Error()
		} else if why = fault(text); why != "" {
			why = "with it the file " + why
		}
		if why != "" {
			fix.Drop("dropped by --verify: " + why)
			dropped = true
			continue
		}
		kept = with
	}
	return dropped
}

// variant is a system that the patch must compile for.
type variant struct {
	name     string
	prelude  string // put behind the file's includes
	survives string // what must be left of the timers after preprocessing
}

func (v variant) fault(compiles, warns bool) string {
	switch {
	case !compiles:
		return "does not compile" + v.name
	case warns:
		return "gives a new warning" + v.name
	}
	return "loses the timers" + v.name
}

// variants are this system and, with timers, one that has none of their
// constants (OpenBSD) and one with Apple's spelling.
func variants(tm rewrite.Timers) []variant {
	list := []variant{{}}
	if !tm.Any() {
		return list
	}
	const none = "#undef TCP_KEEPIDLE\n#undef TCP_KEEPINTVL\n#undef TCP_KEEPCNT\n#undef TCP_USER_TIMEOUT\n"
	list = append(list, variant{" where the timers' constants are not defined", none, ""})
	if tm.Idle > 0 {
		list[0].survives = fmt.Sprintf("= %d;", tm.Idle)
		list = append(list, variant{" with Apple's TCP_KEEPALIVE", none + "#undef TCP_KEEPALIVE\n#define TCP_KEEPALIVE 0x10\n#define __APPLE__ 1\n", fmt.Sprintf("= %d;", tm.Idle)})
	}
	return list
}

func newCompiler(cc string) (*compiler, error) {
	command, err := shellWords(cc)
	if err != nil {
		return nil, fmt.Errorf("--cc: %w", err)
	}
	c := &compiler{command: command, database: map[string]compileEntry{}}
	if len(c.command) > 0 {
		return c, nil
	}
	c.command = []string{"cc"}
	for _, name := range []string{"compile_commands.json", "build/compile_commands.json"} {
		b, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		var rows []struct {
			Directory, File, Command string
			Arguments                []string
		}
		if json.Unmarshal(b, &rows) != nil {
			continue
		}
		for _, r := range rows {
			args := r.Arguments
			if len(args) == 0 {
				if args, err = shellWords(r.Command); err != nil {
					continue
				}
			}
			dir, err := filepath.Abs(r.Directory)
			if err != nil {
				continue
			}
			file := r.File
			if !filepath.IsAbs(file) {
				file = filepath.Join(dir, file)
			}
			if len(args) > 0 {
				c.database[filepath.Clean(file)] = compileEntry{dir, withoutOutput(args, r.File)}
			}
		}
		break
	}
	return c, nil
}

// shellWords splits a command into words as a POSIX shell does: single and
// double quotes, backslashes. Nothing is expanded.
func shellWords(s string) ([]string, error) {
	var words []string
	var word []byte
	open := false // a word has begun
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\n', '\r':
			if open {
				words, word, open = append(words, string(word)), nil, false
			}
		case '\\':
			if i++; i < len(s) && s[i] != '\n' {
				word, open = append(word, s[i]), true
			}
		case '\'':
			n := strings.IndexByte(s[i+1:], c)
			if n < 0 {
				return nil, fmt.Errorf("a quote is not closed: %s", s[i:])
			}
			word, open = append(word, s[i+1:i+1+n]...), true
			i += 1 + n
		case '"':
			n := quoted(s[i+1:])
			if n < 0 {
				return nil, fmt.Errorf("a quote is not closed: %s", s[i:])
			}
			word, open = append(word, unescape(s[i+1:i+1+n])...), true
			i += 1 + n
		default:
			word, open = append(word, c), true
		}
	}
	if open {
		words = append(words, string(word))
	}
	return words, nil
}

// quoted is the length of the text in front of the closing double quote, -1
// when there is none.
func quoted(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// unescape takes away the backslashes that mean something in double quotes.
func unescape(s string) []byte {
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("$`\"\\\n", s[i+1]) >= 0 {
			if i++; s[i] == '\n' {
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}

// withoutOutput leaves the options of a compile command that say how a file is
// read.
func withoutOutput(args []string, file string) []string {
	out := args[:1:1]
	for i := 1; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-o" || a == "-MF" || a == "-MT" || a == "-MQ":
			i++
		case a == "-c" || a == file || strings.HasPrefix(a, "-M") || strings.HasPrefix(a, "-o") || strings.HasPrefix(a, "-Wp,-M"):
		case strings.HasSuffix(a, ".c") && !strings.HasPrefix(a, "-") && args[i-1] != "-include":
		default:
			out = append(out, a)
		}
	}
	return out
}

var complaint = regexp.MustCompile(`(?m)^[^\n]*: (warning|error|fatal error): `)

// run gives a text to the compiler on its standard input.
func (c *compiler) run(path string, text []byte, prelude string, mode ...string) (out, errs []byte, ok bool) {
	if prelude != "" {
		text = afterIncludes(text, prelude)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, nil, false
	}
	args, dir := c.command, ""
	if entry, found := c.database[abs]; found {
		args, dir = entry.args, entry.dir
	} else {
		args = append(args[:len(args):len(args)], "-I.", "-I"+filepath.Dir(abs), "-DHAVE_CONFIG_H")
	}
	args = append(append(args[:len(args):len(args)], mode...), "-iquote", filepath.Dir(abs), "-Wall", "-Wextra", "-x", "c", "-")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Stdin = bytes.NewReader(text)
	var o, x bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &x
	err = cmd.Run()
	return o.Bytes(), x.Bytes(), err == nil
}

// compile returns how many complaints the compiler has.
func (c *compiler) compile(path string, text []byte, prelude string) (complaints int, ok bool) {
	_, errs, ok := c.run(path, text, prelude, "-fsyntax-only")
	return len(complaint.FindAll(errs, -1)), ok
}

// survives preprocesses the patched file and looks for the timers in it.
func (c *compiler) survives(f *rewrite.File, text []byte, v variant) bool {
	out, _, ok := c.run(f.Path, text, v.prelude, "-E")
	want := bytes.Count(text, []byte(v.survives))
	return ok && (want == 0 || bytes.Count(out, []byte(v.survives)) > bytes.Count(f.Src, []byte(v.survives)))
}

// afterIncludes puts text behind the last #include, which a directive that
// undefines macros of headers must follow.
func afterIncludes(src []byte, text string) []byte {
	at := 0
	depth := 0
	for off := 0; off < len(src); {
		end := bytes.IndexByte(src[off:], '\n')
		if end < 0 {
			break
		}
		end += off + 1
		l := bytes.TrimSpace(src[off:end])
		if rest, ok := bytes.CutPrefix(l, []byte("#")); ok {
			rest = bytes.TrimSpace(rest)
			switch {
			case bytes.HasPrefix(rest, []byte("if")):
				depth++
			case bytes.HasPrefix(rest, []byte("endif")):
				depth--
			case bytes.HasPrefix(rest, []byte("include")) && depth == 0:
				at = end
			}
		}
		off = end
	}
	return append(append(append([]byte(nil), src[:at]...), text...), src[at:]...)
}
