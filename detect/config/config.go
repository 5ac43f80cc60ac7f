// Package config reads .keepatch.yaml, in which a project says what keepatch
// cannot know: its own socket wrappers, which rules it wants, which folders are
// not its own, and how its patches shall look.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/knowledge"
)

// Name is the configuration file's name.
const Name = ".keepatch.yaml"

// Config is the content of a configuration file. The zero Config is what holds
// without one.
type Config struct {
	File string `yaml:"-"` // where it was read from, "" without a file

	Platform string            `yaml:"platform"`
	Exclude  []string          `yaml:"exclude"`
	Rules    map[string]string `yaml:"rules"` // severity by rule
	Strict   bool              `yaml:"strict"`
	Tests    *bool             `yaml:"tests"`    // false leaves out sites in tests, examples and vendored copies
	Baseline string            `yaml:"baseline"` // relative to the file's folder
	Wrappers Wrappers          `yaml:"wrappers"`
	Patch    Patch             `yaml:"patch"`
}

// Wrappers describe functions of the project that keepatch cannot look into.
type Wrappers struct {
	Creates []Creates `yaml:"creates"`
	Enables []Enables `yaml:"enables"`
}

// Creates is a function that makes a socket.
type Creates struct {
	Name string   `yaml:"name"`
	Args []string `yaml:"args"` // domain, type and protocol in C, as far as known
}

// Enables is a function that turns keepalive on.
type Enables struct {
	Name string `yaml:"name"`
	FD   int    `yaml:"fd"` // index of the argument that is the descriptor, from 0
}

// Patch are defaults for the options of apply, under their names; zero values
// leave apply's own. Names of files are relative to the configuration file's
// folder.
type Patch struct {
	Idle          int    `yaml:"idle"`     // seconds
	Interval      int    `yaml:"interval"` // seconds
	Count         int    `yaml:"count"`
	UserTimeout   int    `yaml:"user-timeout"` // milliseconds
	Listeners     string `yaml:"listeners"`
	OnError       string `yaml:"on-error"`
	Style         string `yaml:"style"`
	HelperFile    string `yaml:"helper-file" file:"one"`
	Switch        string `yaml:"switch"`
	SwitchShort   string `yaml:"switch-short"`
	SwitchLong    string `yaml:"switch-long"`
	SwitchMain    string `yaml:"switch-main" file:"list"`
	SwitchDefault string `yaml:"switch-default"`
	Template      string `yaml:"template" file:"one"`
	Format        string `yaml:"format"`
	Verify        bool   `yaml:"verify"`
	CC            string `yaml:"cc"`
	Build         string `yaml:"build"`
}

// PatchWords are the values that some settings of Patch take, the default first.
var PatchWords = map[string][]string{
	"listeners":      {"auto", "all", "none"},
	"on-error":       {"match", "warn", "ignore"},
	"style":          {"auto", "inline", "helper"},
	"format":         {"diff", "git", "quilt"},
	"switch":         {"option", "config", "both", "auto", "env"},
	"switch-default": {"off", "on"},
}

// Setting is what is said of a setting of Patch.
type Setting struct {
	Usage   string // by the help of apply, the JSON schema and keepatch init; the value's name in backquotes
	Example string
}

// PatchSettings are the settings of Patch.
var PatchSettings = map[string]Setting{
	"idle":           {"wait `SECONDS` before the first probe (by default the system's time: on Linux 7200)", fmt.Sprint(knowledge.SuggestedIdle)},
	"interval":       {"wait `SECONDS` between probes (on Linux 75)", fmt.Sprint(knowledge.SuggestedInterval)},
	"count":          {"close the connection after `N` unanswered probes (on Linux 9)", fmt.Sprint(knowledge.SuggestedCount)},
	"user-timeout":   {"set TCP_USER_TIMEOUT to `MS` milliseconds as well", "120000"},
	"listeners":      {"patch listeners: `WHICH` is auto (if accept() can't be), all or none", "auto"},
	"on-error":       {"if setsockopt() fails, `DO` match (as the code around), warn or ignore", "match"},
	"style":          {"insert `WHAT`: inline (a block per socket), helper (a function per file), auto", "auto"},
	"helper-file":    {"with --style helper: put one function for all files into `FILE`", "src/net.c"},
	"switch":         {"let the user choose: `HOW` is option, config, both, env, auto (what works)", "option"},
	"switch-short":   {"name the option -`LETTER` (default: k, or K if k is taken)", "k"},
	"switch-long":    {"name the option --`NAME` (default: tcp-keepalive)", "tcp-keepalive"},
	"switch-main":    {"add the option only to programs whose main() is in `FILE`[,FILE...]", "src/main.c"},
	"switch-default": {"keepalive is `STATE` unless the user chooses: off or on", "off"},
	"template":       {"insert the text/template in `FILE`", "keepalive.tmpl"},
	"format":         {"print as `FORMAT`: diff, git (a mail for git am) or quilt (for debian/patches)", "diff"},
	"verify":         {"compile every file before and after; drop changes that add an error or a warning", "true"},
	"cc":             {"let --verify run `COMMAND` (default: from compile_commands.json, else cc)", "gcc"},
	"build":          {"let --verify also run `COMMAND` in copies of the working directory, before and after", "make -j4"},
}

// PatchKeys are the names of the settings of Patch, in order.
func PatchKeys() (keys []string) {
	(&Patch{}).each(func(key string, _ reflect.StructField, _ reflect.Value) { keys = append(keys, key) })
	return keys
}

// PatchKind is what a setting of Patch takes: a text, a number, or yes and no.
func PatchKind(key string) (kind reflect.Kind) {
	(&Patch{}).each(func(k string, f reflect.StructField, _ reflect.Value) {
		if k == key {
			kind = f.Type.Kind()
		}
	})
	return kind
}

// each calls f with the settings of Patch in their order.
func (p *Patch) each(f func(key string, field reflect.StructField, v reflect.Value)) {
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		f(field.Tag.Get("yaml"), field, v.Field(i))
	}
}

// PatchOptions returns the settings of the patch by the name of apply's option, as
// a command line would spell the values, without those that are not there. Names
// of files are as seen from the working directory.
func (c *Config) PatchOptions() map[string]string {
	set := map[string]string{}
	c.Patch.each(func(key string, field reflect.StructField, v reflect.Value) {
		if v.IsZero() {
			return
		}
		value := fmt.Sprint(v.Interface())
		switch field.Tag.Get("file") {
		case "one":
			value = c.Path(value)
		case "list":
			names := strings.Split(value, ",")
			for i, n := range names {
				names[i] = c.Path(n)
			}
			value = strings.Join(names, ",")
		}
		set[key] = value
	})
	return set
}

// Detect returns the wrappers in the analysis's own type.
func (w Wrappers) Detect() detect.Wrappers {
	var out detect.Wrappers
	for _, c := range w.Creates {
		out.Creates = append(out.Creates, detect.Wrapper{Name: c.Name, Args: c.Args})
	}
	for _, e := range w.Enables {
		out.Enables = append(out.Enables, detect.Wrapper{Name: e.Name, FD: e.FD})
	}
	return out
}

// Path returns name as seen from the working directory, when it was given
// relative to the configuration file.
func (c *Config) Path(name string) string {
	if name == "" || filepath.IsAbs(name) || c.File == "" {
		return name
	}
	return filepath.Join(filepath.Dir(c.File), name)
}

// Place is where a setting stands and what its keys are, to begin an error with:
// ".keepatch.yaml:3: patch: idle".
func (c *Config) Place(keys ...string) string {
	f := &fault{}
	for _, k := range keys {
		f.at = append(f.at, k)
	}
	where := filepath.ToSlash(c.File)
	if data, err := os.ReadFile(c.File); err == nil {
		if line := f.line(data); line > 0 {
			where = fmt.Sprintf("%s:%d", where, line)
		}
	}
	return where + ": " + strings.Join(keys, ": ")
}

// Here returns the working directory as seen from the configuration file's
// folder, with slashes: "." when they are the same.
func (c *Config) Here() string {
	if c.File == "" {
		return "."
	}
	dir, err := filepath.Abs(filepath.Dir(c.File))
	if err != nil {
		return "."
	}
	cwd, err := os.Getwd()
	if err != nil {
		return "."
	}
	rel, err := filepath.Rel(dir, cwd)
	if err != nil || !filepath.IsLocal(rel) {
		return "."
	}
	return filepath.ToSlash(rel)
}

// Find returns the configuration file of dir: the one in it or in the nearest
// folder above, up to the root of the repository. It returns "" when there is
// none.
func Find(dir string) string {
	for {
		name := filepath.Join(dir, Name)
		if st, err := os.Stat(name); err == nil && st.Mode().IsRegular() {
			return name
		}
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return ""
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// Load reads a configuration file. Errors name the file, the line and what is
// wrong; an unknown key is an error, as a misspelt one would be passed over.
func Load(name string) (*Config, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return nil, fmt.Errorf("%s: %v", filepath.ToSlash(name), err)
	}
	c, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s:%v", filepath.ToSlash(name), err)
	}
	c.File = name
	return c, nil
}

// parse reads the file's text; its errors start with "LINE: " or a blank.
func parse(data []byte) (*Config, error) {
	c := &Config{}
	err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(c)
	switch {
	case errors.Is(err, io.EOF): // nothing but comments
		return c, nil
	case err != nil:
		return nil, yamlError(err)
	}
	if f := c.check(); f != nil {
		if line := f.line(data); line > 0 {
			return nil, fmt.Errorf("%d: %s", line, f.msg)
		}
		return nil, fmt.Errorf(" %s", f.msg)
	}
	return c, nil
}

// yamlError makes one line of the library's picture of the place.
func yamlError(err error) error {
	var ye yaml.Error
	if !errors.As(err, &ye) {
		return fmt.Errorf(" %s", firstLine(err.Error()))
	}
	line := 0
	if t := ye.GetToken(); t != nil && t.Position != nil {
		line = t.Position.Line
	}
	if line == 0 {
		return fmt.Errorf(" %s", firstLine(ye.GetMessage()))
	}
	return fmt.Errorf("%d: %s", line, plainly(ye))
}

// plainly says what is wrong without the words of the library and of Go.
func plainly(ye yaml.Error) string {
	switch e := ye.(type) {
	case *yaml.UnknownFieldError:
		return strings.Replace(firstLine(e.Message), "unknown field", "unknown key", 1) + otherKeys(e.Token)
	case *yaml.TypeError:
		wants := "a text"
		switch e.DstType.Kind() {
		case reflect.Bool:
			wants = "true or false"
		case reflect.Int:
			wants = "a whole number"
		case reflect.Slice:
			wants = "a list"
		case reflect.Map, reflect.Struct:
			wants = "keys with values"
		}
		return keyOf(e.Token) + "give " + wants
	case *yaml.UnexpectedNodeTypeError:
		switch e.Expected {
		case ast.SequenceType:
			return keyOf(e.Token) + "give a list"
		case ast.MappingType:
			return keyOf(e.Token) + "give keys with values"
		}
	}
	msg := firstLine(ye.GetMessage())
	if strings.Contains(msg, "found character '\t'") {
		return "a tab stands where YAML takes blanks only: indent with blanks"
	}
	return msg
}

// otherKeys lists the keys that there are in the place of an unknown one, of the file and of patch.
func otherKeys(t *token.Token) string {
	var keys []string
	top := t
	for top.Prev != nil && top.Position.Column > 1 {
		top = top.Prev
	}
	switch {
	case top == t:
		for f := range reflect.TypeFor[Config]().Fields() {
			if key := f.Tag.Get("yaml"); key != "-" {
				keys = append(keys, key)
			}
		}
	case top.Value == "patch":
		keys = PatchKeys()
	default:
		return ""
	}
	return ": use " + strings.Join(keys, ", ")
}

// keyOf is the key whose value begins at a token, with a colon.
func keyOf(t *token.Token) string {
	if t.Prev != nil && t.Prev.Type == token.MappingValueType && t.Prev.Prev != nil {
		return t.Prev.Prev.Value + ": "
	}
	return ""
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
