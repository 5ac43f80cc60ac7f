package rewrite

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/rewrite/timers"
)

// Sender is who a patch is said to be from.
type Sender struct {
	Name, Email string
	When        time.Time
}

// description is the text of a commit: what, why, which sockets, what is not
// covered.
func (p *Plan) description(tm timers.Timers) (subject, body string) {
	var b strings.Builder
	var clients, accepted, listeners []string
	for _, f := range p.Fixes {
		if f.Status != result.FixPatch {
			continue
		}
		line := fmt.Sprintf("  %s: %s() in %s()", p.shown(f.Site.File), f.Site.Call, f.Site.Function)
		switch f.Site.Role {
		case result.Accepted:
			accepted = append(accepted, line)
		case result.Listener:
			listeners = append(listeners, line)
		default:
			clients = append(clients, line)
		}
	}
	subject = "Turn on TCP keepalive"
	switch {
	case len(clients) == 0 && len(accepted) > 0:
		subject += " on accepted connections"
	case len(accepted) == 0 && len(listeners) == 0:
		subject += " on outgoing connections"
	}
	b.WriteString(`A TCP connection whose peer has vanished without a word (a crash, a pulled
cable, a NAT or firewall that forgot it) looks alive for ever to a side that
only reads. With SO_KEEPALIVE the kernel probes idle connections and ends the
dead ones.
`)
	switch d := tm.Detection(); {
	case d > 0:
		fmt.Fprintf(&b, "\nA vanished peer is noticed after %d seconds: %d s without traffic, then %d\nprobes %d s apart.\n",
			d, tm.Idle, tm.Count, tm.Interval)
	case tm.Any():
		b.WriteString("\nTimers that are not set here stay at the system's values.\n")
	default:
		b.WriteString("\nThe timers stay at the system's values, usually 2 hours before the first\nprobe.\n")
	}
	if tm.UserTimeout > 0 {
		fmt.Fprintf(&b, "TCP_USER_TIMEOUT ends a connection when sent data stays unacknowledged for\n%d ms.\n", tm.UserTimeout)
	}
	section := func(title string, lines []string) {
		if len(lines) > 0 {
			fmt.Fprintf(&b, "\n%s:\n%s\n", title, strings.Join(unique(lines), "\n"))
		}
	}
	section("Outgoing connections", clients)
	section("Accepted connections", accepted)
	section("Listening sockets, whose connections inherit it", listeners)
	var left []string
	for _, f := range p.Fixes {
		if f.Status == result.FixNone {
			left = append(left, fmt.Sprintf("  %s: %s() in %s(): %s", p.shown(f.Site.File), f.Site.Call, f.Site.Function, f.Reason))
		}
	}
	section("Not covered", left)
	return subject, b.String()
}

func unique(lines []string) []string {
	out := lines[:0:0]
	for i, l := range lines {
		if i == 0 || l != lines[i-1] {
			out = append(out, l)
		}
	}
	return out
}

// Mail is the patch as a mail that git am takes; nothing when there is no
// patch.
func (p *Plan) Mail(from Sender, tm timers.Timers, version string) []byte {
	if len(p.Files) == 0 {
		return nil
	}
	subject, body := p.description(tm)
	var b bytes.Buffer
	// The date in the first line is the one that git itself writes there.
	fmt.Fprintf(&b, "From %s Mon Sep 17 00:00:00 2001\n", strings.Repeat("0", 40))
	fmt.Fprintf(&b, "From: %s <%s>\nDate: %s\nSubject: [PATCH] %s\n", from.Name, from.Email, from.When.Format(time.RFC1123Z), subject)
	b.WriteString("MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n")
	b.WriteString(body)
	b.WriteString("---\n")
	for _, f := range p.Files {
		fmt.Fprintf(&b, "diff --git a/%s b/%s\n", p.shown(f.Path), p.shown(f.Path))
		b.Write(f.Diff)
	}
	fmt.Fprintf(&b, "-- \nkeepatch %s\n", version)
	return b.Bytes()
}

// Quilt is the patch with a DEP-3 header for debian/patches; nothing when
// there is no patch.
func (p *Plan) Quilt(from Sender, tm timers.Timers) []byte {
	if len(p.Files) == 0 {
		return nil
	}
	subject, body := p.description(tm)
	var b bytes.Buffer
	fmt.Fprintf(&b, "Description: %s\n", subject)
	for _, l := range strings.Split(strings.TrimRight(body, "\n"), "\n") {
		if l == "" {
			l = "."
		}
		fmt.Fprintf(&b, " %s\n", l)
	}
	fmt.Fprintf(&b, "Author: %s <%s>\nForwarded: no\nLast-Update: %s\n---\n", from.Name, from.Email, from.When.Format("2006-01-02"))
	for _, f := range p.Files {
		b.Write(f.Diff)
	}
	return b.Bytes()
}
