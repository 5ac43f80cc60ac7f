package rewrite

import (
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/timers"
)

// project is what the rewriter knows of the program, and the files that it
// changes though they hold no site.
type project struct {
	*compose.Composer
	extra map[string][]byte
}

// task is one block to be written: where and in which way, and what the options
// of the run add to it.
type task struct {
	compose.Target
	gateTest string
	quiet    bool          // of a socket that may have no timers
	sw, swOn string        // the variable of the run-time switch, and its condition; "" without one
	timers   timers.Timers // those that can be set here
	given    int           // how many of them the program's own setter gets
	without  string        // why there are none
}

func (m *maker) task(s *result.Site, sp *anchor.Spot, pl *anchor.Place, kind string) *task {
	return &task{Target: compose.Target{Point: anchor.Point{Spot: sp, Place: pl}, Site: s,
		Composer: m.proj.Composer, OnError: m.opt.OnError, Kind: kind}}
}
