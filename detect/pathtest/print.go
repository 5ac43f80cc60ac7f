package pathtest

import (
	"fmt"
	"strings"
)

// printer writes C, and notes the lines of sites.
type printer struct {
	b       strings.Builder
	line    int
	depth   int
	file    int
	pending []*site
}

func (p *printer) put(text string) {
	if text != "" && !strings.HasPrefix(text, "#") {
		p.b.WriteString(strings.Repeat("\t", p.depth))
	}
	p.b.WriteString(text + "\n")
	p.line++
	for _, s := range p.pending {
		s.file, s.line = p.file, p.line
	}
	p.pending = nil
}

func (p *printer) block(head string, body []stmt) {
	p.put(head + " {")
	p.depth++
	p.all(body)
	p.depth--
}

func (p *printer) all(body []stmt) {
	for _, s := range body {
		s.print(p)
	}
}

// FileName is the name of the nth file.
func FileName(n int) string { return []string{"a.c", "b.c"}[n] }

// HeaderName is the name of the header that the files share.
const HeaderName = "prog.h"

// Texts are the program's files, by name.
func (g *Prog) Texts() map[string]string {
	for _, s := range g.sites {
		s.line = 0
	}
	out := map[string]string{HeaderName: g.header()}
	for n := range g.files {
		out[FileName(n)] = g.source(n)
	}
	return out
}

func (g *Prog) header() string {
	p := &printer{}
	p.put("#ifndef PROG_H")
	p.put("#define PROG_H")
	for _, h := range []string{"sys/types.h", "sys/socket.h", "netinet/in.h", "netdb.h", "stdio.h", "stdlib.h", "string.h", "unistd.h", "stdint.h", "pthread.h"} {
		p.put("#include <" + h + ">")
	}
	for _, m := range g.macros {
		if m.under == "" {
			p.put("#define " + m.name + " " + m.values[0].name)
			continue
		}
		p.put("#ifdef " + m.under)
		p.put("#define " + m.name + " " + m.values[1].name)
		p.put("#else")
		p.put("#define " + m.name + " " + m.values[0].name)
		p.put("#endif")
	}
	p.put("struct conn { int fd; int family; int type; int flags; int (*setup)(int fd); void (*ready)(struct conn *c); struct conn *next; };")
	p.put("#define SET_OPTION(fd, name, var) setsockopt(fd, SOL_SOCKET, name, &(var), sizeof(var))")
	p.put("extern pthread_t any_thread;")
	p.put("struct option_row { int name; int value; };")
	p.put("extern struct sockaddr_storage any_addr;")
	p.put("extern socklen_t addr_len;")
	p.put("int input_value(int n);")
	p.put("extern volatile int inputs2[], inputs3[];")
	if g.files > 1 {
		for _, v := range g.globals {
			p.put("extern " + decl(v) + ";")
		}
		for _, o := range g.objects {
			p.put("extern struct conn " + o.name + ";")
		}
		for _, a := range g.arrays {
			p.put(fmt.Sprintf("extern int %s[%d];", a.name, arraySize))
		}
		for _, f := range g.funcs {
			if f.name != "main" {
				p.put(f.head() + ";")
			}
		}
	}
	p.put("#endif")
	return p.b.String()
}

func decl(v *variable) string {
	if v.typ == readyType {
		return "void (*" + v.name + ")(struct conn *c)"
	}
	if strings.HasSuffix(v.typ, "*") {
		return v.typ + v.name
	}
	return v.typ + " " + v.name
}

func (f *function) head() string {
	var ps []string
	for _, v := range f.params {
		ps = append(ps, decl(v))
	}
	if f.name == "main" || len(ps) == 0 {
		ps = []string{"void"}
	}
	return decl(&variable{name: f.name, typ: f.ret}) + "(" + strings.Join(ps, ", ") + ")"
}

func (g *Prog) source(n int) string {
	p := &printer{file: n}
	for _, s := range g.sites {
		s.pr = p
	}
	defer func() {
		for _, s := range g.sites {
			s.pr = nil
		}
	}()
	p.put("#include \"" + HeaderName + "\"")
	p.put("")
	static := "static "
	if g.files > 1 {
		static = ""
	}
	if n == 0 {
		for _, v := range g.globals {
			if v.init != nil {
				p.put(static + decl(v) + " = " + v.init.c() + ";")
			} else {
				p.put(static + decl(v) + ";")
			}
		}
	}
	if g.files == 1 {
		for _, f := range g.funcs {
			if f.name != "main" {
				p.put("static " + f.head() + ";")
			}
		}
	}
	if n == 0 {
		for _, o := range g.objects {
			p.put(static + "struct conn " + o.name + o.initializer() + ";")
		}
		for _, a := range g.arrays {
			p.put(fmt.Sprintf("%sint %s[%d];", static, a.name, arraySize))
		}
	}
	for _, t := range g.tables {
		if !strings.HasSuffix(t.name, fmt.Sprint(n)) {
			continue
		}
		p.put("static const struct option_row " + t.name + "[] = {")
		for _, r := range t.rows {
			p.put(fmt.Sprintf("\t{ %s, %d },", r.opt.name, r.value))
		}
		p.put("};")
	}
	for _, f := range g.funcs {
		if f.file != n {
			continue
		}
		p.put("")
		h := f.head()
		if g.files == 1 && f.name != "main" {
			h = "static " + h
		}
		p.put(h)
		p.put("{")
		p.depth++
		p.all(f.body)
		p.depth--
		p.put("}")
	}
	return p.b.String()
}

func (o *object) initializer() string {
	if len(o.init) == 0 {
		return ""
	}
	var parts []string
	for _, name := range []string{"fd", "family", "type", "flags", "setup"} {
		if e := o.init[name]; e != nil {
			parts = append(parts, "."+name+" = "+e.c())
		}
	}
	return " = { " + strings.Join(parts, ", ") + " }"
}

func (s exprStmt) print(p *printer) { p.put(s.e.c() + ";") }
func (s raw) print(p *printer)      { p.put(s.text) }
func (s spawn) print(p *printer) {
	arg := s.arg.c()
	if s.fn.takesDescriptor() {
		arg = "(void *)(intptr_t)" + paren(s.arg)
	}
	p.put("pthread_create(&any_thread, NULL, " + s.fn.name + ", " + arg + ");")
}

// takesDescriptor reports whether a thread's argument is a descriptor.
func (f *function) takesDescriptor() bool {
	d, ok := f.body[0].(declare)
	return ok && d.v.typ == "int"
}
func (s declare) print(p *printer) {
	text := decl(s.v)
	if s.v.stat {
		text = "static " + text
	}
	if s.init != nil {
		text += " = " + castFrom(s.init, s.v.typ) + s.init.c()
	}
	p.put(text + ";")
}

// castFrom is what an int needs that is made of a thread's argument.
func castFrom(e expr, typ string) string {
	if v, ok := e.(varRef); ok && v.v.typ == "void *" && typ == "int" {
		return "(int)(intptr_t)"
	}
	return ""
}

func (s ifStmt) print(p *printer) {
	head := "if (" + s.cond.c() + ")"
	if len(s.then) == 1 && len(s.els) == 0 && single(s.then[0]) {
		p.put(head)
		p.depth++
		s.then[0].print(p)
		p.depth--
		return
	}
	p.block(head, s.then)
	if len(s.els) > 0 {
		p.block("} else", s.els)
	}
	p.put("}")
}

// single reports whether a statement may stand without braces.
func single(s stmt) bool {
	switch s.(type) {
	case exprStmt, jump, gotoStmt, ret:
		return true
	}
	return false
}

func (s hashIf) print(p *printer) {
	p.put("#ifdef " + s.under)
	p.all(s.then)
	if len(s.els) > 0 {
		p.put("#else")
		p.all(s.els)
	}
	p.put("#endif")
}

func (s loop) print(p *printer) {
	switch s.kind {
	case "while":
		p.block("while ("+s.cond.c()+")", s.body)
		p.put("}")
	case "do":
		p.block("do", s.body)
		p.put("} while (" + s.cond.c() + ");")
	case "for":
		p.block("for ("+s.init.c()+"; "+s.cond.c()+"; "+s.post.c()+")", s.body)
		p.put("}")
	default:
		p.block("for (;;)", s.body)
		p.put("}")
	}
}

func (s switchStmt) print(p *printer) {
	p.put("switch (" + s.on.c() + ") {")
	for _, c := range s.cases {
		if c.label.name == "" {
			p.put("default:")
		} else {
			p.put("case " + c.label.name + ":")
		}
		p.depth++
		p.all(c.body)
		if !c.fall {
			p.put("break;")
		}
		p.depth--
	}
	p.put("}")
}

func (s jump) print(p *printer)     { p.put(s.kind + ";") }
func (s gotoStmt) print(p *printer) { p.put("goto " + s.label + ";") }
func (s label) print(p *printer) {
	p.depth--
	p.put(s.name + ":")
	p.depth++
}
func (s ret) print(p *printer) {
	if s.e == nil {
		p.put("return;")
		return
	}
	p.put("return " + s.e.c() + ";")
}

func (s rows) print(p *printer) {
	i := s.idx.name
	p.block(fmt.Sprintf("for (%s = 0; %s < %d; %s++)", i, i, len(s.table.rows), i), []stmt{raw{fmt.Sprintf(
		"setsockopt(%s, SOL_SOCKET, %s[%s].name, &%s[%s].value, sizeof(%s[%s].value));",
		s.fd.c(), s.table.name, i, s.table.name, i, s.table.name, i)}})
	p.put("}")
}

func (s addresses) print(p *printer) {
	h, r, a := s.hints, s.res, s.ai.name
	p.put("struct addrinfo " + h + ", *" + r + ", *" + a + ";")
	p.put("memset(&" + h + ", 0, sizeof(" + h + "));")
	p.put(h + ".ai_family = " + s.family.c() + ";")
	p.put(h + ".ai_socktype = " + s.typ.c() + ";")
	p.block("if (getaddrinfo(\"peer\", \"7\", &"+h+", &"+r+") != 0)", s.fail)
	p.put("}")
	p.block("for ("+a+" = "+r+"; "+a+" != NULL; "+a+" = "+a+"->ai_next)", s.body)
	p.put("}")
	p.put("freeaddrinfo(" + r + ");")
}
