package builds

import (
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/parse/cond"
)

// setting is what a command says to the preprocessor.
type setting struct {
	defines []define
	before  []string // -include
	quote   []string // -iquote
	folders []string // -I, then -isystem
	system  bool     // then those of the system
	after   []string // then -idirafter
	gcc     bool     // the compiler is gcc or clang, for Linux
	gnu     bool     // and defines unix and linux
	machine bool     // and compiles for this machine
}

type define struct {
	name, body string
	off        bool // -U
}

// compilers are the names of gcc and clang, with a target and a version.
var compilers = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[a-z0-9_]+-(?:[a-z0-9_]+-)*linux(?:-[a-z0-9]+)*-)?(?:cc|gcc|clang|c89|c99)(?:-[0-9.]+)?$`)
})

// launchers are programs that start the compiler which their argument names.
var launchers = []string{"ccache", "distcc", "icecc", "sccache", "libtool"}

// unread are options that change what is predefined or where headers are found in
// a way that is not followed here.
var unread = []string{
	"@", "-Xpreprocessor", "-Xclang", "-I-", "-iprefix", "-iwithprefix", "-iwithprefixbefore", "-imultilib", "-specs", "--specs",
	"--include", "--imacros", "--define", "--undefine", "-imacros", "-undef", "--config", "-fplugin", "-x", "-ivfsoverlay",
}

// foreignTarget are options by which the folders of the system and what the compiler
// predefines are those of another one.
var foreignTarget = []string{"--sysroot", "-isysroot", "--target", "-target", "-B", "-b",
	"-V", "-gcc-toolchain", "--gcc-toolchain", "-mno-cygwin"}

// otherMachine are options that compile for another processor or its other sizes.
var otherMachine = []string{"-m16", "-m32", "-mx32", "-m64", "-mabi=ilp32"}

// settings reads a command; ok is false if it has something that is not understood
// and may decide about macros.
func settings(c Command) (s *setting, ok bool) {
	args := c.Args
	for len(args) > 1 && slices.Contains(launchers, filepath.Base(args[0])) {
		args = args[1:]
	}
	if len(args) == 0 {
		return nil, false
	}
	compiler := filepath.Base(args[0])
	s = &setting{gcc: compilers().MatchString(compiler), gnu: true}
	s.system = s.gcc && !strings.Contains(compiler, "-linux")
	s.machine = s.system
	var system []string
	for i := 1; i < len(args); i++ {
		a := args[i]
		value := func(option string) string { // of -Ix and -I x
			if a != option {
				return a[len(option):]
			}
			if i++; i < len(args) {
				return args[i]
			}
			return ""
		}
		folder := func(list *[]string, option string) {
			*list = append(*list, within(c.Dir, strings.TrimPrefix(value(option), "=")))
		}
		has := func(list []string) bool {
			return slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(a, p) })
		}
		switch {
		case a == "-x" && i+1 < len(args) && args[i+1] == "c":
			i++
		case a == "-o" || a == "-MF" || a == "-MT" || a == "-MQ":
			i++
		case has(unread):
			return nil, false
		case has(foreignTarget):
			s.system, s.gcc, s.machine = false, false, false
		case slices.Contains(otherMachine, a):
			s.machine = false
		case strings.HasPrefix(a, "-D"):
			s.define(value("-D"))
		case strings.HasPrefix(a, "-U"):
			s.defines = append(s.defines, define{value("-U"), "", true})
		case strings.HasPrefix(a, "-Wp,"):
			if !s.passed(strings.Split(a, ",")[1:]) {
				return nil, false
			}
		case strings.HasPrefix(a, "-include"):
			s.before = append(s.before, value("-include"))
		case strings.HasPrefix(a, "-iquote"):
			folder(&s.quote, "-iquote")
		case strings.HasPrefix(a, "-isystem"):
			folder(&system, "-isystem")
		case strings.HasPrefix(a, "-idirafter"):
			folder(&s.after, "-idirafter")
		case strings.HasPrefix(a, "-I"):
			folder(&s.folders, "-I")
		case a == "-nostdinc" || a == "-nostdlibinc":
			s.system = false
		case a == "-ansi" || strings.HasPrefix(a, "-std=") && !strings.HasPrefix(a, "-std=gnu"):
			s.gnu = false
		}
	}
	s.folders = append(s.folders, system...)
	return s, true
}

func (s *setting) define(text string) {
	name, body, valued := strings.Cut(text, "=")
	if !valued {
		body = "1"
	}
	s.defines = append(s.defines, define{name, body, false})
}

// passed reads what -Wp, hands to the preprocessor.
func (s *setting) passed(args []string) bool {
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case strings.HasPrefix(a, "-M"):
			i++ // its file
		case strings.HasPrefix(a, "-D") && len(a) > 2:
			s.define(a[2:])
		case strings.HasPrefix(a, "-U") && len(a) > 2:
			s.defines = append(s.defines, define{a[2:], "", true})
		case !strings.HasPrefix(a, "-W"):
			return false
		}
	}
	return true
}

// predefined are macros of gcc and clang on Linux, for any processor; a "" is one
// whose value differs. Those of other systems and compilers are not defined there
// (gcc -dM -E on Debian; gcc.gnu.org/onlinedocs/cpp/Predefined-Macros.html).
var predefined = map[string]string{
	"__STDC__": "1", "__STDC_HOSTED__": "", "__STDC_VERSION__": "", "__GNUC__": "", "__GNUC_MINOR__": "",
	"__linux__": "1", "__linux": "1", "__gnu_linux__": "1", "__unix__": "1", "__unix": "1", "__VERSION__": "",
	"__CHAR_BIT__": "8", "__BYTE_ORDER__": "", "__SIZEOF_INT__": "4", "__FILE__": "", "__LINE__": "", "__DATE__": "", "__TIME__": "",
}

var notPredefined = []string{
	"__cplusplus", "_WIN32", "_WIN64", "__MINGW32__", "__MINGW64__", "_MSC_VER",
	"__CYGWIN__", "__CYGWIN32__", "__WATCOMC__", "__BORLANDC__",
	"__APPLE__", "__MACH__", "__FreeBSD__", "__FreeBSD_kernel__", "__NetBSD__", "__OpenBSD__", "__DragonFly__", "__bsdi__",
	"__sun", "__sun__", "__SVR4", "__svr4__", "_AIX", "__hpux", "__hpux__", "__sgi", "__osf__", "__ultrix", "__QNX__", "__QNXNTO__",
	"__HAIKU__", "__BEOS__", "__VMS", "__vms", "__MSDOS__", "__DJGPP__", "__OS2__", "__EMX__", "__MVS__", "__VXWORKS__", "__GNU__",
	"__EMSCRIPTEN__", "__wasi__", "__OBJC__", "__ASSEMBLER__", "__SYMBIAN32__", "__amigaos__", "__AMIGA__", "__minix",
}

// processors are macros of gcc and clang by Go's name of the processor: those that
// are defined, and those that are not.
var processors = map[string][2][]string{
	"amd64": {{"__x86_64__", "__x86_64", "__amd64__", "__amd64", "__LP64__", "_LP64"},
		{"__i386__", "__i386", "i386", "__ILP32__", "__aarch64__", "__arm__"}},
	"arm64": {{"__aarch64__", "__LP64__", "_LP64"}, {"__i386__", "__x86_64__", "__ILP32__", "__arm__"}},
}

// perhaps are names without an underscore that gcc defines for some processors or
// editions of C.
var perhaps = []string{
	"i386", "mips", "MIPSEB", "MIPSEL", "R3000", "LANGUAGE_C", "sparc", "PPC", "hppa", "arm", "sh",
	"m68k", "s390", "vax", "pixel", "vector", "bool", "true", "false",
}

// names are the macros before the first line is read.
func (s *setting) names() map[string]macro {
	names := map[string]macro{}
	if s.gcc {
		for name, body := range predefined {
			names[name] = macro{state: cond.Yes, body: body, vague: body == ""}
		}
		for _, name := range notPredefined {
			names[name] = macro{state: cond.No}
		}
	}
	for _, name := range []string{"linux", "unix"} {
		names[name] = macro{}
		if s.gcc && s.gnu {
			names[name] = macro{state: cond.Yes, body: "1"}
		}
	}
	for _, name := range perhaps {
		names[name] = macro{}
	}
	if list := processors[runtime.GOARCH]; s.machine {
		for _, name := range list[0] {
			names[name] = macro{state: cond.Yes, body: "1"}
		}
		for _, name := range list[1] {
			names[name] = macro{state: cond.No}
		}
	}
	for _, d := range s.defines {
		if d.off {
			names[d.name] = macro{state: cond.No}
		} else {
			names[d.name] = macro{state: cond.Yes, body: d.body, vague: strings.Contains(d.name, "(")}
		}
	}
	return names
}

// systemFolders are those that gcc searches on this machine, after the options'.
func systemFolders() []string {
	list := []string{"/usr/local/include"}
	for _, pattern := range []string{"/usr/lib/gcc/*/*/include", "/usr/lib/llvm*/lib/clang/*/include",
		"/usr/lib/clang/*/include", "/usr/include/*-linux-gnu*"} {
		found, err := filepath.Glob(pattern)
		if err == nil && len(found) > 0 {
			slices.Sort(found)
			list = append(list, found[len(found)-1])
		}
	}
	return append(list, "/usr/include")
}
