// Package constraint tells which code is compiled at all: for which platform a place is
// made, and whether a command of compile_commands.json takes the #if arms around it. They
// are to C what build constraints are to Go. Answers rest on directives, includes and
// names of files; none is asked twice of a file.
package constraint

import (
	"path"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// Constraints answers for one program. It is safe for concurrent use.
type Constraints struct {
	prog      *program.Program
	built     builtFiles
	platforms memo.Table[*program.File, string] // by the names of files
}

// New returns the constraints of a program.
func New(p *program.Program) *Constraints { return &Constraints{prog: p} }

// Platform returns the platform that a place is made for when it can never be built for
// ours, "" else: by its #if conditions, by headers that only another platform has, by who
// includes its header, or by the name of its file.
func (c *Constraints) Platform(u *program.File, off int) string {
	f := u.Tree()
	if pl := f.Foreign(off, c.prog.Opt.Platform); pl != "" {
		return pl
	}
	// Where the code itself says for which platforms it is, names say
	// nothing: an emulation of Winsock is built on Linux.
	if f.PlatformAware(off) {
		return ""
	}
	return c.platforms.Get(u, func() string { return platformOfFile(c.prog, u) })
}

// NeverBuilt reports whether no build for our platform compiles a place.
func (c *Constraints) NeverBuilt(u *program.File, off int) bool {
	return u.Tree().Dead(off) || c.Platform(u, off) != "" || c.Excluded(u, off) != nil
}

// platformOfFile is the platform that a file is for by its name. A file that
// includes headers which Windows lacks is not for Windows, whatever its name.
func platformOfFile(p *program.Program, u *program.File) string {
	if p.Opt.Platform != "linux" {
		return ""
	}
	pl := platformByName(p, u)
	if pl == "windows" && includesPOSIX(p, u.Tree()) {
		return ""
	}
	return pl
}

func includesPOSIX(p *program.Program, f *parse.File) bool {
	for _, d := range f.Dirs {
		if d.Name == "include" && knowledge.POSIXHeaders[strings.Trim(d.Text, `<>" `)] &&
			f.Foreign(int(f.Toks[d.Tok].Off), p.Opt.Platform) == "" {
			return true
		}
	}
	return false
}

func platformByName(p *program.Program, u *program.File) string {
	name := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	if strings.HasSuffix(name, ".h") {
		if pl := includedFor(p, u, name); pl != "" {
			return pl
		}
	}
	stem, _, _ := strings.Cut(name, ".")
	words := strings.FieldsFunc(strings.ToLower(stem), func(r rune) bool { return r == '_' || r == '-' })
	// "win" and "nt" alone are words of other meanings; they count at the end
	// of a name, as in plat_win.c.
	for i, w := range words {
		pl := knowledge.PlatformWords[w]
		if pl == "" || (w == "win" || w == "nt" || w == "dos") && i != len(words)-1 {
			continue
		}
		return pl
	}
	dir := path.Base(path.Dir(p.Below(u.Path)))
	return knowledge.PlatformWords[strings.ToLower(dir)]
}

// includedFor returns the platform of a header that is included for it alone.
func includedFor(p *program.Program, u *program.File, name string) string {
	stem, _, _ := strings.Cut(name, ".")
	platform, seen := "", false
	for _, c := range p.FilesNaming(stem) {
		if c == u {
			continue
		}
		f := c.Tree()
		for _, d := range f.Dirs {
			if d.Name != "include" || !strings.HasSuffix(strings.Trim(d.Text, `<>"`), name) {
				continue
			}
			pl := f.Foreign(int(f.Toks[d.Tok].Off), p.Opt.Platform)
			if pl == "" {
				return ""
			}
			platform, seen = pl, true
		}
	}
	if !seen {
		return ""
	}
	return platform
}
