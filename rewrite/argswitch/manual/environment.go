package manual

import (
	"bytes"
	"strings"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// What manuals say of the environment.
var envTimers = []string{
	"The seconds without traffic before the first probe, the seconds between",
	"probes, and how many probes may stay unanswered; those that are not set are",
	"the system's own.",
}

// envOnOff is the sentence about the words on and off, marked by a macro.
func envOnOff(macro string) []string {
	return []string{macro + "on", "turns on TCP keepalive, so that a peer that vanished is noticed,", macro + "off", "turns it off."}
}

// afterEnvironment are the sections that stand after ENVIRONMENT by custom.
var afterEnvironment = []string{"FILES", "EXIT", "EXAMPLE", "DIAGNOSTICS", "NOTES", "BUGS", "CAVEATS", "AUTHOR", "HISTORY", "COPYRIGHT",
	"LICENSE", "SEE", "STANDARDS", "CONFORMING", "REPORTING", "VERSION", "RESOURCES", "SECURITY"}

// AddEnvironment adds the variables to the program's page: the one that bears its
// name, or the only one of the tree. It returns the page, "" for none.
func AddEnvironment(j *patch.Patch, p *program.Program) string {
	if j.Host.Manuals == nil {
		return ""
	}
	type page struct {
		name string
		src  []byte
		mdoc bool
	}
	var pages, own []page
	for _, name := range j.Host.Manuals() {
		src, err := j.Host.Read(name)
		if err != nil || bytes.IndexByte(src, 0) >= 0 {
			continue
		}
		text := string(src)
		pg := page{name, src, strings.Contains(text, "\n.Sh ")}
		if !pg.mdoc && !(strings.Contains(text, ".TH ") && strings.Contains(text, "\n.SH ")) {
			continue
		}
		pages = append(pages, pg)
		if namedForProgram(name, &patch.Spelling{Near: p.Steps}) {
			own = append(own, pg)
		}
	}
	if len(own) > 0 {
		pages = own
	} else if len(pages) > 1 {
		return ""
	}
	if len(pages) == 0 || strings.Contains(string(pages[0].src), "KEEPIDLE") {
		return ""
	}
	pg := pages[0]
	if c := j.Other[pg.name]; c != nil {
		return pg.name // another program's, which reads the same
	}
	at, lines := envEntry(pg.src, pg.mdoc)
	eol := text.EOL(pg.src, 0)
	text := strings.Join(lines, eol) + eol
	if at > 0 && pg.src[at-1] != '\n' {
		text = eol + text
	}
	j.Other[pg.name] = &patch.FileChange{Path: pg.name, Src: pg.src}
	j.Other[pg.name].Edits = append(j.Other[pg.name].Edits, insertPoint(at, text))
	return pg.name
}

// envEntry is the text and where it goes: at the end of the section
// ENVIRONMENT, or as that section.
func envEntry(src []byte, mdoc bool) (int, []string) {
	macro := ".SH "
	if mdoc {
		macro = ".Sh "
	}
	at, off, in, found, list := len(src), 0, false, false, -1
	for _, l := range splitLines(src) {
		s := strings.TrimRight(string(l), "\r\n")
		if strings.HasPrefix(s, macro) {
			title := strings.ToUpper(strings.Trim(strings.TrimPrefix(s, macro), `" `))
			if in {
				at, in = off, false
				break
			}
			if strings.HasPrefix(title, "ENVIRONMENT") {
				in, found, list, at = true, true, -1, len(src)
			} else if at == len(src) {
				for _, w := range afterEnvironment {
					if strings.HasPrefix(title, w) {
						at = off
						break
					}
				}
			}
		}
		if in && strings.HasPrefix(s, ".El") {
			list = off
		}
		off += len(l)
	}
	var lines []string
	if mdoc {
		items := append([]string{".It Ev KEEPALIVE"}, envOnOff(".Cm ")...)
		items = append(append(items, ".It Ev KEEPIDLE , KEEPINTVL , KEEPCNT"), envTimers...)
		if found && list >= 0 {
			return list, items
		}
		items = append([]string{".Bl -tag -width KEEPALIVE"}, append(items, ".El")...)
		if found {
			return at, items
		}
		return at, append([]string{".Sh ENVIRONMENT"}, items...)
	}
	lines = append(lines, ".TP", ".B KEEPALIVE")
	lines = append(lines, envOnOff(".B ")...)
	lines = append(lines, ".TP", `.BR KEEPIDLE ", " KEEPINTVL ", " KEEPCNT`)
	lines = append(lines, envTimers...)
	if !found {
		lines = append([]string{".SH ENVIRONMENT"}, lines...)
	}
	// Above the comments that announce the next section, and blank lines.
	for at > 0 {
		prev := text.LineStart(src, at-1)
		if l := strings.TrimSpace(string(src[prev:at])); l != `.\"` && !strings.HasPrefix(l, `.\" `) && l != "" && l != "." {
			break
		}
		at = prev
	}
	return at, lines
}
