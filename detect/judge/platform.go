package judge

import (
	"path"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// platformOf returns the platform that a call site is made for when it can never
// be built for ours: by its #if conditions, by headers that only another
// platform has, by who includes its header, or by the name of its file.
func (a *Analysis) platformOf(j *Judgement) string {
	if j.platform == nil {
		pl := a.platformAt(j.Cand.File, j.Cand.Off)
		j.platform = &pl
	}
	return *j.platform
}

func (a *Analysis) platformAt(u *program.File, off int) string {
	f := u.Tree()
	if pl := f.Foreign(off, a.Prog.Opt.Platform); pl != "" {
		return pl
	}
	// Where the code itself says for which platforms it is, names say
	// nothing: an emulation of Winsock is built on Linux.
	if f.PlatformAware(off) {
		return ""
	}
	return a.platforms.Get(u, func() string { return platformOfFile(a.Prog, u) })
}

// neverBuilt reports whether something is done to a descriptor in code that is not
// compiled where its site is, or that only such code leads to.
func (a *Analysis) neverBuilt(h flow.FDEvent) bool {
	return slices.ContainsFunc(callsTo(h), func(r program.Ref) bool {
		u, off := r.In.File, r.Expr.NamePos
		return u.Tree().Dead(off) || a.platformAt(u, off) != "" || a.excludedAt(u, off).off >= 0
	})
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
		if d.Name == "include" && knowledge.POSIXHeaders[strings.Trim(d.Text, `<>" `)] && f.Foreign(int(f.Toks[d.Tok].Off), p.Opt.Platform) == "" {
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
