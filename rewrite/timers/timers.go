// Package timers is what a patch sets besides SO_KEEPALIVE: the timers that were asked for,
// their limits, and the blocks that set them, written after the block for SO_KEEPALIVE.
package timers

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/templates"
)

// Timers are TCP's keepalive timers; 0 leaves one at the system's value.
type Timers struct {
	Idle        int // seconds before the first probe
	Interval    int // seconds between probes
	Count       int // probes before the connection is given up
	UserTimeout int // milliseconds that sent data may stay unacknowledged
}

// Suggested are the timers where nobody has chosen any.
var Suggested = Timers{Idle: knowledge.SuggestedIdle, Interval: knowledge.SuggestedInterval, Count: knowledge.SuggestedCount}

// settings are the timers by the names of their options on the command line.
var settings = []struct {
	name  string
	timer func(*Timers) *int
}{
	{"idle", func(t *Timers) *int { return &t.Idle }},
	{"interval", func(t *Timers) *int { return &t.Interval }},
	{"count", func(t *Timers) *int { return &t.Count }},
	{"user-timeout", func(t *Timers) *int { return &t.UserTimeout }},
}

// Names are the names of the timers' options on the command line.
func Names() (names []string) {
	for _, l := range settings {
		names = append(names, l.name)
	}
	return names
}

// Read makes timers of the values of these options.
func Read(value func(name string) int) (t Timers) {
	for _, l := range settings {
		*l.timer(&t) = value(l.name)
	}
	return t
}

// Check reports a value that no system takes.
func (t Timers) Check() error {
	for _, l := range settings {
		if v, limit := *l.timer(&t), knowledge.SettingMax[l.name]; v < 0 || v > limit {
			return fmt.Errorf("--%s %d: give a number from 1 to %d", l.name, v, limit)
		}
	}
	return nil
}

// Any reports whether a timer is to be set.
func (t Timers) Any() bool { return t != Timers{} }

// Number is how many timers are asked for.
func (t Timers) Number() (n int) {
	for _, l := range settings {
		if *l.timer(&t) != 0 {
			n++
		}
	}
	return n
}

// Detection is the time in seconds after which a vanished peer is noticed, 0
// when one of the timers is left to the system.
func (t Timers) Detection() int {
	if t.Idle == 0 || t.Interval == 0 || t.Count == 0 {
		return 0
	}
	return t.Idle + t.Interval*t.Count
}

// Note is a remark on values that are taken but may not do what is meant.
func (t Timers) Note() string {
	switch {
	case t.Idle > 0 && t.Idle < 10 || t.Interval > 0 && t.Interval < 10:
		return "Solaris takes no keepalive times below 10 seconds"
	case t.UserTimeout > 0 && t.Detection() > 0 && t.UserTimeout < 1000*t.Detection():
		return "TCP_USER_TIMEOUT ends connections before the probes do, busy ones too"
	}
	return ""
}

// options are the options in the order they are set. Apple spells the
// idle time TCP_KEEPALIVE; elsewhere that name means other things.
var options = []struct {
	option string
	guard  string
	more   bool // another spelling of the same follows
	get    func(Timers) int
}{
	{"TCP_KEEPIDLE", "#ifdef TCP_KEEPIDLE", true, func(t Timers) int { return t.Idle }},
	{"TCP_KEEPALIVE", "#elif defined(__APPLE__) && defined(TCP_KEEPALIVE)", false, func(t Timers) int { return t.Idle }},
	{"TCP_KEEPINTVL", "#ifdef TCP_KEEPINTVL", false, func(t Timers) int { return t.Interval }},
	{"TCP_KEEPCNT", "#ifdef TCP_KEEPCNT", false, func(t Timers) int { return t.Count }},
	{"TCP_USER_TIMEOUT", "#ifdef TCP_USER_TIMEOUT", false, func(t Timers) int { return t.UserTimeout }},
}

// Blocks fills in the timers after the pattern of the block itself. apple is
// whether Apple's systems are among those that the code is built for.
func Blocks(tm Timers, b templates.Block, apple bool) []templates.Timer {
	var out []templates.Timer
	for _, o := range options {
		n := o.get(tm)
		if n == 0 || !apple && o.option == "TCP_KEEPALIVE" {
			continue
		}
		say := func(s string) string {
			s = strings.NewReplacer("SOL_SOCKET", "IPPROTO_TCP", "SO_KEEPALIVE",
				o.option, "keepalive", strings.ToLower(o.option)).Replace(s)
			// A message may name the option without its prefix.
			return ctree.StringLiteral.Regexp().ReplaceAllStringFunc(s, func(words string) string {
				words, _ = ctree.ReplaceInLiteral(words, "KEEPALIVE", strings.TrimPrefix(o.option, "TCP_"))
				return words
			})
		}
		swap := func(s string) string {
			return strings.NewReplacer("SOL_SOCKET", "IPPROTO_TCP", "SO_KEEPALIVE", o.option).Replace(s)
		}
		t := templates.Timer{
			Option: o.option, Number: n, Guard: []string{o.guard}, Last: !o.more || !apple,
			Set: swap(b.Set), Void: b.Void, Assign: fmt.Sprintf("%s = %d;", b.Value, n), Failed: swap(b.Failed),
		}
		for _, r := range b.Report {
			t.Report = append(t.Report, say(r))
		}
		if b.Ignore || len(b.Report) == 0 {
			t.Failed = "" // nothing would be said of it
		}
		out = append(out, t)
	}
	return out
}
