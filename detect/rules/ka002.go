package rules

var ka002 = Rule{
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
}
