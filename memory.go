package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// room is the memory in bytes that the heap may take before anything is
// collected. The trees of a program live until it is judged, so that collecting
// early finds little: it took a quarter of the time of a scan.
const room = 210 << 20

// firstHeap is the heap in bytes at which Go starts to collect for the first
// time with a percentage of 100: 4 MB, see runtime/debug.SetGCPercent and
// heapMinimum in the runtime's mgcpacer.go.
const firstHeap = 4 << 20

// collectRarely lets the heap grow to room, or to a quarter more than is in use
// where that is more. It is done by the percentage, set anew after each
// collection, and not by a memory limit: near a limit the runtime gives pages
// back to the kernel all the time, to take them again at once.
func collectRarely() {
	debug.SetGCPercent(-1)
	growByHugePages(room)
	debug.SetGCPercent(room / firstHeap * 100)
	type tick struct{ _ *byte } // a pointer keeps it out of shared blocks, which have no finalizers
	var after func(*tick)
	after = func(t *tick) { // once after every collection
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(sample)
		live := max(firstHeap, int64(sample[0].Value.Uint64()))
		debug.SetGCPercent(int(max(room-live, live/4) * 100 / live))
		runtime.SetFinalizer(t, after)
	}
	runtime.SetFinalizer(&tick{}, after)
}
