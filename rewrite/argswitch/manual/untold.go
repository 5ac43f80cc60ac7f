package manual

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/usage"
)

// Untold lists the places, as FILE:LINE, where a manual shows the program's options as a
// synopsis does, in brackets, and nothing was added. Where a man page bears the program's
// name, others are those of other programs.
func Untold(j *patch.Patch, sp *patch.Spelling) (places []string) {
	if j.Host.Manuals == nil {
		return nil
	}
	known := map[string]bool{}
	for _, p := range sp.Peers {
		known[p] = true
	}
	var others []string
	own := false
	for _, name := range j.Host.Manuals() {
		src, err := j.Host.Read(name)
		if err != nil || translated.MatchString(name) || bytes.IndexByte(src, 0) >= 0 {
			continue
		}
		page, named := bytes.Contains(src, []byte("\n.SH ")), namedForProgram(name, sp)
		own = own || page && named
		for _, b := range synopses(src, known) {
			if !b.added(j.Other[name]) && !strings.Contains(plainRoff(string(src[b.from:b.to])), firstName(sp)) {
				if at := fmt.Sprintf("%s:%d", name, b.line); page && !named {
					others = append(others, at)
				} else {
					places = append(places, at)
				}
			}
		}
	}
	if !own {
		places = append(places, others...)
	}
	return places
}

func firstName(sp *patch.Spelling) string {
	if sp.Short != "" {
		return "[-" + sp.Short
	}
	return "[" + sp.Dash + sp.Long
}

// shown is a run of lines that show options in brackets.
type shown struct {
	line          int // of the first, 1-based
	from, to      int
	hits, options int // options of the program, and all
}

// synopses are the runs that show the options of a program, or most of them its. In a man
// page that is the section of that name, in which brackets go on over lines.
func synopses(src []byte, known map[string]bool) (list []shown) {
	var b shown
	var run strings.Builder
	end := func() {
		b.hits, b.options = usage.Known(run.String(), known, plainRoff)
		if b.hits > 1 && b.hits*2 > b.options {
			list = append(list, b)
		}
		run.Reset()
	}
	off, page, in := 0, bytes.Contains(src, []byte("\n.SH ")), false
	for i, l := range splitLines(src) {
		s := strings.TrimRight(string(l), "\r\n")
		if page && strings.HasPrefix(s, ".SH") {
			in = strings.Contains(s, "SYNOPSIS")
			end()
		}
		if _, options := usage.Known(s, known, plainRoff); in || !page && options > 0 {
			if run.Len() == 0 {
				b.line, b.from = i+1, off
			}
			b.to = off + len(l)
			run.WriteString(s + " ")
		} else {
			end()
		}
		off += len(l)
	}
	end()
	return list
}

// plainRoff is a text without the marks of a man page.
func plainRoff(s string) string {
	return strings.ReplaceAll(fonts.ReplaceAllString(s, ""), `\-`, "-")
}

// added reports whether a change of the file adds something to the run.
func (b *shown) added(c *patch.FileChange) bool {
	if c == nil {
		return false
	}
	for _, e := range c.Edits {
		if e.Start >= b.from && e.Start <= b.to {
			return true
		}
	}
	return false
}
