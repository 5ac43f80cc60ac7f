package proof

import "testing"

func TestUnsayable(t *testing.T) {
	for _, c := range []struct {
		stmt   string
		leaves bool
		ok     bool
	}{
		{`syslog(LOG_ERR, "cannot set SO_KEEPALIVE: %m");`, false, true},
		{`perror("setsockopt(SO_KEEPALIVE)");`, false, true},
		{`log("%.*s: keepalives: %s", n, p, strerror(errno));`, false, true},
		{`log("%2$s %1$d", a, b, c);`, false, true}, // numbered: any order
		{`TELL(N, (text("%s(%s) failed: %m", "setsockopt", "SO_KEEPALIVE")));`, false, true},
		{`log("no " "SO_KEEPALIVE: %s", why);`, false, true},
		{`log(LOG_X, _("no SO_KEEPALIVE: %s\n"), why (errno));`, false, true},
		{`log(LOG_X, _("no SO_KEEPALIVE: %s\n"));`, false, false},
		{`die("100%% of [it] (all)");`, true, true},
		{`DEBUG(0, ("SO_KEEPALIVE: %s\n", why(fd, 1)));`, false, true},
		{`log("Unable to set keepaliveess: %m");`, false, false},
		{`log("disSO_KEEPALIVE");`, false, false},
		{`log("no SO_KEEPALIVE [%s", why);`, false, false},
		{`log("no SO_KEEPALIVE (%s]", why);`, false, false},
		{`log("no SO_KEEPALIVE: %s %d", why);`, false, false},
		{`log("no SO_KEEPALIVE: %s", why, 7);`, false, false},
		{`log("Fatal error: no SO_KEEPALIVE");`, false, false},
		{`log("MAJOR ERROR: no SO_KEEPALIVE");`, false, false},
		{`log("no SO_KEEPALIVE, giving up");`, false, false},
		{`log("no SO_KEEPALIVE, giving up");`, true, true},
	} {
		if why := wordingFault(c.stmt, c.leaves, 0); (why == "") != c.ok {
			t.Errorf("%s: %q", c.stmt, why)
		}
	}
}
