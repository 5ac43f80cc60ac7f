package proof

import "testing"

func TestAsksFailure(t *testing.T) {
	const call = "setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on))"
	for _, tt := range []struct {
		front, behind string
		system, want  bool
	}{
		{"", "", true, true},
		{"", " < 0", true, true},
		{"", "==-1", true, true},
		{"", " != 0", true, true},
		{"", " <= -1", true, true},
		{"-1 == ", "", true, true},
		{"0 > ", "", true, true},
		{"", " == SOCKET_ERROR", true, true},
		{"", " < 0 && debug", true, true},
		{"type == SOCK_STREAM && ", " < 0", true, true},
		{"", "-1", true, false}, // the comparison is lost
		{"", " + 1 < 0", true, false},
		{"", " == 0", true, false},
		{"!", "", true, false},
		{"!", "", false, true}, // a function that returns true when it went well
		{"", " >= 0", true, false},
		{"", " > 0", true, false},
		{"", " < 0 || debug", true, false},
		{"", " = -1", true, false},
		{"", " <", true, false},
	} {
		if got := asksFailure(tt.front+call+tt.behind, call, tt.system); got != tt.want {
			t.Errorf("%sCALL%s, system %v: %v", tt.front, tt.behind, tt.system, got)
		}
	}
}
