package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/keepatch/keepatch/tools/internal/timing"
)

// A project may take the time that keepatch needs to start and plan, and
// beyond that a multiple of the search.
const (
	allowance = 500 * time.Millisecond
	multiple  = 20
)

func (p *pair) ratio() float64 { return ratio(p.scan.Wall, p.rg.Wall) }

func ratio(scan, rg time.Duration) float64 {
	return scan.Seconds() / max(rg, time.Millisecond).Seconds()
}

func (p *pair) limit() time.Duration { return allowance + multiple*p.rg.Wall }

func (p *pair) over() bool { return p.scan.TimedOut || p.scan.Wall > p.limit() }

// cells are the measured columns. A scan that was killed at the time limit
// gives lower bounds.
func (p *pair) cells() string {
	bound := ""
	if p.scan.TimedOut {
		bound = "> "
	}
	memory := "" // where the system does not report it
	if p.scan.Memory > 0 {
		memory = fmt.Sprintf("%s%.0f MB", bound, float64(p.scan.Memory)/1e6)
	}
	return fmt.Sprintf("%.3f s | %s%.2f s | %s%.1f | %.3f s | %s%.2f s | %s%.1f | %s",
		p.rg.Wall.Seconds(), bound, p.scan.Wall.Seconds(), bound, p.ratio(),
		p.rg.CPU.Seconds(), bound, p.scan.CPU.Seconds(), bound, ratio(p.scan.CPU, p.rg.CPU), memory)
}

func (p *project) row() string {
	over := ""
	if p.over() {
		over = "over"
	}
	return fmt.Sprintf("| %s | %d | %.1f | %d | %s | %s |", p.name, p.files, float64(p.bytes)/1e6, p.lines, p.cells(), over)
}

// table is everything that was measured.
type table struct {
	projects []*project
	whole    *pair // nil when all in one scan was not measured
}

const header = `| project | files | MB | lines found | ` + measures + ` | limit |
|---|---|---|---|---|---|---|---|---|---|---|---|
`

const measures = `rg -w | scan | ratio | rg CPU | scan CPU | ratio | peak memory`

// markdown prints the table, the highest ratio first, and what it comes to.
func (t *table) markdown() string {
	var b strings.Builder
	b.WriteString(header)
	for _, p := range slices.SortedStableFunc(slices.Values(t.projects), byRatio) {
		fmt.Fprintln(&b, p.row())
	}
	if len(t.projects) == 0 {
		return b.String()
	}
	t.summary(&b)
	return b.String()
}

func (t *table) summary(b *strings.Builder) {
	var files, over, stopped int
	var size int64
	var scan, rg timing.Run // sums
	var peak *project
	var ratios []float64
	for _, p := range t.projects {
		files += p.files
		size += p.bytes
		scan.Wall += p.scan.Wall
		scan.CPU += p.scan.CPU
		rg.Wall += p.rg.Wall
		rg.CPU += p.rg.CPU
		ratios = append(ratios, p.ratio())
		if p.over() {
			over++
		}
		if p.scan.TimedOut {
			stopped++
		}
		if peak == nil || p.scan.Memory > peak.scan.Memory {
			peak = p
		}
	}
	slices.Sort(ratios)
	bound := ""
	if stopped > 0 {
		bound = "> "
	}
	fmt.Fprintf(b, "\n%d projects, %d files, %.0f MB: rg %.2f s, scan %s%.1f s, ratio of the sums %s%.1f "+
		"(CPU %.2f s, %s%.1f s, %s%.1f), median ratio %.1f. ",
		len(t.projects), files, float64(size)/1e6, rg.Wall.Seconds(), bound, scan.Wall.Seconds(), bound, ratio(scan.Wall, rg.Wall),
		rg.CPU.Seconds(), bound, scan.CPU.Seconds(), bound, ratio(scan.CPU, rg.CPU), ratios[len(ratios)/2])
	fmt.Fprintf(b, "Over the limit of %.1f s + %d x rg: %d, of them stopped at the time limit: %d. Highest peak: %s, %.0f MB.\n",
		allowance.Seconds(), multiple, over, stopped, peak.name, float64(peak.scan.Memory)/1e6)
	if t.whole != nil {
		fmt.Fprintf(b, "\n| all in one scan | %s |\n|---|---|---|---|---|---|---|---|\n| %d projects | %s |\n",
			measures, len(t.projects), t.whole.cells())
	}
}

// byRatio orders projects by how much slower than rg their scan was, the worst first.
func byRatio(x, y *project) int { return cmp.Compare(y.ratio(), x.ratio()) }
