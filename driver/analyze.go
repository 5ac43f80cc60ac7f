// Package driver runs the analysis over what a command line names. The paths
// become programs: a folder that holds whole programs side by side is taken
// apart, anything else is one program. Each program is analysed by itself and its
// patch planned; the reports are joined into one.
//
// The report is the same bytes for any number of workers and any split into
// shards that are joined again. At most maxPrograms programs are in memory, of which one may be
// large and one of middle size.
package driver

import (
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse/builds"
	"github.com/keepatch/keepatch/report"
	"github.com/keepatch/keepatch/rewrite"
)

// Analysis is the outcome of a run.
type Analysis struct {
	Report   *detect.Report
	Empty    []Empty            // the folders that were named and hold no C file that is read
	NotC     []result.FileError // files without such a call that are no C, with the first reason of each
	programs []program          // those that were analysed
	indexes  []*detect.Index    // of each, unless lean
	Plans    []*rewrite.Plan    // of each, where a patch was asked for; nil if lean
	Patches  []Patches          // what reports show of the plans
	Builds   *builds.Database   // the compile commands that were found; nil for none
	Stats    Stats
}

// Patches are a plan without the trees it was made from.
type Patches struct {
	Fixes map[string][]report.FileEdits // by the site's ID
	Diffs map[string][]byte             // by path
}

func patchesOf(plan *rewrite.Plan) Patches {
	p := Patches{map[string][]report.FileEdits{}, map[string][]byte{}}
	for _, f := range plan.Fixes {
		for _, fe := range f.Files {
			p.Fixes[f.Site.ID] = append(p.Fixes[f.Site.ID], report.FileEdits{Path: fe.Path, Edits: slices.Clone(fe.Edits)})
		}
	}
	for _, f := range plan.Files {
		p.Diffs[f.Path] = f.Diff
	}
	return p
}

// Analyze reads the programs below the options' paths and judges every site in
// them. Each program is analysed by itself: functions of the same name in two of
// them are unrelated. Files that could not be read are errors of the report.
//
// If plan is not nil, each program's patch is planned as soon as its sites are
// judged. If lean is set, the trees, which take most of the memory of a run, are
// dropped after that.
func Analyze(o *Options, plan *rewrite.Options, lean bool) *Analysis {
	begin := time.Now()
	programs, empty, errs := collect(o)
	db, faults := readBuilds(o, programs)
	errs = append(errs, faults...)
	growFor(programs)
	total := 0
	for i, p := range programs {
		if o.Shard.has(i) {
			total += len(p.files)
		}
	}
	shown := newProgress(o.Progress, total)
	a := &Analysis{Report: &detect.Report{}, Empty: empty, Builds: db}
	rep := a.Report
	own := *o
	own.Detect.Builds = db
	o = &own
	reports, plans, patches, parsed := analyzeAll(programs, o, shown, plan, lean)
	for i, p := range programs {
		if !o.Shard.has(i) {
			continue
		}
		a.NotC = append(a.NotC, removeNotC(o, p, reports[i])...)
		Join(rep, reports[i])
		rep.Coverage.NotUnderstood = append(rep.Coverage.NotUnderstood, otherLanguages(o, p.unread)...)
		a.Stats.Files += parsed[i].Files
		a.Stats.Bytes += parsed[i].Bytes
		a.Stats.Trees += parsed[i].Trees
		a.Stats.Functions += parsed[i].Functions
		a.programs = append(a.programs, p)
		a.indexes = append(a.indexes, reports[i].Index)
		if plan != nil {
			a.Plans = append(a.Plans, plans[i])
			a.Patches = append(a.Patches, patches[i])
		}
	}
	shown.clear()
	if o.Shard.k <= 1 { // the first shard alone reports a missing path
		rep.Errors = append(rep.Errors, errs...)
	}
	Sort(rep)
	a.Stats.Programs, a.Stats.Time, a.Stats.Peak = len(a.programs), time.Since(begin), peakMemory()
	return a
}

// analyzeAll analyses the programs, several at a time, each by itself. Which of
// them is ready first does not show: the reports are in the programs' order.
func analyzeAll(programs []program, o *Options, shown *progress, plan *rewrite.Options,
	lean bool) ([]*detect.Report, []*rewrite.Plan, []Patches, []Stats) {
	reports, plans := make([]*detect.Report, len(programs)), make([]*rewrite.Plan, len(programs))
	patches, parsed := make([]Patches, len(programs)), make([]Stats, len(programs))
	workers := o.Detect.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	one := func(i int) {
		p, opt := programs[i], o.detectOptions(programs[i].root)
		opt.Progress = shown.callback(programName(opt.Roots), len(p.files))
		reports[i] = detect.Analyze(p.files, opt)
		o.markCode(p.root, reports[i])
		if plan != nil {
			own := *plan
			own.Files, own.Index, own.Read = p.files, reports[i].Index, o.Detect.Read
			own.Only = both(plan.Only, p.asked)
			plans[i] = rewrite.Make(reports[i].Sites, own)
			patches[i] = patchesOf(plans[i])
		}
		parsed[i].Files, parsed[i].Bytes = reports[i].Coverage.Files, reports[i].Coverage.Bytes
		o.keepNamed(p, reports[i])
		parsed[i].Trees, parsed[i].Functions = reports[i].Index.Parsed()
		if lean {
			reports[i].Index, plans[i] = nil, nil
			for _, s := range reports[i].Sites {
				s.Node = result.Node{}
			}
		}
	}
	var wanted []int
	for i := range programs {
		if o.Shard.has(i) {
			wanted = append(wanted, i)
		}
	}
	queue := bySize(wanted, programs)
	var g errgroup.Group
	for w := range min(workers, maxPrograms) {
		g.Go(func() error {
			queue.wait(w, workers)
			for {
				i, ok := queue.next(w)
				if !ok {
					return nil
				}
				one(i)
				if lean && w == 0 {
					collectTrees()
				}
			}
		})
	}
	_ = g.Wait() // no errors are returned; problems are in the reports
	return reports, plans, patches, parsed
}
