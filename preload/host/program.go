//go:build linux

package host

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/policy"
)

// Offsets in struct bpf_sock_ops of linux/bpf.h. Addresses are in network byte
// order, the local port is a number, the remote port a number in network byte
// order.
const (
	opsOp         = 0
	opsFamily     = 20
	opsRemoteIP4  = 24
	opsLocalIP4   = 28
	opsRemoteIP6  = 32
	opsLocalIP6   = 48
	opsRemotePort = 64
	opsLocalPort  = 68
)

// BPF_SOCK_OPS_*_CB of linux/bpf.h.
const (
	opConnect     = 3 // TCP_CONNECT: before the first packet
	opActive      = 4 // ACTIVE_ESTABLISHED: for what connect came too early for
	opEstablished = 5 // PASSIVE_ESTABLISHED: accepted, before accept(2) sees it
)

// Offsets in struct bpf_sockopt.
const (
	optValue    = 8
	optValueEnd = 16
	optLevel    = 24
	optName     = 28
)

// Places on the stack.
const (
	slotValue = -8  // of an option
	slotKey   = -16 // of a map
	slotOne   = -24
)

// The counters of a target, as indices of its array.
const (
	counterSet      = iota // keepalive was turned on
	counterOwn             // the program had it on
	counterSkipped         // the policy leaves the connection alone
	counterFailed          // the kernel refused
	counterReplaced        // a timer of the program's was replaced
	counters
)

// program is a list of instructions under construction. R6 holds the context
// throughout.
type program struct {
	asm.Instructions
	labels int
	stats  *ebpf.Map
	ports  *ebpf.Map
}

func (p *program) add(in ...asm.Instruction) { p.Instructions = append(p.Instructions, in...) }

// label gives a new name for a place.
func (p *program) label(kind string) string {
	p.labels++
	return fmt.Sprintf("%s%d", kind, p.labels)
}

// at puts a name on the next instruction.
func (p *program) at(label string) {
	p.add(asm.Mov.Reg(asm.R6, asm.R6).WithSymbol(label)) // changes nothing
}

// count adds one to a counter. It changes R0 to R5.
func (p *program) count(counter int) {
	none := p.label("none")
	p.add(
		asm.StoreImm(asm.RFP, slotKey, int64(counter), asm.Word),
		asm.LoadMapPtr(asm.R1, p.stats.FD()),
		asm.Mov.Reg(asm.R2, asm.RFP),
		asm.Add.Imm(asm.R2, slotKey),
		asm.FnMapLookupElem.Call(),
		asm.JEq.Imm(asm.R0, 0, none),
		asm.LoadMem(asm.R1, asm.R0, 0, asm.DWord),
		asm.Add.Imm(asm.R1, 1),
		asm.StoreMem(asm.R0, 0, asm.R1, asm.DWord),
	)
	p.at(none)
}

// countPort counts a connection under the port of the server: the remote one
// of a connect, the local one of an accept.
func (p *program) countPort() {
	fresh, done, local := p.label("fresh"), p.label("done"), p.label("local")
	p.add(
		asm.LoadMem(asm.R1, asm.R6, opsOp, asm.Word),
		asm.LoadMem(asm.R2, asm.R6, opsLocalPort, asm.Word),
		asm.JEq.Imm(asm.R1, opEstablished, local),
		asm.LoadMem(asm.R2, asm.R6, opsRemotePort, asm.Word),
		asm.HostTo(asm.BE, asm.R2, asm.Word),
	)
	p.at(local)
	p.add(
		asm.LoadMem(asm.R1, asm.R6, opsOp, asm.Word),
		asm.StoreImm(asm.RFP, slotKey, 0, asm.Word),
		asm.StoreImm(asm.RFP, slotKey+4, 0, asm.Word),
		asm.StoreMem(asm.RFP, slotKey, asm.R2, asm.Half),
		asm.StoreMem(asm.RFP, slotKey+2, asm.R1, asm.Half),
		asm.LoadMapPtr(asm.R1, p.ports.FD()),
		asm.Mov.Reg(asm.R2, asm.RFP),
		asm.Add.Imm(asm.R2, slotKey),
		asm.FnMapLookupElem.Call(),
		asm.JEq.Imm(asm.R0, 0, fresh),
		asm.Mov.Imm(asm.R1, 1),
		asm.StoreXAdd(asm.R0, asm.R1, asm.DWord),
		asm.Ja.Label(done),
	)
	p.at(fresh)
	p.add(
		asm.Mov.Imm(asm.R1, 1),
		asm.StoreMem(asm.RFP, slotOne, asm.R1, asm.DWord),
		asm.LoadMapPtr(asm.R1, p.ports.FD()),
		asm.Mov.Reg(asm.R2, asm.RFP),
		asm.Add.Imm(asm.R2, slotKey),
		asm.Mov.Reg(asm.R3, asm.RFP),
		asm.Add.Imm(asm.R3, slotOne),
		asm.Mov.Imm(asm.R4, 0),
		asm.FnMapUpdateElem.Call(),
	)
	p.at(done)
}

// option calls bpf_getsockopt or bpf_setsockopt with the value on the stack.
func (p *program) option(fn asm.BuiltinFunc, level, name int) {
	p.add(
		asm.Mov.Reg(asm.R1, asm.R6),
		asm.Mov.Imm(asm.R2, int32(level)),
		asm.Mov.Imm(asm.R3, int32(name)),
		asm.Mov.Reg(asm.R4, asm.RFP),
		asm.Add.Imm(asm.R4, slotValue),
		asm.Mov.Imm(asm.R5, 4),
		fn.Call(),
	)
}

// set sets an option of the connection to value.
func (p *program) set(level, name, value int) {
	p.add(asm.StoreImm(asm.RFP, slotValue, int64(value), asm.Word))
	p.option(asm.FnSetsockopt, level, name)
}

// sockOps is the program that is called for every connection of the cgroup
// when it begins and when it is established. It never changes what happens to
// the connection otherwise.
func sockOps(s policy.Settings, own []netip.Addr, stats, ports *ebpf.Map) asm.Instructions {
	p := &program{stats: stats, ports: ports}
	p.add(
		asm.Mov.Reg(asm.R6, asm.R1),
		asm.LoadMem(asm.R7, asm.R6, opsOp, asm.Word),
		asm.JEq.Imm(asm.R7, opConnect, "wanted"),
		asm.JEq.Imm(asm.R7, opActive, "wanted"),
		asm.JNE.Imm(asm.R7, opEstablished, "out"),
	)
	p.at("wanted")
	p.selects(s.Policy, own)

	// R8: whether the program has keepalive on.
	p.add(asm.StoreImm(asm.RFP, slotValue, 0, asm.Word))
	p.option(asm.FnGetsockopt, unix.SOL_SOCKET, unix.SO_KEEPALIVE)
	p.add(
		asm.LoadMem(asm.R8, asm.RFP, slotValue, asm.Word),
		asm.JEq.Imm(asm.R8, 0, "off"),
		// At the established end of a connect this is what connect did.
		asm.JEq.Imm(asm.R7, opActive, "out"),
	)
	p.count(counterOwn)
	if s.Policy.OnlyOff {
		p.add(asm.Ja.Label("out"))
	}
	p.at("off")
	for _, t := range s.Options.TimerValues() {
		skip := p.label("keep")
		if s.Policy.NeverLengthen {
			p.add(
				asm.JEq.Imm(asm.R8, 0, skip+"set"),
				asm.StoreImm(asm.RFP, slotValue, 0, asm.Word),
			)
			p.option(asm.FnGetsockopt, unix.IPPROTO_TCP, t.Name)
			p.add(
				asm.LoadMem(asm.R1, asm.RFP, slotValue, asm.Word),
				asm.JEq.Imm(asm.R1, 0, skip+"set"),
				asm.JLE.Imm(asm.R1, int32(t.Value), skip),
			)
			p.at(skip + "set")
		}
		p.set(unix.IPPROTO_TCP, t.Name, t.Value)
		p.at(skip)
	}
	p.set(unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
	p.add(
		asm.JNE.Imm(asm.R0, 0, "failed"),
		asm.JNE.Imm(asm.R8, 0, "out"),
	)
	p.count(counterSet)
	p.countPort()
	p.add(asm.Ja.Label("out"))
	p.at("failed")
	p.count(counterFailed)
	if !s.Policy.Everything() { // the kernel takes no code that is never reached
		p.add(asm.Ja.Label("out"))
		p.at("left")
		p.count(counterSkipped)
	}
	p.at("out")
	p.add(asm.Mov.Imm(asm.R0, 1), asm.Return())
	return p.Instructions
}

// word is four bytes of an address as a 32-bit load of the machine has them.
func word(b []byte) uint32 { return binary.NativeEndian.Uint32(b) }

// unequal jumps to label unless (memory at off & mask) == value. It uses R2, R3.
func (p *program) unequal(off int16, value, mask uint32, label string) {
	p.add(
		asm.LoadMem(asm.R2, asm.R6, off, asm.Word),
		asm.LoadImm(asm.R3, int64(mask), asm.DWord),
		asm.And.Reg(asm.R2, asm.R3),
		asm.LoadImm(asm.R3, int64(value), asm.DWord),
		asm.JNE.Reg(asm.R2, asm.R3, label),
	)
}

// matches jumps to yes if the address at the offset (IPv4 or IPv6 form) lies
// in the network, and goes on behind otherwise.
func (p *program) matches(n netip.Prefix, off4, off6 int16, yes string) {
	v4, no := p.label("v4"), p.label("no")
	p.add(
		asm.LoadMem(asm.R2, asm.R6, opsFamily, asm.Word),
		asm.JEq.Imm(asm.R2, unix.AF_INET, v4),
	)
	if !n.Addr().Is4() {
		a := n.Addr().As16()
		if plain := p.label("plain"); holdsMapped(n) {
			// IPv4 in an IPv6 socket is IPv4.
			p.mapped(off6, plain)
			p.add(asm.Ja.Label(no))
			p.at(plain)
		}
		for i := range 4 {
			if bits := min(32, n.Bits()-32*i); bits > 0 {
				p.unequal(off6+int16(4*i), word(a[4*i:])&maskWord(bits), maskWord(bits), no)
			}
		}
		p.add(asm.Ja.Label(yes))
		p.at(v4)
		p.at(no)
		return
	}
	a := n.Addr().As4()
	test := func(off int16) {
		if n.Bits() > 0 {
			p.unequal(off, word(a[:])&maskWord(n.Bits()), maskWord(n.Bits()), no)
		}
		p.add(asm.Ja.Label(yes))
	}
	p.mapped(off6, no)
	test(off6 + 12)
	p.at(v4)
	test(off4)
	p.at(no)
}

// mapped jumps to no unless the address is ::ffff:a.b.c.d.
func (p *program) mapped(off6 int16, no string) {
	p.unequal(off6, 0, ^uint32(0), no)
	p.unequal(off6+4, 0, ^uint32(0), no)
	p.unequal(off6+8, word([]byte{0, 0, 0xff, 0xff}), ^uint32(0), no)
}

// holdsMapped reports whether ::ffff:0:0/96 lies within a network.
func holdsMapped(n netip.Prefix) bool {
	return n.Bits() <= 96 && netip.PrefixFrom(netip.AddrFrom16([16]byte{10: 0xff, 11: 0xff}), n.Bits()).Masked() == n
}

// maskWord is the mask of a network's first bits, as word has addresses.
func maskWord(bits int) uint32 {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], ^uint32(0)<<(32-bits))
	return word(b[:])
}

// selects goes on for the connections of the policy and to "left" with others.
func (p *program) selects(c policy.Policy, own []netip.Addr) {
	p.add(
		asm.LoadMem(asm.R2, asm.R6, opsFamily, asm.Word),
		asm.JEq.Imm(asm.R2, unix.AF_INET, "ip"),
		asm.JNE.Imm(asm.R2, unix.AF_INET6, "out"),
	)
	p.at("ip")
	if c.SkipLoopback {
		for _, n := range []string{"127.0.0.0/8", "::1/128"} {
			p.matches(netip.MustParsePrefix(n), opsRemoteIP4, opsRemoteIP6, "left")
		}
	}
	if len(c.Ports) > 0 {
		p.add(
			asm.LoadMem(asm.R4, asm.R6, opsRemotePort, asm.Word),
			asm.HostTo(asm.BE, asm.R4, asm.Word),
			asm.LoadMem(asm.R5, asm.R6, opsLocalPort, asm.Word),
		)
		for _, r := range c.Ports {
			for _, reg := range []asm.Register{asm.R4, asm.R5} {
				next := p.label("port")
				p.add(asm.JLT.Imm(reg, int32(r.From), next), asm.JLE.Imm(reg, int32(r.To), "ports"))
				p.at(next)
			}
		}
		p.add(asm.Ja.Label("left"))
		p.at("ports")
	}
	if len(c.Peers) > 0 {
		for _, n := range c.Peers {
			p.matches(n, opsRemoteIP4, opsRemoteIP6, "peers")
		}
		p.add(asm.Ja.Label("left"))
		p.at("peers")
	}
	if len(c.Interfaces) > 0 {
		for _, a := range own {
			p.matches(netip.PrefixFrom(a, a.BitLen()), opsLocalIP4, opsLocalIP6, "interfaces")
		}
		p.add(asm.Ja.Label("left"))
		p.at("interfaces")
	}
}

// setSockopt is the program that is called for every setsockopt of the cgroup:
// a timer that the user gave a value for gets that value, whatever the program
// says, so that timers which are set after connect (Go does) do not win.
func setSockopt(s policy.Settings, stats *ebpf.Map) asm.Instructions {
	p := &program{stats: stats}
	p.add(
		asm.Mov.Reg(asm.R6, asm.R1),
		asm.LoadMem(asm.R2, asm.R6, optLevel, asm.Word),
		asm.JNE.Imm(asm.R2, unix.IPPROTO_TCP, "out"),
		asm.LoadMem(asm.R2, asm.R6, optName, asm.Word),
	)
	for _, t := range s.Options.TimerValues() {
		next := p.label("next")
		p.add(
			asm.JNE.Imm(asm.R2, int32(t.Name), next),
			asm.LoadMem(asm.R7, asm.R6, optValue, asm.DWord),
			asm.LoadMem(asm.R3, asm.R6, optValueEnd, asm.DWord),
			asm.Mov.Reg(asm.R4, asm.R7),
			asm.Add.Imm(asm.R4, 4),
			asm.JGT.Reg(asm.R4, asm.R3, "out"), // too short: the kernel refuses it
			asm.LoadMem(asm.R4, asm.R7, 0, asm.Word),
			asm.JEq.Imm(asm.R4, int32(t.Value), "out"),
			// What the kernel refuses stays refused: 0 and negative numbers.
			asm.JGT.Imm(asm.R4, 1<<31-1, "out"),
			asm.JEq.Imm(asm.R4, 0, "out"),
		)
		if s.Policy.NeverLengthen {
			p.add(asm.JLT.Imm(asm.R4, int32(t.Value), "out"))
		}
		p.add(
			asm.StoreImm(asm.R7, 0, int64(t.Value), asm.Word),
			asm.Ja.Label("replaced"),
		)
		p.at(next)
	}
	p.add(asm.Ja.Label("out"))
	p.at("replaced")
	p.count(counterReplaced)
	p.at("out")
	p.add(asm.Mov.Imm(asm.R0, 1), asm.Return())
	return p.Instructions
}
