package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// room is the memory in bytes that a run may take before anything is collected.
// The trees of a program live until it is judged, so that collecting early finds
// little: it took a quarter of the time of a scan.
const room = 225 << 20

// collectRarely lets the memory grow to room, or to a quarter more than is in
// use where that is more. A fixed limit would have the collector run without end
// in a tree that does not fit.
func collectRarely() {
	growByHugePages(room)
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(room)
	type tick struct{ _ *byte } // a pointer keeps it out of shared blocks, which have no finalizers
	var after func(*tick)
	after = func(t *tick) { // once after every collection
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		debug.SetMemoryLimit(max(room, int64(live[0].Value.Uint64()*5/4)))
		runtime.SetFinalizer(t, after)
	}
	runtime.SetFinalizer(&tick{}, after)
}
