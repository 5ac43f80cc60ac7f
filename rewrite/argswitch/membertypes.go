package argswitch

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
)

// A keyword's reader may get the address of the variable; then the members have the type
// that it stores, which all files with the variable have to know.

// memberTypes are the types of the variable's members.
type memberTypes struct {
	on, number string
	fixed      bool // by a reader
}

// setMemberTypes records the types that a keyword's reader stores. Programs that share the
// variable must agree.
func (j *extension) setMemberTypes(p *keyword.Patch) error {
	want := memberTypes{on: p.OnType, number: p.NumberType, fixed: true}
	if j.types.fixed && j.types != want {
		return fmt.Errorf("%s: the keyword would be a %s, which it is not in another program with these sockets",
			p.File.Path, want.onType())
	}
	j.types = want
	return nil
}

func (k memberTypes) onType() string {
	if k.on == "" {
		return "int"
	}
	return k.on
}

// members are those of the variable's struct, as a file spells them: _Bool is what bool of
// <stdbool.h> stands for.
func (j *extension) members(f *parse.File) string {
	k := j.types
	if k.on == "bool" && !j.knowsType(f, "bool", map[*parse.File]bool{}) {
		k.on = "_Bool"
	}
	number := k.number
	if number == "" {
		number = "int"
	}
	if k.onType() == number {
		return "{ " + number + " on, idle, interval, count; }"
	}
	return "{ " + k.onType() + " on; " + number + " idle, interval, count; }"
}

var (
	plainType = text.NewPattern(`^(_Bool|((un)?signed )?(char|short|int|long)|unsigned|signed|long long|unsigned long long)$`)
	sizedType = text.NewPattern(`^u?int(8|16|32|64)_t$`)
	ofGLib    = text.NewPattern(`<(glib|gio|gtk|gmodule|libsoup)`)
)

// needsType says why a file cannot have the variable: it does not know a type. A bool of the
// program's own is not that of the language.
func (j *extension) needsType(f *parse.File) error {
	for _, t := range []string{j.types.onType(), j.types.number} {
		if t == "" || plainType.MatchString(t) || j.knowsType(f, t, map[*parse.File]bool{}) || t == "bool" && !j.definesBool() {
			continue
		}
		return fmt.Errorf("%s: it does not know the type %s, which the keyword's reader stores", f.Path, t)
	}
	return nil
}

func (j *extension) definesBool() bool {
	for _, f := range j.Tree.Files {
		for _, d := range f.Decls() {
			if d.Typedef && d.Name == "bool" {
				return true
			}
		}
	}
	return false
}

// knowsType reports whether a file or a header that it includes declares a type.
func (j *extension) knowsType(f *parse.File, t string, seen map[*parse.File]bool) bool {
	if seen[f] {
		return false
	}
	seen[f] = true
	for _, d := range f.Dirs {
		switch {
		case d.Name == "include" && (t == "bool" && strings.Contains(d.Text, "<stdbool.h>") ||
			t == "gboolean" && ofGLib.MatchString(d.Text) ||
			sizedType.MatchString(t) && (strings.Contains(d.Text, "<stdint.h>") || strings.Contains(d.Text, "<inttypes.h>"))):
			return true
		case d.Name == "define" && strings.HasPrefix(strings.TrimSpace(d.Text), t+" "):
			return true
		}
	}
	for _, d := range f.Decls() {
		if d.Typedef && d.Name == t {
			return true
		}
	}
	for _, h := range j.Tree.Headers(f) {
		if j.knowsType(h, t, seen) {
			return true
		}
	}
	return false
}
