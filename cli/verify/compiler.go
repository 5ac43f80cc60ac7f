package verify

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/keepatch/keepatch/parse/builds"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite"
)

// compiler runs the user's C compiler over texts that are not on disk.
type compiler struct {
	command  []string
	given    string // --cc
	database *builds.Database
	build    bool            // follows, and compiles what this one cannot
	hints    map[string]bool // that were told
	// Files that do not compile for want of options, and folders with headers that they lack.
	unconfigured, dirs []string
}

func newCompiler(cc string) (*compiler, error) {
	command, err := builds.Words(cc)
	if err != nil {
		return nil, fmt.Errorf("--cc: %w", err)
	}
	c := &compiler{command: command, given: cc, database: builds.New(), hints: map[string]bool{}}
	if len(c.command) > 0 {
		return c, nil
	}
	c.command = []string{"cc"}
	for _, name := range builds.Names(".") {
		if _, err := os.Stat(name); err == nil {
			_, _ = c.database.Add(name) // the analysis has told its faults
			break
		}
	}
	return c, nil
}

// withoutOutput leaves the options of a compile command that say how a file is
// read.
func withoutOutput(args []string) []string {
	out := args[:1:1]
	for i := 1; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-o" || a == "-MF" || a == "-MT" || a == "-MQ":
			i++
		case a == "-c" || strings.HasPrefix(a, "-M") || strings.HasPrefix(a, "-o") || strings.HasPrefix(a, "-Wp,-M"):
		case strings.HasSuffix(a, ".c") && !strings.HasPrefix(a, "-") && args[i-1] != "-include":
		default:
			out = append(out, a)
		}
	}
	return out
}

var complaint = text.NewPattern(`(?m)^[^\n]*: (warning|error|fatal error): `)

// commandOf is how a file is compiled, and where: as the database says, else as is usual.
func (c *compiler) commandOf(path string) (args []string, dir string) {
	if list := c.database.Of(absolute(path)); len(list) > 0 && len(list[len(list)-1].Args) > 0 {
		entry := list[len(list)-1]
		return withoutOutput(entry.Args), entry.Dir
	}
	return append(c.command[:len(c.command):len(c.command)], "-I.", "-I"+filepath.Dir(absolute(path)), "-DHAVE_CONFIG_H"), ""
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// run gives a text to the compiler on its standard input.
func (c *compiler) run(path string, text []byte, prelude string, mode ...string) (out, errs []byte, ok bool) {
	if prelude != "" {
		text = afterIncludes(text, prelude)
	}
	args, dir := c.commandOf(path)
	args = append(append(args[:len(args):len(args)], mode...), "-iquote", filepath.Dir(absolute(path)), "-Wall", "-Wextra", "-x", "c", "-")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "LC_ALL=C")
	cmd.Stdin = bytes.NewReader(text)
	var o, x bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &x
	err := cmd.Run()
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

// afterIncludes puts text after the last #include, which a directive that
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
