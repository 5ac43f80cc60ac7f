package rules

var ka009 = Rule{
	ID: SomePaths, Name: "KeepaliveOnSomeWays", Severity: Warning,
	Title: "SO_KEEPALIVE set on some ways through the program only",
	Hint:  "set the option where the socket is made, or behind the call that is named (keepatch apply)",
	Text: `A function makes or accepts sockets for several callers, and keepalive is turned
on for some of them: behind one call and not behind another, or under a flag
that one caller passes and another never does. Nobody who runs the program can
choose otherwise, so the connections on the other way wait for ever when their
peer is gone.

The message names a call without the option. An option under a switch that the
user of the program has is not reported, nor are callers that ask for another
kind of socket, listen, or stand in tests. check fails on the rule with --strict.
keepatch apply puts the block behind the calls without it, where the descriptor is
what they return.`,
	Before: `fd = net_connect(a);
setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
...
fd = net_connect(b);`,
	After: `fd = net_connect(a);
setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
...
fd = net_connect(b);
setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));`,
}
