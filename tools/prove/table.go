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
		if o.same() {
			built++
		}
		if o.patched > 0 || len(o.faults) > 0 {
			trees++
			fmt.Fprintln(&b, o.row())
		}
	}
	fmt.Fprintf(&b,
		"\n%d projects, %d with something to patch: %d sockets patched, %d left with a reason, %d built before and after, %d faults.\n",
		len(t), trees, patched, left, built, t.faults())
	return b.String()
}

// same reports whether a project was built before and after with the same result.
func (o *outcome) same() bool { return strings.HasPrefix(o.built, "same") }

// builds is the table of the projects that were built before and after.
func (t table) builds() string {
	var b strings.Builder
	var patched, built, tests, faults int
	var not []string
	b.WriteString("| project | patched | build | faults |\n|---|---|---|---|\n")
	for _, o := range t {
		switch {
		case o.same() || len(o.faults) > 0:
			built++
			patched += o.patched
			faults += len(o.faults)
			if strings.Contains(o.built, "tests") {
				tests++
			}
			n := "none"
			if len(o.faults) > 0 {
				n = fmt.Sprint(len(o.faults))
			}
			fmt.Fprintf(&b, "| %s | %d | %s | %s |\n", o.name, o.patched, o.built, n)
		case o.patched > 0:
			not = append(not, o.name)
		}
	}
	fmt.Fprintf(&b, "\n%d projects built before and after with `%s` (%d sockets patched), the tests of %d of them run: %d faults.\n",
		built, warnings, patched, tests, faults)
	if len(not) > 0 {
		fmt.Fprintf(&b, "Not built here: %s.\n", strings.Join(not, ", "))
	}
	return b.String()
}
