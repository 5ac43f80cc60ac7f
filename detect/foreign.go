package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// foreignWords are words of file and folder names that say for which platform
// alone the code is.
var foreignWords = map[string]string{
	"win32": "windows", "windows": "windows", "winsock": "windows", "wince": "windows", "msw": "windows", "win": "windows",
	"w32": "windows", "nt": "windows", "mingw": "windows", "os2": "OS/2", "vms": "VMS", "amiga": "Amiga", "beos": "BeOS",
	"riscos": "RISC OS", "netware": "NetWare", "freertos": "FreeRTOS", "symbian": "Symbian", "dos": "DOS", "msdos": "DOS",
	"solaris": "Solaris", "freebsd": "FreeBSD", "openbsd": "OpenBSD", "netbsd": "NetBSD", "darwin": "macOS", "macos": "macOS",
	"osx": "macOS", "aix": "AIX", "hpux": "HP-UX", "irix": "IRIX", "cygwin": "Cygwin", "qnx": "QNX", "vxworks": "VxWorks",
	"esp32": "ESP-IDF", "optee": "OP-TEE",
}

// foreignTo returns the platform that a call site is made for when it can never
// be built for ours: by its #if conditions, by headers that only another
// platform has, by who includes its header, or by the name of its file.
func (a *analysis) foreignTo(j *judged) string {
	if j.foreign == nil {
		f := j.c.u.tree()
		pl := f.Foreign(j.c.off, a.p.opt.Platform)
		// Where the code itself says for which platforms it is, names say
		// nothing: an emulation of Winsock is built on Linux.
		if pl == "" && !f.PlatformAware(j.c.off) {
			pl = a.p.foreignUnit(j.c.u)
		}
		j.foreign = &pl
	}
	return *j.foreign
}

// foreignUnit is the platform that a file is for by its name. A file that
// includes headers which Windows lacks is not for Windows, whatever its name.
func (p *program) foreignUnit(u *unit) string {
	if p.opt.Platform != "linux" {
		return ""
	}
	pl := p.foreignName(u)
	if pl == "windows" && p.includesPOSIX(u.tree()) {
		return ""
	}
	return pl
}

// posixHeaders are headers that no compiler for Windows has.
var posixHeaders = setOf("sys/socket.h netinet/in.h netinet/tcp.h arpa/inet.h netdb.h sys/un.h poll.h sys/poll.h")

func (p *program) includesPOSIX(f *parse.File) bool {
	for _, d := range f.Dirs {
		if d.Name == "include" && posixHeaders[strings.Trim(d.Text, `<>" `)] && f.Foreign(int(f.Toks[d.Tok].Off), p.opt.Platform) == "" {
			return true
		}
	}
	return false
}

func (p *program) foreignName(u *unit) string {
	name := u.path[strings.LastIndexByte(u.path, '/')+1:]
	if strings.HasSuffix(name, ".h") {
		if pl := p.includedFor(u, name); pl != "" {
			return pl
		}
	}
	stem, _, _ := strings.Cut(name, ".")
	words := strings.FieldsFunc(strings.ToLower(stem), func(r rune) bool { return r == '_' || r == '-' })
	// "win" and "nt" alone are words of other meanings; they count at the end
	// of a name, as in plat_win.c.
	for i, w := range words {
		pl := foreignWords[w]
		if pl == "" || (w == "win" || w == "nt" || w == "dos") && i != len(words)-1 {
			continue
		}
		return pl
	}
	dirs := strings.Split(strings.ToLower(u.dir), "/")
	if len(dirs) > 0 {
		if pl := foreignWords[dirs[len(dirs)-1]]; pl != "" {
			return pl
		}
	}
	return ""
}

// includedFor returns the platform of a header that is included for it alone.
func (p *program) includedFor(u *unit, name string) string {
	stem, _, _ := strings.Cut(name, ".")
	platform, seen := "", false
	for _, c := range p.unitsWith(stem) {
		if c == u {
			continue
		}
		f := c.tree()
		for _, d := range f.Dirs {
			if d.Name != "include" || !strings.HasSuffix(strings.Trim(d.Text, `<>"`), name) {
				continue
			}
			pl := f.Foreign(int(f.Toks[d.Tok].Off), p.opt.Platform)
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
