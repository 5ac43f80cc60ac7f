package config

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/rules"
)

var update = flag.Bool("update", false, "write the schema's section patch anew")

// uncomment switches on every setting of the template.
func uncomment(s string) string {
	return regexp.MustCompile(`(?m)^#(\s*[a-z-]+:|\s+[A-Z]|\s*- |\s+#)`).ReplaceAllStringFunc(s, func(l string) string {
		if regexp.MustCompile(`^# [A-Za-z]`).MatchString(l) {
			return l // prose
		}
		return l[1:]
	})
}

func TestTemplate(t *testing.T) {
	c, err := parse([]byte(Template()))
	if err != nil {
		t.Fatalf("as written:%v", err)
	}
	if diff := cmp.Diff(&Config{}, c); diff != "" {
		t.Errorf("the template changes something:\n%s", diff)
	}
	c, err = parse([]byte(uncomment(Template())))
	if err != nil {
		t.Fatalf("switched on:%v\n%s", err, uncomment(Template()))
	}
	v := reflect.ValueOf(*c)
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Name != "File" && v.Field(i).IsZero() {
			t.Errorf("the template lacks %s", f.Name)
		}
	}
	p := reflect.ValueOf(c.Patch)
	for i, key := range PatchKeys() {
		if p.Field(i).IsZero() {
			t.Errorf("the template lacks patch.%s", key)
		}
		if PatchSettings[key].Usage == "" {
			t.Errorf("patch.%s has no row in PatchSettings", key)
		}
	}
}

func TestParse(t *testing.T) {
	c, err := parse([]byte(`
platform: darwin
exclude: [third_party/, "*_test.c"]
rules: {KA004: error, KA001: "off"}
wrappers:
  creates: [{name: tcp_open, args: [AF_INET, SOCK_STREAM]}]
  enables: [{name: set_opts, fd: 1}]
patch: {idle: 60}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Platform: "darwin", Exclude: []string{"third_party/", "*_test.c"}, Rules: map[string]string{"KA004": "error", "KA001": "off"},
		Wrappers: Wrappers{[]Creates{{"tcp_open", []string{"AF_INET", "SOCK_STREAM"}}}, []Enables{{"set_opts", 1}}},
		Patch:    Patch{Idle: 60},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
	w := detect.Wrappers{Creates: []detect.Wrapper{{Name: "tcp_open", Args: []string{"AF_INET", "SOCK_STREAM"}}},
		Enables: []detect.Wrapper{{Name: "set_opts", FD: 1}}}
	if diff := cmp.Diff(w, c.Wrappers.Detect()); diff != "" {
		t.Error(diff)
	}
}

// badConfigs are files that are refused, with the beginnings of the errors.
var badConfigs = map[string]string{
	"platfrom: linux":                          `1: unknown key "platfrom": use platform, exclude, rules, strict, tests, baseline, wrappers, patch`,
	"exclude:\n  - a\nstrict: maybe":           "3: strict: give true or false",
	"exclude: 5":                               "1: exclude: give a list",
	"exclude: third_party":                     "1: exclude: give a list",
	"strict: true\n bad":                       "1: strict: give true or false",
	"patch:\n  idle: soon":                     "2: idle: give a whole number",
	"patch:\n  write: true":                    `2: unknown key "write": use idle, interval, count, user-timeout, listeners, on-error, style, helper-file, switch, `,
	"patch: 5":                                 "1: patch: give keys with values",
	"rules: KA001":                             "1: rules: give keys with values",
	"platform: [linux]":                        "1: platform: give a text",
	"wrappers:\n  enables:\n    name: a":       "3: ",
	"rules: {KA999: error}":                    `1: rules: unknown rule "KA999" (keepatch explain lists the rules)`,
	"rules:\n\tKA004: note":                    "2: a tab stands where YAML takes blanks only: indent with blanks",
	"rules: {KA004: fatal}":                    `1: rules: KA004: unknown severity "fatal": use error, warning, note or off`,
	"exclude: ['[']":                           `1: exclude: "[" is no pattern`,
	"wrappers: {creates: [{name: 'a b'}]}":     `1: wrappers: creates: entry 1: "a b" is no C name`,
	"wrappers: {enables: [{name: a, fd: -1}]}": "1: wrappers: enables: a: fd -1: arguments count from 0",
	"wrappers: {creates: [{name: a, args: [a, b, c, d]}]}": "1: wrappers: creates: a: args are domain, type and protocol, no more",
	"patch: {idle: 40000}":                                 "1: patch: idle: 40000 is not in 1..32767",
	"patch: {count: -1}":                                   "1: patch: count: -1 is not in 1..127",
	"patch: {style: fancy}":                                `1: patch: style: "fancy" is not one of auto, inline, helper`,
	"patch: {user-timeout: -1}":                            "1: patch: user-timeout: -1 is not in 1..2147483647",
	"patch: {switch: yes-please}":                          `1: patch: switch: "yes-please" is not one of option, config, both, auto, env`,
	"# x\npatch:\n  idle: 5\n  user-timeout: -1\n":         "4: patch: user-timeout: -1 is not in 1..2147483647",
	"exclude:\n  - a\n  - '['\n":                           `3: exclude: "[" is no pattern`,
	"wrappers:\n  enables:\n    - name: a\n      fd: -1\n": "4: wrappers: enables: a: fd -1: arguments count from 0",
	"a: [":     "1: ",
	"\xff\xfe": "",
}

func TestParseErrors(t *testing.T) {
	for in, want := range badConfigs {
		_, err := parse([]byte(in))
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got %v, want one line that starts %q", in, err, want)
		}
	}
}

// The settings of the patch are spelled as on a command line, files as seen from
// the working directory.
func TestPatchOptions(t *testing.T) {
	c := &Config{File: "../up/.keepatch.yaml", Patch: Patch{Idle: 60, Style: "helper", HelperFile: "net.c", Verify: true,
		SwitchMain: "a.c,b/c.c", Template: "/etc/x.tmpl"}}
	want := map[string]string{"idle": "60", "style": "helper", "helper-file": filepath.Join("..", "up", "net.c"), "verify": "true",
		"switch-main": filepath.Join("..", "up", "a.c") + "," + filepath.Join("..", "up", "b", "c.c"), "template": "/etc/x.tmpl"}
	if diff := cmp.Diff(want, c.PatchOptions()); diff != "" {
		t.Error(diff)
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "repo", "a", "b")
	if err := os.MkdirAll(deep, 0o777); err != nil {
		t.Fatal(err)
	}
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(root, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(Name)
	if got := Find(deep); got != filepath.Join(root, Name) {
		t.Errorf("got %q", got)
	}
	write("repo/.git")
	if got := Find(deep); got != "" {
		t.Errorf("left the repository: %q", got)
	}
	write("repo/" + Name)
	if got := Find(deep); got != filepath.Join(root, "repo", Name) {
		t.Errorf("got %q", got)
	}
}

// The schema that editors use names the same keys and words as the code.
func TestSchema(t *testing.T) {
	data, err := os.ReadFile("../../docs/keepatch.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type node struct {
		Properties map[string]*node `json:"properties"`
		Items      *node            `json:"items"`
		Additional json.RawMessage  `json:"additionalProperties"`
	}
	var schema node
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	var compare func(path string, typ reflect.Type, n *node)
	compare = func(path string, typ reflect.Type, n *node) {
		var keys []string
		for i := range typ.NumField() {
			key := typ.Field(i).Tag.Get("yaml")
			if key == "-" {
				continue
			}
			keys = append(keys, key)
			sub := n.Properties[key]
			if sub == nil {
				t.Errorf("the schema lacks %s%s", path, key)
				continue
			}
			ft := typ.Field(i).Type
			if ft.Kind() == reflect.Slice && ft.Elem().Kind() == reflect.Struct {
				ft, sub = ft.Elem(), sub.Items
			}
			if ft.Kind() == reflect.Struct {
				compare(path+key+".", ft, sub)
			}
		}
		for key := range n.Properties {
			if !slices.Contains(keys, key) {
				t.Errorf("the schema has %s%s, the code does not", path, key)
			}
		}
		if string(n.Additional) != "false" {
			t.Errorf("%s takes unknown keys", path)
		}
	}
	compare("", reflect.TypeFor[Config](), &schema)
}

// schemaOf is the schema of the section patch.
func schemaOf() string {
	var b strings.Builder
	b.WriteString("{")
	for i, key := range PatchKeys() {
		n := struct {
			Type        string   `json:"type"`
			Minimum     int      `json:"minimum,omitempty"`
			Maximum     int      `json:"maximum,omitempty"`
			Enum        []string `json:"enum,omitempty"`
			Pattern     string   `json:"pattern,omitempty"`
			Description string   `json:"description"`
		}{Type: "string", Enum: PatchWords[key]}
		switch PatchKind(key) {
		case reflect.Int:
			n.Type, n.Minimum, n.Maximum = "integer", 1, knowledge.SettingMax[key]
		case reflect.Bool:
			n.Type = "boolean"
		}
		if key == "switch-short" {
			n.Pattern = "^[A-Za-z0-9]$"
		}
		n.Description = sentence(key)
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		enc.SetIndent("        ", "  ")
		if err := enc.Encode(n); err != nil {
			panic(err)
		}
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n        %q: %s", key, strings.TrimRight(text.String(), "\n"))
	}
	return b.String() + "\n      }"
}

// schemaOfRules is the schema of the section rules.
func schemaOfRules() string {
	var list []string
	for i := range rules.All {
		r := &rules.All[i]
		list = append(list, fmt.Sprintf("\n        %q: {\n          \"allOf\": [\n            {\n              \"$ref\": \"#/$defs/severity\"\n"+
			"            }\n          ],\n          \"description\": %q\n        }", r.ID, r.Title+"."))
	}
	return "{" + strings.Join(list, ",") + "\n      }"
}

// The schema's sections patch and rules are made of the settings and of the rules: -update writes
// them anew.
func TestSchemaSections(t *testing.T) {
	const name = "../../docs/keepatch.schema.json"
	for section, want := range map[string]string{"patch": schemaOf(), "rules": schemaOfRules()} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		at := regexp.MustCompile(`(?s)"` + section + `": \{.*?"properties": (\{.*?\n      \})`).FindSubmatchIndex(data)
		if at == nil {
			t.Fatal("no section " + section)
		}
		if string(data[at[2]:at[3]]) == want {
			continue
		}
		if !*update {
			t.Fatalf("docs/keepatch.schema.json, section %s, is not up to date: go test ./detect/config -update", section)
		}
		if err := os.WriteFile(name, append(append(data[:at[2]:at[2]], want...), data[at[3]:]...), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// The schema and the code refuse the same files, but for what no schema can say: that a
// pattern cannot be read.
func TestSchemaRefuses(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../docs/keepatch.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	refuses := func(text string) bool {
		var v any
		if err := yaml.Unmarshal([]byte(text), &v); err != nil {
			return true
		}
		return schema.Validate(v) != nil
	}
	for text := range badConfigs {
		if !refuses(text) && !strings.Contains(text, "'['") {
			t.Errorf("the schema takes %q", text)
		}
	}
	for _, text := range []string{"", Template(), uncomment(Template()), "patch: {idle: 60}"} {
		if refuses(text) {
			t.Errorf("the schema refuses %q", text)
		}
	}
}
