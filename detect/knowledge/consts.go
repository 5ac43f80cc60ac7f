package knowledge

// canonicalNames maps the spellings of constants that mean the same. Source:
// POSIX.1 <sys/socket.h>, Linux's and the BSDs' headers.
var canonicalNames = map[string]string{
	"PF_INET": "AF_INET", "PF_INET6": "AF_INET6", "PF_UNIX": "AF_UNIX", "PF_LOCAL": "AF_UNIX", "AF_LOCAL": "AF_UNIX",
	"AF_FILE": "AF_UNIX", "PF_FILE": "AF_UNIX", "PF_UNSPEC": "AF_UNSPEC", "PF_NETLINK": "AF_NETLINK", "PF_PACKET": "AF_PACKET",
	"PF_ROUTE": "AF_ROUTE", "PF_BLUETOOTH": "AF_BLUETOOTH", "PF_KEY": "AF_KEY", "PF_X25": "AF_X25", "PF_INET_SDP": "AF_INET_SDP",
	"PF_SYSTEM": "AF_SYSTEM", "PF_LINK": "AF_LINK", "PF_APPLETALK": "AF_APPLETALK", "PF_IPX": "AF_IPX", "PF_NS": "AF_NS",
	"PF_VSOCK": "AF_VSOCK", "PF_TIPC": "AF_TIPC", "PF_CAN": "AF_CAN", "PF_RDS": "AF_RDS", "PF_SMC": "AF_SMC",
	"IPPROTO_IP": "0", "INVALID_SOCKET": "-1", "GNUTLS_STREAM": "",
}

// kinds of constants that decide about the transport.
var (
	// AF_SMC is TCP's: its sockets begin, and fall back, on a TCP socket of their own, to
	// which SO_KEEPALIVE is handed (net/smc/af_smc.c, smc_set_keepalive).
	InetDomains  = SetOf("AF_INET AF_INET6 AF_SMC")
	OtherDomains = SetOf(`AF_UNIX AF_NETLINK AF_PACKET AF_ROUTE AF_BLUETOOTH AF_KEY AF_X25 AF_SYSTEM AF_LINK AF_APPLETALK AF_IPX AF_NS
		AF_VSOCK AF_TIPC AF_CAN AF_RDS AF_ALG AF_AX25 AF_ECONET AF_ATMPVC AF_ATMSVC AF_IRDA AF_PPPOX AF_WANPIPE AF_LLC AF_IB AF_MPLS
		AF_CAIF AF_IUCV AF_MCTP AF_PHONET AF_IEEE802154 AF_NFC AF_KCM AF_QIPCRTR AF_XDP AF_ISDN AF_HYPERV AF_NETROM AF_DECnet AF_ROSE
		AF_NETBEUI AF_SECURITY AF_ASH AF_SNA AF_RXRPC AF_BRIDGE AF_INET_SDP AF_UNIX_CCSID AF_NATM AF_ISO AF_OSI AF_CCITT AF_CHAOS`)
	StreamTypes  = SetOf("SOCK_STREAM")
	OtherTypes   = SetOf("SOCK_DGRAM SOCK_RAW SOCK_RDM SOCK_SEQPACKET SOCK_PACKET SOCK_DCCP")
	TcpProtocols = SetOf("IPPROTO_TCP IPPROTO_MPTCP IPPROTO_SMC SMCPROTO_SMC SMCPROTO_SMC6 0 6 256 262 SOL_TCP")
	// NothingButTCP are those of them that no other kind of socket is made with.
	NothingButTCP  = SetOf("IPPROTO_TCP 6 IPPROTO_MPTCP 262")
	OtherProtocols = SetOf(`IPPROTO_UDP IPPROTO_ICMP IPPROTO_ICMPV6 IPPROTO_SCTP IPPROTO_RAW IPPROTO_IGMP IPPROTO_UDPLITE IPPROTO_DCCP
		IPPROTO_ESP IPPROTO_AH IPPROTO_GRE IPPROTO_OSPF IPPROTO_PIM IPPROTO_VRRP 17 1 58 132 255 2 NETLINK_ROUTE`)
	TypeFlags = SetOf("SOCK_NONBLOCK SOCK_CLOEXEC SOCK_NOSIGPIPE SOCK_DNS O_NONBLOCK O_CLOEXEC 0")
)

// numbers give constants that sources write as plain numbers their names, by
// argument of socket(). Source: Linux's <bits/socket.h>. Left out are those that
// are AF_INET6 on another system: 23, 24, 26, 28 and 30.
var (
	DomainNumbers = map[string]string{
		"0": "AF_UNSPEC", "1": "AF_UNIX", "2": "AF_INET", "3": "AF_AX25", "4": "AF_IPX",
		"5": "AF_APPLETALK", "6": "AF_NETROM", "7": "AF_BRIDGE",
		"8": "AF_ATMPVC", "9": "AF_X25", "10": "AF_INET6", "11": "AF_ROSE", "12": "AF_DECnet",
		"13": "AF_NETBEUI", "14": "AF_SECURITY", "15": "AF_KEY",
		"16": "AF_NETLINK", "17": "AF_PACKET", "18": "AF_ASH", "19": "AF_ECONET", "20": "AF_ATMSVC",
		"21": "AF_RDS", "22": "AF_SNA", "25": "AF_WANPIPE",
		"27": "AF_IB", "29": "AF_CAN", "31": "AF_BLUETOOTH", "32": "AF_IUCV", "33": "AF_RXRPC",
		"34": "AF_ISDN", "35": "AF_PHONET", "36": "AF_IEEE802154",
		"37": "AF_CAIF", "38": "AF_ALG", "39": "AF_NFC", "40": "AF_VSOCK", "41": "AF_KCM",
		"42": "AF_QIPCRTR", "43": "AF_SMC", "44": "AF_XDP", "45": "AF_MCTP",
	}
	TypeNumbers = map[string]string{"1": "SOCK_STREAM", "2": "SOCK_DGRAM", "3": "SOCK_RAW", "4": "SOCK_RDM",
		"5": "SOCK_SEQPACKET", "6": "SOCK_DCCP", "10": "SOCK_PACKET"}
)

// Canonical returns the one name of a constant of the socket interface.
func Canonical(name string) (string, bool) {
	if c, ok := canonicalNames[name]; ok {
		return c, true
	}
	switch {
	case InetDomains[name], OtherDomains[name], StreamTypes[name], OtherTypes[name], TypeFlags[name], name == "AF_UNSPEC":
		return name, true
	case TcpProtocols[name], OtherProtocols[name]:
		return name, true
	case hasPrefix(name, "AF_"), hasPrefix(name, "SOCK_"), hasPrefix(name, "IPPROTO_"):
		return name, true
	case hasPrefix(name, "PF_"):
		return "AF_" + name[3:], true
	case hasPrefix(name, "SO_"), hasPrefix(name, "SOL_"), hasPrefix(name, "TCP_"):
		return name, true
	}
	return "", false
}

// Listed reports whether a constant is one of the platform's by its whole name, and not only by
// its prefix.
func Listed(name string) bool {
	if _, ok := canonicalNames[name]; ok {
		return true
	}
	return InetDomains[name] || OtherDomains[name] || StreamTypes[name] || OtherTypes[name] || TypeFlags[name] ||
		TcpProtocols[name] || OtherProtocols[name] || name == "AF_UNSPEC" || name == "SO_KEEPALIVE"
}

func hasPrefix(s, p string) bool { return len(s) > len(p) && s[:len(p)] == p }
