package driver

import (
	"os"
	"runtime"
	"runtime/debug"
)

// heapTarget is the size in bytes to which the heap may grow before the first collection.
// The trees of a program live until it is judged, so an earlier collection frees little: it
// took a quarter of the time of a scan. The largest programs have nearly as much in trees; what
// the process takes is 50 MB more.
const heapTarget = 320 << 20

// minGrowth is how many bytes may be allocated between two collections, however much is
// live. With a quarter of the live heap (200 MB for a program of middle size) everything
// was marked again every 50 MB.
const minGrowth = 100 << 20

// firstHeap is the heap in bytes at which Go collects first with a percentage of 100: 4 MB,
// see runtime/debug.SetGCPercent and heapMinimum in the runtime's mgcpacer.go.
const firstHeap = 4 << 20

// minCollect is the heap in bytes that makes a collection worth its time once the trees of
// a program are garbage.
const minCollect = 80 << 20

// largeTree is the size in bytes of the sources from which on the heap is worth the work
// that it takes to have it grow by huge pages: a third of the time of a scan of 100 kB.
const largeTree = 512 << 10

// growFor prepares the heap for the analysis of the files of programs.
func growFor(programs []program) {
	size := int64(0)
	for _, p := range programs {
		for _, name := range p.files {
			if st, err := os.Stat(name); err == nil {
				size += st.Size()
			}
			if size >= largeTree {
				old := debug.SetGCPercent(-1)
				growByHugePages(heapTarget)
				debug.SetGCPercent(old)
				return
			}
		}
	}
}

// CollectRarely sets the garbage collector for short runs: the heap grows to heapTarget,
// later by minGrowth or a quarter of what is live, whichever is more. It sets the
// percentage again after each collection instead of a memory limit: near a limit the runtime
// returns pages to the kernel and takes them again at once.
func CollectRarely() {
	debug.SetGCPercent(heapTarget / firstHeap * 100)
	type tick struct{ _ *byte } // a pointer keeps it out of shared blocks, which have no finalizers
	var after func(*tick)
	after = func(t *tick) { // once after every collection
		live := max(firstHeap, liveHeap())
		debug.SetGCPercent(int(max(heapTarget-live, minGrowth, live/4) * 100 / live))
		runtime.SetFinalizer(t, after)
	}
	runtime.SetFinalizer(&tick{}, after)
}

// liveHeap is what the last collection left, in bytes: the next comes at that and the
// percentage of it. Package runtime/metrics knows it, too, but sorts its descriptions at
// every start of a process. Until the caller sets a percentage there is no collection.
func liveHeap() int64 {
	next := memory().NextGC
	percent := debug.SetGCPercent(-1)
	return int64(next / uint64(100+percent) * 100)
}

func memory() (m runtime.MemStats) {
	runtime.ReadMemStats(&m)
	return m
}

// collectTrees collects after the trees of a program were released, which costs a fraction
// of a collection in the middle of a program.
func collectTrees() {
	if memory().HeapAlloc > minCollect {
		runtime.GC()
	}
}
