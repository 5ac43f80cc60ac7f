package rules

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

var ka006 = Rule{
	ID: "KA006", Name: "UnportableKeepalive", Severity: Note,
	Title: "Keepalive spelled in a way other systems refuse",
	Hint:  "use IPPROTO_TCP, an int value, and #ifdef around each timer",
	Text: `SOL_TCP exists on Linux only; TCP_KEEPIDLE exists neither on macOS (its name
there is TCP_KEEPALIVE) nor on OpenBSD, so that an unguarded use breaks the
build (tintin#289, fluent-bit#9574, rsyslog#2260, mosquitto#3474). An option
value of one byte is refused by Linux with EINVAL. TCP_KEEPALIVE means
something else on Solaris, so use it under __APPLE__ only.`,
	Before: `char on = 1;
setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
setsockopt(fd, SOL_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));`,
	After: `int on = 1;
setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
#ifdef TCP_KEEPIDLE
setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
#endif`,
	Run: (*Pass).spelling,
}

// spelling attaches KA006: a level, an option or a size that other systems do
// not know or refuse. Code of other platforms may be spelled their way.
func (p *Pass) spelling() {
	for _, c := range p.calls {
		if c.foreign {
			continue
		}
		p.level(c)
		p.unguarded(c)
		p.oneByte(c)
	}
}

// level looks for SOL_TCP, which Linux alone has.
func (p *Pass) level(c optionCall) {
	if len(c.timers) == 0 {
		return
	}
	fi, e := resolveParam(c.event, c.event.Call.Args[1])
	if e != nil && e.Kind == parse.XIdent && e.Name == "SOL_TCP" && !guardedFor(p.a.Prog, fi, e.Pos, "SOL_TCP", knowledge.LinuxWords) {
		p.report("KA006", fi.Evidence(e.Pos, "SOL_TCP exists on Linux only: IPPROTO_TCP is the same everywhere"))
	}
}

// unguarded looks for timers that some systems lack, written without an #if
// that asks for them.
func (p *Pass) unguarded(c optionCall) {
	for _, name := range c.timers {
		if name != "TCP_KEEPIDLE" && name != "TCP_KEEPINTVL" && name != "TCP_KEEPCNT" {
			continue
		}
		fi, e := resolveParam(c.event, c.event.Call.Args[2])
		if e == nil || e.Kind != parse.XIdent || e.Name != name {
			p.unguardedRow(c, name)
			continue
		}
		if !guardedFor(p.a.Prog, fi, e.Pos, name, knowledge.TimerWords) {
			p.report("KA006", fi.Evidence(e.Pos, name+" is not available on all systems: #ifdef "+name))
		}
	}
}

// unguardedRow looks for the option in the initializer of a table, where a
// loop takes it from.
func (p *Pass) unguardedRow(c optionCall, name string) {
	prog := p.a.Prog
	for _, u := range program.Nearest(c.event.In.File, prog.FilesNaming(name)) {
		f := u.Tree()
		host := &program.FuncInfo{Func: &parse.Func{File: f}, File: u}
		for _, d := range f.Decls() {
			d.Init.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XIdent && x.Name == name && !guardedFor(prog, host, x.Pos, name, knowledge.TimerWords) {
					p.report("KA006", host.Evidence(x.Pos, name+" is not available on all systems: #ifdef "+name))
				}
				return true
			})
		}
	}
}

// guardedFor reports whether the text at an offset stands under an #if that
// asks for a name or for one of the words; or whether the tree defines the name
// itself where the system does not.
func guardedFor(p *program.Program, fi *program.FuncInfo, off int, name string, words knowledge.Words) bool {
	for _, g := range fi.File.Tree().Guards(off) {
		if strings.Contains(g, name) || words.In(strings.ToLower(g)) {
			return true
		}
	}
	for _, u := range p.FilesWithMacro(name) {
		u.Tables()
		if len(u.Macros[name]) > 0 {
			return true
		}
	}
	return false
}

// byteTypes are the types of one byte.
var byteTypes = knowledge.SetOf("char bool _Bool uint8_t int8_t u_char uchar u8 u_int8_t BYTE")

func isByteType(base string) bool {
	b := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(base, "const "), "unsigned "), "signed ")
	return byteTypes[b]
}

// oneByte looks for a value of one byte: Linux answers EINVAL. Where one call
// serves many options, values of that size belong to others of them.
func (p *Pass) oneByte(c optionCall) {
	if !c.sole {
		return
	}
	args := c.event.Call.Args
	if fi, e := resolveParam(c.event, args[3]); e != nil && (e.Kind == parse.XIdent || e.Kind == parse.XMember) {
		if base, ptr := fi.TypeOf(e); ptr == 0 && isByteType(base) && pointedAt(e) {
			p.report("KA006", fi.Evidence(e.Pos, "the value is one byte, an int is required: "+fi.Text(e)))
			return
		}
	}
	if len(args) < 5 {
		return
	}
	x := args[4].Strip()
	if x == nil {
		return
	}
	one := x.Kind == parse.XNumber && x.Name == "1" ||
		x.Kind == parse.XSizeof && x.Type != nil && x.X == nil && x.Type.Ptr == 0 && isByteType(x.Type.Base)
	if x.Kind == parse.XSizeof && x.X != nil {
		base, ptr := c.event.In.TypeOf(x.X)
		one = ptr == 0 && isByteType(base)
	}
	if one {
		p.report("KA006", c.event.In.Evidence(x.Pos, "the size is one byte, an int is required: "+c.event.In.Text(x)))
	}
}

// pointedAt reports whether the address of e is taken where it stands.
func pointedAt(e *parse.Expr) bool {
	x := e
	for x.Up != nil && x.Up.Kind == parse.XParen {
		x = x.Up
	}
	return x.Up != nil && x.Up.Kind == parse.XUnary && x.Up.Op == token.And
}
