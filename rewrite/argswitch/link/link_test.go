package link

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/parse/parsetest"
)

// tree makes a reader of a tree that is written as "-- NAME --" lines, each
// followed by the file's text.
func tree(text string) (names, sources []string, read func(string) ([]byte, error)) {
	files := map[string]string{}
	name := ""
	for l := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(l, "-- "); ok {
			name = strings.TrimSuffix(strings.TrimSpace(rest), " --")
			files[name] = ""
			continue
		}
		files[name] += l
	}
	for n := range files {
		switch {
		case n == "":
		case strings.HasSuffix(n, ".c"):
			sources = append(sources, n)
		default:
			names = append(names, n)
		}
	}
	sort.Strings(names)
	sort.Strings(sources)
	return names, sources, func(n string) ([]byte, error) {
		if s, ok := files[n]; ok {
			return []byte(s), nil
		}
		return nil, os.ErrNotExist
	}
}

func sum(g *Graph) string {
	var out []string
	for _, u := range g.Units {
		var s []string
		for f := range u.Sources {
			s = append(s, f)
		}
		sort.Strings(s)
		l := fmt.Sprintf("%s %s: %s", [...]string{"program", "archive", "shared"}[u.Kind], u.Name, strings.Join(s, " "))
		if u.Test {
			l = "test " + l
		}
		if len(u.Unknown) > 0 {
			l += " unknown " + strings.Join(u.Unknown, " ")
		}
		out = append(out, l+"\n")
	}
	sort.Strings(out)
	return strings.Join(out, "")
}

func TestRead(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"automake", `
-- configure.ac --
AC_CONFIG_HEADERS([config.h])
EXTRA_SRC="$EXTRA_SRC poll.o"
AC_LIBOBJ([strlcpy])
-- src/Makefile.am --
bin_PROGRAMS = get serve-it
noinst_PROGRAMS =
if HAVE_X
noinst_PROGRAMS += xget
endif
lib_LTLIBRARIES = libwire.la
noinst_LIBRARIES = libutil.a
get_SOURCES = get.c \
	$(common) # the rest
common = common.c common.h
serve_it_SOURCES = serve.c $(common)
serve_it_LDADD = $(top_builddir)/src/libwire.la @EXTRA_SRC@
xget_LDADD = libutil.a $(LIBOBJS)
LDADD = libutil.a
libutil_a_SOURCES = util.c
libwire_la_SOURCES = wire.c
-- src/get.c --
-- src/common.c --
-- src/serve.c --
-- src/xget.c --
-- src/util.c --
-- src/wire.c --
-- src/poll.c --
-- lib/strlcpy.c --
`, `archive libutil.a: src/util.c
program get: src/common.c src/get.c src/util.c
program serve-it: src/common.c src/poll.c src/serve.c src/wire.c
program xget: lib/strlcpy.c src/util.c src/xget.c
shared libwire.la: src/wire.c
`},
		{"recipes between define and endef", `
-- makefile --
BIN = bin
define compile
$(CC) $(CFLAGS) $< -c -o $@
endef

define link
$(CC) $^ -o $@ $(LDLIBS)
endef
define template
$(1): $($(1)_OBJS)
	$(CC) -o $@ $^
endef
vpath %.o obj
$(BIN)/get: obj/get.o net.o
	$(link)
$(BIN)/serve: obj/serve.o net.o
	$(link)
obj/%.o: %.c
	$(compile)
-- src/get.c --
-- src/serve.c --
-- src/net.c --
`, `program bin/get: src/get.c src/net.c
program bin/serve: src/net.c src/serve.c
`},
		{"programs for the tests", `
-- Makefile.am --
bin_PROGRAMS = prog
check_PROGRAMS = t_api helper
noinst_PROGRAMS = helper t_io
TESTS = t_api t_io prog
prog_SOURCES = prog.c api.c
t_api_SOURCES = t_api.c api.c
-- prog.c --
-- api.c --
-- t_api.c --
-- t_io.c --
-- helper.c --
`, `program helper: helper.c
program prog: api.c prog.c
test program t_api: api.c t_api.c
test program t_io: t_io.c
`},
		{"a file that configure makes", `
-- Makefile --
include config.mk
-include get.d
get: get.o ${COMPAT}
	${CC} -o $@ get.o ${COMPAT}
-- get.c --
-- compat.c --
`, `program get: get.c unknown config.mk
`},
		{"stars in recipes", `
-- Makefile --
DIR = src/
one: $(DIR)one.c
	$(CC) $(CFLAGS) -c $(DIR)*.c
	$(CC) -o bin/one *.o $(LDFLAGS)
two: tools/two.c
	$(CC) -o two tools/*.c
-- src/one.c --
-- src/net.c --
-- tools/two.c --
-- tools/misc.c --
`, `program one: src/one.c unknown *.o
program two: tools/misc.c tools/two.c
`},
		{"rules", `
-- Makefile --
include common.mk
OBJS := a.o $(patsubst %.c,obj/%.o,b.c c.c)
all: one two
one: one.o $(OBJS)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
two: two.o net/libnet.a; cc -o two two.o -Lnet -lnet
three: three.c $(COMMON)
PLUG = plug.so
$(PLUG): plug.o
	$(CC) -shared -o $@ plug.o
moved.o: other/origin.c
	$(CC) -c -o $@ other/origin.c
gen: moved.o $(shell ls)
	${LINK} -o $@ moved.o $(shell find src)
depend: one.c two.c
	makedepend one.c two.c
clean:
	rm -f one.o two.o
tags: one.c
	ctags one.c
-- common.mk --
ifdef BIG
COMMON = big.o
else
COMMON = small.o
endif
-- net/Makefile --
libnet.a: dial.o
	ar rc $@ dial.o
-- a.c --
-- b.c --
-- src/c.c --
-- one.c --
-- two.c --
-- three.c --
-- big.c --
-- small.c --
-- plug.c --
-- other/origin.c --
-- net/dial.c --
`, `archive libnet.a: net/dial.c
program gen: other/origin.c unknown $(shell)
program one: a.c b.c one.c src/c.c
program three: big.c small.c three.c
program two: net/dial.c two.c
shared plug.so: plug.c
`},
		{"static pattern and bsd", `
-- Makefile --
PROGS = x y
$(PROGS): %: %.o common.o
	$(CC) -o $@ $^
-- bsd/Makefile --
PROG= nc
SRCS= nc.c \
	socks.c
.include <bsd.prog.mk>
-- x.c --
-- y.c --
-- common.c --
-- bsd/nc.c --
-- bsd/socks.c --
`, `program nc: bsd/nc.c bsd/socks.c
program x: common.c x.c
program y: common.c y.c
`},
		{"cmake", `
-- CMakeLists.txt --
project(p C) # a comment with (
set(COMMON log.c)
if(UNIX)
  list(APPEND COMMON unix.c)
else()
  set(COMMON ${COMMON} win.c)
endif()
add_subdirectory(net)
function(tool name)
  add_executable(${name} ${name}.c ${ARGN})
  target_link_libraries(${name} PRIVATE net)
endfunction()
tool(get ${COMMON})
foreach(t put del)
  tool(${t})
endforeach()
add_executable(serve "serve.c" $<TARGET_OBJECTS:base> ${NET_EXTRA})
add_library(base OBJECT base.c)
target_sources(serve PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/more.c)
add_library(api SHARED api.c)
target_link_libraries(serve api m)
add_executable(odd odd.c ${GENERATED_SOURCES})
-- net/CMakeLists.txt --
file(GLOB NET *.c)
add_library(net STATIC ${NET})
set(NET_EXTRA net/dial.c PARENT_SCOPE)
-- log.c --
-- unix.c --
-- win.c --
-- get.c --
-- put.c --
-- del.c --
-- serve.c --
-- base.c --
-- more.c --
-- api.c --
-- odd.c --
-- net/dial.c --
`, `archive base: base.c
archive net: net/dial.c
program del: del.c net/dial.c
program get: get.c log.c net/dial.c unix.c win.c
program odd: odd.c unknown $(GENERATED_SOURCES)
program put: net/dial.c put.c
program serve: api.c base.c more.c net/dial.c serve.c
shared api: api.c
`},
		{"meson", `
-- meson.build --
project('p', 'c')
srcs = files('log.c')
if host_machine.system() == 'windows'
  srcs += 'win.c'
else
  srcs += ['unix.c']
endif
subdir('net')
executable('get', 'get.c', srcs, dependencies: [net_dep, dependency('threads')],
  install: true)
foreach name, extra : {'put': ['put2.c'], 'del': []}
  executable(name, name + '.c', extra, link_with: net)
endforeach
foreach t : ['del', 'put']
  more = []
  more += t + '.c'
  executable('one-' + t, more)
endforeach
foreach t : ['t1']
  test(t, executable('test-@0@'.format(t), 'tests' / t + '.c', objects: net.extract_all_objects()))
endforeach
-- net/meson.build --
net = static_library('net', 'dial.c', files('addr.c'))
net_dep = declare_dependency(link_with: net)
-- log.c --
-- win.c --
-- unix.c --
-- get.c --
-- put.c --
-- put2.c --
-- del.c --
-- tests/t1.c --
-- net/dial.c --
-- net/addr.c --
`, `archive libnet.a: net/addr.c net/dial.c
program del: del.c net/addr.c net/dial.c
program get: get.c log.c net/addr.c net/dial.c unix.c win.c
program one-del: del.c
program one-put: put.c
program put: net/addr.c net/dial.c put.c put2.c
program test-t1: net/addr.c net/dial.c tests/t1.c
`},
		{"meson, a list that grows without end", "-- meson.build --\na = ['x.c']\nforeach i : [" + strings.Repeat("'i',", 60) +
			"]\n  a = [a, [a, i]]\nendforeach\nexecutable('p', 'y.c', a)\n-- x.c --\n-- y.c --\n",
			"program p: y.c unknown $(SOURCES)\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			names, sources, read := tree(c.in)
			if d := cmp.Diff(c.want, sum(Read(names, read, sources))); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

// What does not end, or grows with each round, is an unknown part.
func TestReadEnds(t *testing.T) {
	for _, in := range []string{
		"-- Makefile --\nA = $(B) $(B) $(B)\nB = $(C) $(C) $(C)\nC = $(D) $(D) $(D) $(A)\nD = $(E) $(E) $(E)\nE = $(F) $(F) $(F)\nF = $(A) x.o\np: x.o $(A)\n\t$(CC) -o p x.o $(A)\n-- x.c --\n",
		"-- CMakeLists.txt --\nset(A a b c d e f g h)\nset(B ${A}${A}${A}${A}${A}${A}${A}${A})\nset(A ${A} ${B} ${A}x)\nfunction(f)\n f()\n f()\nendfunction()\nf()\nadd_executable(p x.c ${B})\n-- x.c --\n",
		"-- meson.build --\nsubdir('.')\na = [\nexecutable('p', 'x.c'\n-- x.c --\n",
		"-- meson.build --\na = ['x.c']\nforeach i : [" + strings.Repeat("'i',", 60) + "]\n  if i != ''\n    a = a + a\n    a += [a, i]\n  endif\nendforeach\nexecutable('p', a)\n-- x.c --\n",
	} {
		names, sources, read := tree(in)
		Read(names, read, sources)
	}
}

// TestReadManyBranches holds that flags that each compiler and system sets anew, and libraries
// that share libraries, do not double with each step.
func TestReadManyBranches(t *testing.T) {
	var in strings.Builder
	in.WriteString("-- Makefile --\nV0 = -g -O2\n")
	for i := 1; i < 40; i++ {
		fmt.Fprintf(&in, "ifeq ($(CC),gcc)\nV%d = $(V%d) -a%d\nelse\nV%d = $(V%d) -b%d\nendif\n", i, i-1, i, i, i-1, i)
		fmt.Fprintf(&in, "lib%d.so: x%d.o lib%d.so lib%da.so\n\t$(LD) -shared -o lib%d.so x%d.o lib%d.so lib%da.so\n", i, i, i-1, i-1, i, i, i-1, i-1)
		fmt.Fprintf(&in, "lib%da.so: y%d.o lib%d.so lib%da.so\n\t$(LD) -shared -o lib%da.so y%d.o lib%d.so lib%da.so\n", i, i, i-1, i-1, i, i, i-1, i-1)
	}
	in.WriteString("p: x.o lib39.so\n\t$(CC) $(V39) -o p x.o lib39.so\n-- x.c --\n")
	for i := 1; i < 40; i++ {
		fmt.Fprintf(&in, "-- x%d.c --\n-- y%d.c --\n", i, i)
	}
	names, sources, read := tree(in.String())
	for _, u := range Read(names, read, sources).Units {
		if u.Name == "p" {
			if len(u.Sources) != 1+38*2+1 || len(u.Libraries) != 38*2+1 {
				t.Errorf("%d sources, %d libraries", len(u.Sources), len(u.Libraries))
			}
			return
		}
	}
	t.Error("no program")
}

func FuzzRead(f *testing.F) {
	f.Add("a: b.o\n\tcc -o a $(X:.c=.o) ${Y}", uint8(0))
	f.Add("set(A ${B})\nadd_executable(p ${A} \"x.c\")", uint8(1))
	f.Add("x = files('a.c')\nexecutable('p', x, link_with: [y])", uint8(2))
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		name := [...]string{"Makefile", "CMakeLists.txt", "meson.build", "Makefile.am"}[kind%4]
		parsetest.Within(t, len(text), func() {
			Read([]string{name, "configure.ac"}, func(string) ([]byte, error) { return []byte(text), nil }, []string{"a.c", "x.c", "src/x.c"})
		})
	})
}

// TestLibtoolArchive holds that a convenience library is known under the name that
// libtool gives its archive, and that a grammar stands for the C that is made of it.
func TestLibtoolArchive(t *testing.T) {
	names, sources, read := tree(`-- src/Makefile.am --
bin_PROGRAMS = prog
prog_SOURCES = main.c parse.y
prog_LDADD = lib/src/.libs/libx.a
-- src/lib/src/Makefile.am --
noinst_LTLIBRARIES = libx.la
libx_la_SOURCES = x.c
-- src/main.c --
-- src/lib/src/x.c --
`)
	want := "archive libx.la: src/lib/src/x.c\nprogram prog: src/lib/src/x.c src/main.c src/parse.y\n"
	if d := cmp.Diff(want, sum(Read(names, read, append(sources, "src/parse.y")))); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestNames: a source that no build file takes lies in the tree without being built.
func TestNames(t *testing.T) {
	const lists = "prog: main.o net.o\n\tcc -o $@ main.o net.o\nclean:\n\trm -f *.o trial\n"
	for _, c := range []struct {
		name   string
		builds map[string]string
		file   string
		want   bool
	}{
		{"linked", map[string]string{"Makefile": lists}, "main.c", true},
		{"in no list, and removed", map[string]string{"Makefile": lists}, "lib/other.c", false},
		{"a word anywhere", map[string]string{"Makefile": lists, "tools/Makefile": "# as in other\n"}, "lib/other.c", true},
		{"a part of a word", map[string]string{"Makefile": lists + "# another_one\n"}, "lib/other.c", false},
		{"a pattern of its folder", map[string]string{"Makefile": lists, "lib/Makefile": "all: $(wildcard *.c)\n"}, "lib/other.c", true},
		{"a pattern of another folder", map[string]string{"Makefile": lists, "doc/Makefile": "all: $(wildcard *.c)\n"}, "lib/other.c", false},
		{"a loop above it", map[string]string{"Makefile": lists + "all:\n\tfor f in lib/x; do cc $$f; done\n"}, "lib/other.c", true},
		{"no build file above it", map[string]string{"prog/Makefile": lists}, "lib/other.c", true},
	} {
		var names []string
		for n := range c.builds {
			names = append(names, n)
		}
		g := Read(names, func(n string) ([]byte, error) { return []byte(c.builds[n]), nil }, []string{"main.c", "net.c", "lib/other.c"})
		if got := g.Names(c.file); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
