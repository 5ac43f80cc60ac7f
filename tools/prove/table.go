package main

import (
	"fmt"
	"strings"
)

type table []*outcome

func (o *outcome) row() string {
	faults := "none"
	if n := len(o.faults); n > 0 {
		faults = fmt.Sprint(n)
	}
	return fmt.Sprintf("| %s | %d | %d | %s | %s |", o.name, o.patched, o.left, o.built, faults)
}

func (t table) faults() (n int) {
	for _, o := range t {
		n += len(o.faults)
	}
	return n
}

// markdown is the table of the projects with something to patch, and a line with
// the sums.
func (t table) markdown() string {
	var b strings.Builder
	var patched, left, built, trees int
	b.WriteString("| project | patched | left | build | faults |\n|---|---|---|---|---|\n")
	for _, o := range t {
		patched += o.patched
		left += o.left
		if o.built == "same" {
			built++
		}
		if o.patched > 0 || len(o.faults) > 0 {
			trees++
			fmt.Fprintln(&b, o.row())
		}
	}
	fmt.Fprintf(&b, "\n%d projects, %d with something to patch: %d sockets patched, %d left with a reason, %d built before and after, %d faults.\n",
		len(t), trees, patched, left, built, t.faults())
	return b.String()
}
