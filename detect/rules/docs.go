package rules

// All are all rules in order of their ID. KA0xx speak of the program's
// sockets, KA1xx of what keepatch was told or could not tell.
//
// The references are "project#number" for a thread in that project's public
// tracker and section numbers of the standards.
var All = []Rule{
	{
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

A listener is reported here when a socket accepted from it lacks keepalive.`,
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
	},
	{
		ID: MissingAccept, Name: "MissingKeepaliveOnAccepted", Severity: Error,
		Title: "Accepted TCP socket without SO_KEEPALIVE",
		Hint:  "turn SO_KEEPALIVE on right after accept() succeeded",
		Text: `Servers suffer most from connections whose peer is gone: each holds a
descriptor and often a process, until the server can take no more clients.

Set the option on the accepted socket. Linux and FreeBSD hand a listener's
options on to the sockets accepted from it, other systems hand on a part
or none (nginx#336, nginx#709), and a failing setsockopt on one client must
never end the server.`,
		Before: `fd = accept(listener, NULL, NULL);
if (fd < 0)
	continue;
serve(fd);`,
		After: `fd = accept(listener, NULL, NULL);
if (fd < 0)
	continue;
int on = 1;
if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
	perror("setsockopt(SO_KEEPALIVE)");
serve(fd);`,
	},
	{
		ID: "KA003", Name: "ListenerOnlyKeepalive", Severity: Note,
		Title: "SO_KEEPALIVE only on the listener",
		Hint:  "set the option on the accepted socket instead",
		Text: `The accepted socket has keepalive only because it took it over from its
listener. That works on Linux and FreeBSD. On macOS the kernel probes the
listener, which has no peer, and closes it when no answer comes
(tnfsd#24, godwoken#709, qtnetworkng#127); the timers are not handed on there
either (nginx#709). On Linux a connection that was already queued when the
option was set keeps the old value.`,
		Before: `setsockopt(listener, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
listen(listener, 5);
fd = accept(listener, NULL, NULL);`,
		After: `listen(listener, 5);
fd = accept(listener, NULL, NULL);
if (fd >= 0)
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));`,
	},
	{
		ID: "KA004", Name: "UntunedKeepalive", Severity: Note,
		Title: "SO_KEEPALIVE on, timers left at the system's two hours",
		Hint:  "set the timers (keepatch apply --idle 60 --interval 10 --count 6)",
		Text: `Without TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT the first probe leaves
after two hours and a dead connection is given up 11 minutes later (Linux:
7200 s, 75 s, 9 probes; RFC 1122 section 4.2.3.6 forbids a shorter default).
Boxes on the way forget a connection much earlier: home routers after 60 s,
Azure's load balancer after 4 minutes, AWS's after 350 s, GCP's after 10
minutes. The idle time has to be below the shortest of them; a dead peer is
noticed after idle + interval * count seconds.`,
		Before: `setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));`,
		After: `setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
#ifdef TCP_KEEPIDLE
int idle = 60;
setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
#endif`,
	},
	{
		ID: "KA005", Name: "CrossedKeepaliveTimers", Severity: Note,
		Title: "Keepalive timers crossed or out of range",
		Hint:  "give each option its own value, in its range",
		Text: `One timer's value is given to another timer's option, or is outside what the
kernel takes: 1 to 32767 s for TCP_KEEPIDLE and TCP_KEEPINTVL, 1 to 127 for
TCP_KEEPCNT (Linux answers EINVAL). Such slips live for years because nothing
fails (rsyslog#4609, rsyslog#2367, nginx-tcp-keepalive#3).`,
		Before: `setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &interval, sizeof(interval));
setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &idle, sizeof(idle));`,
		After: `setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));`,
	},
	{
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
	},
	{
		ID: "KA007", Name: "LateKeepalive", Severity: Note,
		Title: "SO_KEEPALIVE set after listen() or connect()",
		Hint:  "move the setsockopt call before listen() or connect()",
		Text: `On a listener the option reaches only connections whose handshake ends after
it was set: one that is already in the queue at listen() keeps the old value.
On a client nothing guards the time between connect() and the call, and an
early return in between leaves the connection without keepalive.`,
		Before: `listen(fd, 5);
setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));`,
		After: `setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
listen(fd, 5);`,
	},
	{
		ID: "KA008", Name: "IgnoredKeepaliveResult", Severity: Note,
		Title: "Result of setsockopt(SO_KEEPALIVE) ignored",
		Hint:  "check the result and say so when it fails",
		Text: `When the call fails (a wrong descriptor, a value of the wrong size) the
connection has no keepalive and nobody hears of it. Most projects log the
failure and go on; few treat it as fatal, and on an accepted socket nobody
should.`,
		Before: `setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));`,
		After: `if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
	perror("setsockopt(SO_KEEPALIVE)");`,
	},
	{
		ID: Malformed, Name: "MalformedSuppression", Severity: Warning,
		Title: "Suppression comment that does not count",
		Hint:  "write keepatch:ignore REASON, and end each ignore-begin with an ignore-end",
		Text: `A suppression needs a reason, so that the next reader can judge whether it
still holds. Without one it suppresses nothing. The same goes for a word
after "keepatch:" that is not known, an ignore-end without its ignore-begin,
and an ignore-begin that is never ended.`,
		Before: `fd = socket(AF_INET, SOCK_STREAM, 0); /* keepatch:ignore */`,
		After:  `fd = socket(AF_INET, SOCK_STREAM, 0); /* keepatch:ignore lives for one request */`,
	},
	{
		ID: Unused, Name: "UnusedSuppression", Severity: Warning,
		Title: "Suppression comment that suppresses nothing",
		Hint:  "remove the comment",
		Text: `No site on the lines this comment speaks of needs it: the socket has keepalive
by now, is no TCP socket, or has moved elsewhere. A comment that is left
behind hides the next socket that is written there.`,
		Before: `/* keepatch:ignore lives for one request */
fd = socket(AF_UNIX, SOCK_STREAM, 0);`,
		After: `fd = socket(AF_UNIX, SOCK_STREAM, 0);`,
	},
	{
		ID: Undecided, Name: "Undecided", Severity: Note,
		Title: "Socket that could not be judged",
		Hint:  "see why with keepatch explain, name the wrapper in .keepatch.yaml, or suppress it with a reason",
		Text: `The kind of the socket or the way of its descriptor could not be followed: it
comes from a function pointer, from a function outside the tree, or from a
value known only at run time. keepatch says so instead of calling it clean;
check --strict fails on it. The evidence names what was missing. A wrapper can
be described in .keepatch.yaml.`,
		Before: `fd = ops->open(ops->arg);   /* which socket() is this? */`,
		After: `# .keepatch.yaml
wrappers:
  creates:
    - name: my_open
      args: [AF_INET, SOCK_STREAM, 0]`,
	},
}
