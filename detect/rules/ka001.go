package rules

var ka001 = Rule{
	ID: Missing, Name: "MissingKeepalive", Severity: Error,
	Title: "TCP socket without SO_KEEPALIVE",
	Hint:  "turn SO_KEEPALIVE on right after the socket is made",
	Text: `A TCP connection that carries no data says nothing when its peer is gone: the
cable is cut, the peer is switched off, or a NAT box or firewall on the way
has forgotten the connection. The program waits in recv() for ever, and its
descriptor, memory and lock stay in use.

With SO_KEEPALIVE on, the kernel sends probes over an idle connection; a dead
one ends with ETIMEDOUT, and a living one is kept in the tables of the boxes
between. Nothing turns it on by itself: it is off for every new socket
(RFC 9293 section 3.8.4, "MUST default to off"; TCP Keepalive HOWTO section 5).

A listener lacks it when a socket accepted from it does. Both are one finding:
check reports and counts it at the accept() (KA002), where the block goes, and
names the listener there. The listener is reported here where the finding at
the accept() is silenced or less grave, where no accept() could be matched to it,
and where the patch goes to the listener itself.`,
	Before: `fd = socket(AF_INET, SOCK_STREAM, 0);
if (fd < 0)
	return -1;
connect(fd, sa, salen);`,
	After: `fd = socket(AF_INET, SOCK_STREAM, 0);
if (fd < 0)
	return -1;
int on = 1;
if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
	perror("setsockopt(SO_KEEPALIVE)");
connect(fd, sa, salen);`,
}
