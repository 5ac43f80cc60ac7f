package cond

import (
	"slices"
	"strings"
)

// platformMacros tells for which platform a macro is defined, by its compiler
// or by old habit. "linux" and "unix" hold where keepatch's default platform
// is built; the rest do not.
var platformMacros = map[string]string{
	"__linux__": "linux", "__linux": "linux", "linux": "linux", "__gnu_linux__": "linux", "LINUX": "linux",
	"OS_LINUX": "linux", "__GLIBC__": "linux", "_LINUX": "linux",
	"__unix__": "unix", "__unix": "unix", "unix": "unix", "UNIX": "unix", "__GNUC__": "unix", "__STDC__": "unix",

	"_WIN32": "windows", "WIN32": "windows", "__WIN32__": "windows", "__WIN32": "windows", "_WIN64": "windows",
	"WIN64": "windows", "__MINGW32__": "windows", "__MINGW64__": "windows", "_MSC_VER": "windows",
	"MSC_VER": "windows", "WINDOWS": "windows", "_WINDOWS": "windows", "__WINDOWS__": "windows",
	"_WIN32_WCE": "windows", "UNDER_CE": "windows", "WINNT": "windows", "__NT__": "windows", "OS_WIN32": "windows",
	"USE_WINSOCK": "windows", "HAVE_WINSOCK_H": "windows", "HAVE_WINSOCK2_H": "windows", "HAVE_WINDOWS_H": "windows",
	"__BORLANDC__": "windows", "__WATCOMC__": "windows", "_WINSOCKAPI_": "windows", "_WINSOCK2API_": "windows",
	"WINDOWS_PLATFORM": "windows", "G_OS_WIN32": "windows", "OS_WINDOWS": "windows", "SYS_WINNT": "windows",
	"_WIN32_WINNT": "windows", "WINVER": "windows", "USE_WINDOWS": "windows", "HAVE_WIN32": "windows",
	"NATIVE_WIN32": "windows", "WINDOWS_NATIVE": "windows", "WIN32_NATIVE": "windows", "__CYGWIN__": "cygwin",
	"__CYGWIN32__": "cygwin",

	"__APPLE__": "macos", "__MACH__": "macos", "__DARWIN__": "macos", "__darwin__": "macos", "macintosh": "macos",
	"TARGET_OS_MAC": "macos", "TARGET_OS_IPHONE": "macos", "TARGET_OS_OSX": "macos", "__MACOSX__": "macos",
	"MACOSX": "macos", "DARWIN": "macos", "OS_DARWIN": "macos", "__MWERKS__": "macos",

	"__FreeBSD__": "bsd", "__FreeBSD_kernel__": "bsd", "__NetBSD__": "bsd", "__OpenBSD__": "bsd", "__DragonFly__": "bsd",
	"__bsdi__": "bsd", "__FREEBSD__": "bsd", "BSD": "bsd", "FREEBSD": "bsd", "OPENBSD": "bsd", "NETBSD": "bsd",
	"__BSD__": "bsd", "FreeBSD": "bsd", "OpenBSD": "bsd", "NetBSD": "bsd",

	"__sun": "solaris", "sun": "solaris", "__sun__": "solaris", "__SVR4": "solaris", "__svr4__": "solaris",
	"SOLARIS": "solaris", "SOLARIS2": "solaris", "__SOLARIS__": "solaris", "SUNOS": "solaris", "USE_SOLARIS": "solaris",

	"_AIX": "other", "AIX": "other", "__hpux": "other", "__hpux__": "other", "hpux": "other", "HPUX": "other",
	"__sgi": "other", "sgi": "other", "SGI": "other", "IRIX": "other", "__osf__": "other", "__ultrix": "other",
	"ultrix": "other", "__QNX__": "other", "__QNXNTO__": "other", "QNX": "other", "__OS2__": "other", "OS2": "other",
	"USE_OS2": "other", "__EMX__": "other", "__VMS": "other", "VMS": "other", "vms": "other", "__vms": "other",
	"MSDOS": "other", "__MSDOS__": "other", "__DJGPP__": "other", "__GO32__": "other", "__BEOS__": "other", "BEOS": "other",
	"__HAIKU__": "other", "HAIKU": "other", "AMIGA": "other", "__AMIGA__": "other", "_AMIGA": "other", "__amigaos__": "other",
	"__riscos__": "other", "__SYMBIAN32__": "other", "NETWARE": "other", "__NOVELL_LIBC__": "other", "N_PLAT_NLM": "other",
	"__MINT__": "other", "__minix": "other", "__minix__": "other", "__GNU__": "other", "__hurd__": "other",
	"__VXWORKS__": "other", "VXWORKS": "other", "__vxworks": "other", "__TANDEM": "other", "__TOS_WIN__": "other",
	"__MVS__": "other", "__OS400__": "other", "NeXT": "other", "__EMSCRIPTEN__": "other", "__wasi__": "other",
	"__ANDROID__": "other", "ANDROID": "other", "FREERTOS": "other", "WOLFSSL_LWIP": "other", "LWIP_SOCKET": "other",
	"USE_LWIPSOCK": "other", "ESP_PLATFORM": "other", "PICO_BOARD": "other", "ARDUINO": "other", "__ZEPHYR__": "other",
	"HAVE_BEOS": "other", "SCO": "other", "_SCO_DS": "other", "M_XENIX": "other", "__UNIXWARE__": "other",

	"__cplusplus": "c++",
}

// Platforms are the names of the platforms that code can be told to be for, sorted.
func Platforms() []string {
	var list []string
	for _, p := range platformMacros {
		if p != "unix" && p != "other" && p != "c++" && !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list
}

// foreignHeaders are headers that only exist on one platform: a file that
// includes one of them outside any #if is never built elsewhere.
var foreignHeaders = map[string]string{
	"winsock2.h": "windows", "winsock.h": "windows", "windows.h": "windows", "ws2tcpip.h": "windows",
	"mswsock.h": "windows", "os2.h": "other", "proto/bsdsocket.h": "other", "net/if_dl.h": "bsd",
	"dos.h": "other", "exec/types.h": "other", "taskLib.h": "other", "sockLib.h": "other",
}

// platformOf returns the platform of a macro or a comparison with one, "" for
// a macro that says nothing of platforms.
func platformOf(atom string) string {
	if p, ok := platformMacros[atom]; ok {
		return p
	}
	if i := strings.IndexAny(atom, " <>=!("); i > 0 {
		return platformMacros[atom[:i]]
	}
	return ""
}

// atomValue is the truth of an atom where platform is built: open for macros
// that configure tests and users decide about.
func atomValue(atom, platform string) Truth {
	p := platformOf(atom)
	switch {
	case p == "":
		return Open
	case p == platform, p == "unix" && platform != "windows", p == "linux" && platform == "linux":
		return Yes
	case p == "windows" && platform == "windows":
		return Yes
	}
	return No
}

// Foreign returns the platform that the code at a byte offset is made for
// when it can never be built for the given one, else "".
func (f *Tree) Foreign(off int, platform string) string {
	if p := f.foreignFile(platform); p != "" {
		return p
	}
	chain := f.Chain(f.TokAt(off))
	if len(chain) == 0 {
		return ""
	}
	value := func(c *cond) Truth { return atomValue(c.atom, platform) }
	for _, b := range chain {
		if b.always {
			continue
		}
		if b.holds(value) == No {
			return b.namePlatform(platform)
		}
	}
	return ""
}

// PlatformAware reports whether the code at a byte offset stands under a
// condition on the platform: then it is known where it is built.
func (f *Tree) PlatformAware(off int) bool {
	for _, b := range f.Chain(f.TokAt(off)) {
		aware := false
		for _, p := range b.Group.Branches {
			p.cond.atoms(func(c *cond) {
				if q := platformOf(c.atom); q != "" && q != "c++" {
					aware = true
				}
			})
		}
		if aware {
			return true
		}
	}
	return false
}

// Holds says whether an arm is taken where a platform is built, as far as that tells.
func (b *Branch) Holds(platform string) Truth {
	return b.holds(func(c *cond) Truth { return atomValue(c.atom, platform) })
}

// holds says whether an arm is taken, as far as value knows.
func (b *Branch) holds(value func(*cond) Truth) Truth {
	res := Yes
	if b.always {
		return Yes
	}
	for _, p := range b.Group.Branches {
		if p == b {
			break
		}
		if p.always || p.cond == nil {
			return No
		}
		switch p.cond.eval(value) {
		case Yes:
			return No
		case Open:
			res = Open
		}
	}
	if b.cond != nil {
		switch b.cond.eval(value) {
		case No:
			return No
		case Open:
			return Open
		}
	}
	return res
}

// namePlatform finds the word for a foreign arm.
func (b *Branch) namePlatform(platform string) string {
	name := "another platform"
	for _, p := range b.Group.Branches {
		p.cond.atoms(func(c *cond) {
			if q := platformOf(c.atom); q != "" && atomValue(c.atom, platform) == No && q != "c++" && q != "other" && p == b {
				name = q
			}
		})
	}
	return name
}

// foreignFile looks for an unconditional include of a header that only
// another platform has.
func (f *Tree) foreignFile(platform string) string {
	f.foreignOnce.Do(func() {
		for _, name := range f.ForeignIncludes() {
			if f.Own == nil || !f.Own(name) {
				f.foreign = foreignHeaders[name]
				return
			}
		}
	})
	if f.foreign == platform {
		return ""
	}
	return f.foreign
}

// ForeignIncludes lists the headers with a name of those that only another platform
// has, in lower case, which are included unconditionally.
func (f *Tree) ForeignIncludes() (out []string) {
	for _, d := range f.Dirs {
		if d.Name != "include" {
			continue
		}
		name := strings.ToLower(strings.Trim(firstWord(d.Text), `<>"`))
		if foreignHeaders[name] == "" {
			continue
		}
		guarded := false
		for _, b := range f.Chain(d.Tok) {
			guarded = guarded || !b.always
		}
		if !guarded {
			out = append(out, name)
		}
	}
	return out
}
