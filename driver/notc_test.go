package driver

import "testing"

func TestMayCall(t *testing.T) {
	for src, want := range map[string]bool{
		"s = socket(1)": true, "accept4 \n (fd)": true, "socket(": true, "::accept(": true,
		"socket": false, "mysocket(1)": false, "socketsocket(1)": false, "sockets(1)": false, "socket; accept": false, "": false,
	} {
		if mayCall([]byte(src)) != want {
			t.Errorf("%q: not %v", src, want)
		}
	}
}
