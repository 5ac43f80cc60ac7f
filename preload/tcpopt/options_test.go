package tcpopt

import (
	"slices"
	"strings"
	"testing"
)

func TestFromEnv(t *testing.T) {
	for _, c := range []struct {
		env      string
		want     Options
		disabled bool
		err      string
	}{
		{"", Options{}, false, ""},
		{"KEEPALIVE=off KEEPIDLE=bad", Options{}, true, ""},
		{"KEEPALIVE=Off", Options{}, true, ""},
		{"KEEPALIVE=no KEEPIDLE=5", Options{Idle: 5}, false, ""},
		{"KEEPIDLE=1 KEEPINTVL=2 KEEPCNT=3 KEEPUSERTIMEOUT=4", Options{Idle: 1, Interval: 2, Count: 3, UserTimeout: 4}, false, ""},
		{"KEEPIDLE=32767 KEEPINTVL=32767 KEEPCNT=127 KEEPUSERTIMEOUT=2147483647", Options{Idle: 32767, Interval: 32767, Count: 127, UserTimeout: MaxTimeout}, false, ""},
		{"KEEPIDLE=", Options{}, false, ""},
		{"KEEPIDLE=0", Options{}, false, "KEEPIDLE=0 is out of range 1..32767"},
		{"KEEPIDLE=32768", Options{}, false, "out of range"},
		{"KEEPCNT=128", Options{}, false, "out of range 1..127"},
		{"KEEPINTVL=1e3", Options{}, false, "KEEPINTVL=1e3 is not a number"},
		{"KEEPUSERTIMEOUT=99999999999", Options{}, false, "out of range"},
	} {
		vars := map[string]string{}
		for _, e := range strings.Fields(c.env) {
			k, v, _ := strings.Cut(e, "=")
			vars[k] = v
		}
		o, disabled, err := FromEnv(func(k string) (string, bool) { v, ok := vars[k]; return v, ok })
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q: %v, want %q", c.env, err, c.err)
			}
			continue
		}
		if o != c.want || disabled != c.disabled || err != nil {
			t.Errorf("%q: %+v, %v, %v", c.env, o, disabled, err)
		}
	}
}

func TestSet(t *testing.T) {
	var o Options
	for flag, max := range map[string]int{"--idle": MaxIdle, "--interval": MaxInterval, "--count": MaxCount, "--user-timeout": MaxTimeout} {
		for _, bad := range []int{-1, 0, max + 1} {
			if err := o.Set(flag, bad); err == nil {
				t.Errorf("%s %d passes", flag, bad)
			}
		}
		if err := o.Set(flag, max); err != nil {
			t.Error(err)
		}
	}
	if want := (Options{Idle: MaxIdle, Interval: MaxInterval, Count: MaxCount, UserTimeout: MaxTimeout}); o != want {
		t.Errorf("%+v", o)
	}
	if err := o.Set("--else", 1); err == nil {
		t.Error("an unknown flag passes")
	}
}

func TestOverride(t *testing.T) {
	env := []string{"A=1", "KEEPALIVE=off", "KEEPIDLE=5", "KEEPALIVE_DEBUG=1", "KEEPCNT=9"}
	got := Options{Idle: 60, UserTimeout: 100}.Override(env)
	want := []string{"A=1", "KEEPALIVE_DEBUG=1", "KEEPIDLE=60", "KEEPUSERTIMEOUT=100"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
