// Package policy says which connections get keepalive, and reads the
// machine-wide configuration /etc/keepatch.conf. The same policy is applied by
// keepatch run, which looks at sockets, and by keepatch host, which compiles it
// into a BPF program.
package policy

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Policy chooses connections. The zero value is every connection, loopback
// included, whatever the program chose.
type Policy struct {
	// Ports, if there are any, are those of either end.
	Ports []Range `json:"ports,omitempty"`
	// Peers, if there are any, are the networks of the other end.
	Peers []netip.Prefix `json:"peers,omitempty"`
	// Interfaces, if there are any, are those with the address of this end.
	Interfaces []string `json:"interfaces,omitempty"`
	// SkipLoopback leaves connections within the machine alone.
	SkipLoopback bool `json:"skip_loopback,omitempty"`
	// OnlyOff leaves connections alone that the program turned keepalive on for.
	OnlyOff bool `json:"only_off,omitempty"`
	// NeverLengthen keeps timers of the program's that are shorter.
	NeverLengthen bool `json:"never_lengthen,omitempty"`
}

// Range is of port numbers, both ends included.
type Range struct {
	From uint16 `json:"from"`
	To   uint16 `json:"to"`
}

// Contains reports whether a port is in the range.
func (r Range) Contains(port uint16) bool { return r.From <= port && port <= r.To }

func (r Range) String() string {
	if r.From == r.To {
		return strconv.Itoa(int(r.From))
	}
	return fmt.Sprintf("%d-%d", r.From, r.To)
}

// Everything reports whether no connection is left out by its addresses.
func (p Policy) Everything() bool {
	return len(p.Ports) == 0 && len(p.Peers) == 0 && len(p.Interfaces) == 0 && !p.SkipLoopback
}

// Selects reports whether the connection between two addresses is chosen; own
// are the addresses of the policy's interfaces. An address that is not known
// yet leaves out nothing.
func (p Policy) Selects(local, remote netip.AddrPort, own []netip.Addr) bool {
	to, from := remote.Addr().Unmap(), local.Addr().Unmap()
	if p.SkipLoopback && to.IsValid() && (to.IsLoopback() || to == from) {
		return false
	}
	if len(p.Ports) > 0 && !slices.ContainsFunc(p.Ports, func(r Range) bool {
		return r.Contains(remote.Port()) || r.Contains(local.Port())
	}) {
		return false
	}
	if len(p.Peers) > 0 && to.IsValid() && !slices.ContainsFunc(p.Peers, func(n netip.Prefix) bool { return n.Contains(to) }) {
		return false
	}
	if len(p.Interfaces) > 0 && from.IsValid() && !from.IsUnspecified() && !slices.Contains(own, from) {
		return false
	}
	return true
}

// NeedsPeer reports whether the policy depends on who the peer is, which is not
// known of a listener.
func (p Policy) NeedsPeer() bool { return p.SkipLoopback || len(p.Peers) > 0 || len(p.Interfaces) > 0 }

// Addresses are those of the policy's interfaces.
func (p Policy) Addresses() (own []netip.Addr, err error) {
	for _, name := range p.Interfaces {
		i, err := net.InterfaceByName(name)
		if err != nil {
			return nil, fmt.Errorf("interface %s: %w", name, err)
		}
		list, err := i.Addrs()
		if err != nil {
			return nil, fmt.Errorf("interface %s: %w", name, err)
		}
		for _, a := range list {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				own = append(own, p.Addr().Unmap().WithZone(""))
			}
		}
	}
	return own, nil
}

// ParsePorts reads "443, 6379-6380".
func ParsePorts(text string) (ports []Range, err error) {
	for _, word := range words(text) {
		from, to, isRange := strings.Cut(word, "-")
		if !isRange {
			to = from
		}
		a, errA := strconv.ParseUint(from, 10, 16)
		b, errB := strconv.ParseUint(to, 10, 16)
		if errA != nil || errB != nil || a == 0 || a > b {
			return nil, fmt.Errorf("%q is not a port or a range of ports", word)
		}
		ports = append(ports, Range{uint16(a), uint16(b)})
	}
	return ports, nil
}

// ParsePeers reads "10.0.0.0/8, 192.0.2.7, 2001:db8::/32".
func ParsePeers(text string) (peers []netip.Prefix, err error) {
	for _, word := range words(text) {
		p, err := netip.ParsePrefix(word)
		if err != nil {
			a, addrErr := netip.ParseAddr(word)
			if addrErr != nil {
				return nil, fmt.Errorf("%q is not an address or a network", word)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		peers = append(peers, p.Masked())
	}
	return peers, nil
}

// words are separated by commas, blanks or both.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
}

// String is the policy in a few words, for a status.
func (p Policy) String() string {
	var parts []string
	if len(p.Ports) > 0 {
		var list []string
		for _, r := range p.Ports {
			list = append(list, r.String())
		}
		parts = append(parts, "ports "+strings.Join(list, ","))
	}
	if len(p.Peers) > 0 {
		var list []string
		for _, n := range p.Peers {
			list = append(list, n.String())
		}
		parts = append(parts, "peers "+strings.Join(list, ","))
	}
	if len(p.Interfaces) > 0 {
		parts = append(parts, "interfaces "+strings.Join(p.Interfaces, ","))
	}
	if p.SkipLoopback {
		parts = append(parts, "without loopback")
	}
	if p.OnlyOff {
		parts = append(parts, "only where off")
	}
	if p.NeverLengthen {
		parts = append(parts, "never longer")
	}
	if len(parts) == 0 {
		return "all connections"
	}
	return strings.Join(parts, ", ")
}
