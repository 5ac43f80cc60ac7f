package driver

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// room is the memory in bytes that the heap may take before anything is
// collected in the middle of a program. Its trees live until it is judged, so that
// collecting early finds little: it took a quarter of the time of a scan.
const room = 220 << 20

// leastRoom is the memory in bytes that may be taken before the next collection however
// much is in use: with a quarter of the 200 MB that a program of middle size has in use
// everything was marked anew for every 50 MB.
const leastRoom = 100 << 20

// firstHeap is the heap in bytes at which Go starts to collect for the first
// time with a percentage of 100: 4 MB, see runtime/debug.SetGCPercent and
// heapMinimum in the runtime's mgcpacer.go.
const firstHeap = 4 << 20

// much is the heap in bytes that is worth collecting where it holds little else
// than garbage.
const much = 80 << 20

// CollectRarely lets the heap grow to room, or to leastRoom or a quarter more than is in
// use where that is more. It is done by the percentage, set anew after each
// collection, and not by a memory limit: near a limit the runtime gives pages
// back to the kernel all the time, to take them again at once.
func CollectRarely() {
	debug.SetGCPercent(-1)
	growByHugePages(room)
	debug.SetGCPercent(room / firstHeap * 100)
	type tick struct{ _ *byte } // a pointer keeps it out of shared blocks, which have no finalizers
	var after func(*tick)
	after = func(t *tick) { // once after every collection
		live := max(firstHeap, int64(heapSize("/gc/heap/live:bytes")))
		debug.SetGCPercent(int(max(room-live, leastRoom, live/4) * 100 / live))
		runtime.SetFinalizer(t, after)
	}
	runtime.SetFinalizer(&tick{}, after)
}

// heapSize reads one of the runtime's metrics.
func heapSize(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// collectTrees is called when the trees of a program have been given up: to
// collect then costs a fraction of what it costs when the room is full, which is
// in the middle of programs.
func collectTrees() {
	if heapSize("/memory/classes/heap/objects:bytes") > much {
		runtime.GC()
	}
}
