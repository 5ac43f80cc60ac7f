package link

import (
	"strings"

	"github.com/keepatch/keepatch/parse/text"
)

var (
	shellValue = text.NewPattern(`(?m)^[^#\n]*?\b([A-Z][A-Z0-9_]*)="?([^"\n;]*)"?`)
	libObject  = text.NewPattern(`AC_LIBOBJ\(\[?([\w-]+)\]?\)|AC_REPLACE_FUNCS\(\[?([\w\s-]+)\]?\)`)
)

// configure collects the values that a configure script may substitute: the
// words of each assignment that name objects, sources or libraries.
func (r *reader) configure(name string) {
	src, err := r.read(name)
	if err != nil {
		return
	}
	for _, m := range shellValue.FindAllStringSubmatch(string(src), -1) {
		for _, w := range strings.Fields(m[2]) {
			if i := strings.LastIndexByte(w, '.'); i >= 0 {
				switch w[i:] {
				case ".o", ".lo", ".c", ".a", ".la":
					r.substitutions[m[1]] = append(r.substitutions[m[1]], w)
				}
			}
		}
	}
	for _, m := range libObject.FindAllStringSubmatch(string(src), -1) {
		for _, w := range strings.Fields(m[1] + " " + m[2]) {
			r.substitutions["LIBOBJS"] = append(r.substitutions["LIBOBJS"], w+".o")
		}
	}
}
