package knowledge

import "strings"

// FamilyMembers are the members that hold an address family.
var (
	FamilyNames   = []string{"sa_family", "sin_family", "sin6_family", "sun_family", "ss_family"}
	FamilyMembers = SetOf("sa_family sin_family sin6_family sun_family ss_family")
)

// familyOfType is the family that the type of an address implies.
var familyOfType = map[string]string{
	"sockaddr_in": "AF_INET", "sockaddr_in6": "AF_INET6", "sockaddr_un": "AF_UNIX", "sockaddr_nl": "AF_NETLINK",
	"sockaddr_ll": "AF_PACKET", "sockaddr_rc": "AF_BLUETOOTH", "sockaddr_l2": "AF_BLUETOOTH", "sockaddr_hci": "AF_BLUETOOTH",
	"sockaddr_vm": "AF_VSOCK", "sockaddr_alg": "AF_ALG", "sockaddr_can": "AF_CAN", "sockaddr_ctl": "AF_SYSTEM",
	"sockaddr_x25": "AF_X25", "sockaddr_ax25": "AF_AX25", "sockaddr_at": "AF_APPLETALK", "sockaddr_dl": "AF_LINK",
	"sockaddr_sco": "AF_BLUETOOTH", "sockaddr_iucv": "AF_IUCV", "sockaddr_irda": "AF_IRDA",
	"sockaddr_pn": "AF_PHONET", "sockaddr_qrtr": "AF_QIPCRTR",
	"sockaddr_atmpvc": "AF_ATMPVC", "sockaddr_atmsvc": "AF_ATMSVC", "sockaddr_ipx": "AF_IPX",
	"sockaddr_rose": "AF_ROSE", "sockaddr_pppox": "AF_PPPOX",
	"sockaddr_llc": "AF_LLC", "sockaddr_xdp": "AF_XDP", "sockaddr_caif": "AF_CAIF",
	"sockaddr_nfc": "AF_NFC", "sockaddr_ieee802154": "AF_IEEE802154",
	"sockaddr_rxrpc": "AF_RXRPC", "sockaddr_ib": "AF_IB", "sockaddr_mctp": "AF_MCTP",
	"sockaddr_hv": "AF_HYPERV", "sockaddr_tipc": "AF_TIPC", "SOCKADDR_IN": "AF_INET", "SOCKADDR_IN6": "AF_INET6",
}

// TypeFamily returns the AF_ constant of a sockaddr type, "" for other types.
func TypeFamily(base string) string {
	return familyOfType[strings.TrimPrefix(base, "struct ")]
}

// KnownMembers are the members, in order, of structs that no tree defines.
// Source: POSIX.1 <netdb.h>; the order of the first five is glibc's, musl's
// and the BSDs'.
var KnownMembers = map[string][]string{
	"addrinfo": {"ai_flags", "ai_family", "ai_socktype", "ai_protocol", "ai_addrlen"},
}

// systemStructs are structs of the system: stores to their members say
// nothing of one object unless the object itself is followed.
var systemStructs = SetOf(`addrinfo sockaddr sockaddr_in sockaddr_in6 sockaddr_un sockaddr_storage sockaddr_nl sockaddr_ll
	hostent servent protoent ifreq ifaddrs pollfd epoll_event msghdr iovec timeval in_addr in6_addr`)

// IsSystemStruct reports whether a type is a struct of the system's headers, whose members a
// tree does not define.
func IsSystemStruct(base string) bool {
	return systemStructs[strings.TrimPrefix(base, "struct ")]
}

// NoDescriptors are types of truth values, which are no descriptors. A fraction can be one: it
// is what some interpreters keep all their numbers in, lua_pushnumber(L, fd).
// Source: ISO C11 7.18; GLib, X11 and the Windows API for theirs.
var NoDescriptors = SetOf("_Bool bool boolean gboolean Bool BOOL BOOLEAN")
