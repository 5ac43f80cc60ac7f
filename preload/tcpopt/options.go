// Package tcpopt holds the four socket options that make a TCP connection
// notice a dead peer: what a user asked for, whether the values are possible,
// and (on Linux) setting and reading them on a descriptor.
package tcpopt

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
)

// Limits of the Linux kernel.
const (
	MaxIdle     = knowledge.MaxIdle
	MaxInterval = knowledge.MaxInterval
	MaxCount    = knowledge.MaxCount
	MaxTimeout  = knowledge.MaxUserTimeout
)

const (
	off       = "off" // libkeepalive compares with strcasecmp
	envSwitch = "KEEPALIVE"
)

// Options is what the user wants on every TCP socket. Zero values leave the
// system's default, or whatever the program chose, in place.
type Options struct {
	// Off turns keepalive off instead of on; the timers are then not touched.
	Off bool `json:"off,omitempty"`
	// Idle is TCP_KEEPIDLE, seconds of silence before the first probe.
	Idle int `json:"idle,omitempty"`
	// Interval is TCP_KEEPINTVL, seconds between probes.
	Interval int `json:"interval,omitempty"`
	// Count is TCP_KEEPCNT, unanswered probes before the connection ends.
	Count int `json:"count,omitempty"`
	// UserTimeout is TCP_USER_TIMEOUT in milliseconds. It is never derived
	// from the others: it also limits unacknowledged data.
	UserTimeout int `json:"user_timeout,omitempty"`
}

// variable binds an option to its names, so that flags, environment and C
// shim cannot disagree about a range.
type variable struct {
	env, flag string
	max       int
	field     func(*Options) *int
}

var variables = []variable{
	{"KEEPIDLE", "--idle", MaxIdle, func(o *Options) *int { return &o.Idle }},
	{"KEEPINTVL", "--interval", MaxInterval, func(o *Options) *int { return &o.Interval }},
	{"KEEPCNT", "--count", MaxCount, func(o *Options) *int { return &o.Count }},
	{"KEEPUSERTIMEOUT", "--user-timeout", MaxTimeout, func(o *Options) *int { return &o.UserTimeout }},
}

// Set stores the value of a flag (named with its dashes) after checking its
// range. The error names the flag, the value and the range.
func (o *Options) Set(flag string, value int) error {
	for _, v := range variables {
		if v.flag != flag {
			continue
		}
		if value < 1 || value > v.max {
			return fmt.Errorf("%s %d is out of range 1..%d", flag, value, v.max)
		}
		*v.field(o) = value
		return nil
	}
	return fmt.Errorf("no such option: %s", flag)
}

// FromEnv reads the variables of libkeepalive (KEEPALIVE, KEEPIDLE, KEEPINTVL,
// KEEPCNT) and KEEPUSERTIMEOUT. disabled reports KEEPALIVE=off, in any case of
// letters as libkeepalive compares it; every other value, none included, means
// on. A value that is no number or out of range is an error, where libkeepalive
// would hand it to the kernel and ignore the answer.
func FromEnv(lookup func(string) (string, bool)) (o Options, disabled bool, err error) {
	if s, ok := lookup(envSwitch); ok && strings.EqualFold(s, off) {
		return o, true, nil
	}
	for _, v := range variables {
		s, ok := lookup(v.env)
		if !ok || s == "" {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			return o, false, fmt.Errorf("%s=%s is not a number", v.env, s)
		}
		if n < 1 || n > v.max {
			return o, false, fmt.Errorf("%s=%d is out of range 1..%d", v.env, n, v.max)
		}
		*v.field(&o) = n
	}
	return o, false, nil
}

// Over is o where it has a value, and below elsewhere.
func (o Options) Over(below Options) Options {
	for _, v := range variables {
		if n := v.field(&o); *n == 0 {
			*n = *v.field(&below)
		}
	}
	return o
}

// NoLonger is o with the timers of have where those are shorter.
func (o Options) NoLonger(have State) Options {
	for _, p := range []struct{ want, have *int }{
		{&o.Idle, &have.Idle}, {&o.Interval, &have.Interval}, {&o.Count, &have.Count}, {&o.UserTimeout, &have.UserTimeout},
	} {
		if *p.want != 0 && *p.have != 0 {
			*p.want = min(*p.want, *p.have)
		}
	}
	return o
}

// Override is env with the variables that make the shim do what o says, for a
// program that is started with the shim instead of under the supervisor. o has
// been made from env and flags, so nothing else of these variables remains.
func (o Options) Override(env []string) []string {
	var out []string
	for _, e := range env {
		name, _, _ := strings.Cut(e, "=")
		ours := name == envSwitch
		for _, v := range variables {
			ours = ours || name == v.env
		}
		if !ours {
			out = append(out, e)
		}
	}
	for _, v := range variables {
		if n := *v.field(&o); n != 0 {
			out = append(out, v.env+"="+strconv.Itoa(n))
		}
	}
	return out
}

// String is the short form of settings: idle/interval/count, "-" for what is
// left as it is.
func (o Options) String() string {
	text := func(n int) string {
		if n == 0 {
			return "-"
		}
		return strconv.Itoa(n)
	}
	t := text(o.Idle) + "/" + text(o.Interval) + "/" + text(o.Count)
	if o.UserTimeout != 0 {
		t += fmt.Sprintf(" user-timeout %dms", o.UserTimeout)
	}
	return t
}

// State is what a socket has, as getsockopt tells it.
type State struct {
	KeepAlive   bool `json:"keepalive"`
	Idle        int  `json:"idle"`         // seconds
	Interval    int  `json:"interval"`     // seconds
	Count       int  `json:"count"`        // probes
	UserTimeout int  `json:"user_timeout"` // milliseconds, 0 is the system's
}

// String is the short form of reports: "on 60/10/6" (idle, interval, count),
// with the user timeout behind where there is one, or "off".
func (s State) String() string {
	if !s.KeepAlive {
		return "off"
	}
	t := fmt.Sprintf("on %d/%d/%d", s.Idle, s.Interval, s.Count)
	if s.UserTimeout != 0 {
		t += fmt.Sprintf(" user-timeout %dms", s.UserTimeout)
	}
	return t
}
