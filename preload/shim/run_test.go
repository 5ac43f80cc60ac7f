package shim

import (
	"slices"
	"testing"

	"github.com/keepatch/keepatch/preload/tcpopt"
)

// TestRunEnv: the program's environment is the user's, and what the library needs.
func TestRunEnv(t *testing.T) {
	r := Run{Cookie: 0x8123456789abcdef, Options: tcpopt.Options{Idle: 60, Count: 5, UserTimeout: 9000}, LeaveAccept: true, SocketStops: true}
	const variable = "KEEPATCH_RUN=1,8123456789abcdef,60,0,5,9000,3"
	for _, tt := range []struct{ env, want []string }{
		{[]string{"A=b", "KEEPIDLE=7"}, []string{"A=b", "KEEPIDLE=7", "ASAN_OPTIONS=verify_asan_link_order=0", variable, "LD_PRELOAD=/l.so"}},
		{[]string{"LD_PRELOAD=/x.so", "KEEPATCH_RUN=1,9,9,9,9,9,9", "ASAN_OPTIONS=detect_leaks=0"},
			[]string{"ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0", variable, "LD_PRELOAD=/x.so:/l.so"}},
		{[]string{"ASAN_OPTIONS=verify_asan_link_order=1"}, []string{"ASAN_OPTIONS=verify_asan_link_order=1", variable, "LD_PRELOAD=/l.so"}},
	} {
		if got := r.Env(tt.env, "/l.so"); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.env, got, tt.want)
		}
	}
	if got, want := (Run{Cookie: 1 << 63}).Env(nil, "/l.so")[1], "KEEPATCH_RUN=1,8000000000000000,0,0,0,0,0"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if a, b := NewCookie(), NewCookie(); a == b || a>>63 == 0 || b>>63 == 0 {
		t.Errorf("cookies %x and %x", a, b)
	}
}
