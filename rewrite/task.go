package rewrite

import "github.com/keepatch/keepatch/detect"

// project is what the rewriter knows of the program, and the files that it
// changes though they hold no site.
type project struct {
	*composer
	extra map[string][]byte
}

// task is one block to be written: where and in which way, and what the options
// of the run add to it.
type task struct {
	target
	gateTest string
	quiet    bool   // of a socket that may have no timers
	sw, swOn string // the variable of the run-time switch, and its condition; "" without one
	timers   Timers // those that can be set here
}

func (m *maker) task(s *detect.Site, sp *spot, pl *place, kind string) *task {
	return &task{target: target{point: point{sp, pl}, site: s, proj: m.proj.composer, onError: m.opt.OnError, kind: kind}}
}
