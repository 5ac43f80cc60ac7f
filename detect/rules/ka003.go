package rules

var ka003 = Rule{
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
}
