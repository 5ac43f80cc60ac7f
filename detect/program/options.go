package program

import (
	"runtime"

	"github.com/keepatch/keepatch/parse/builds"
)

// Options steer an analysis.
type Options struct {
	Platform string // the platform the sources are built for; "" means linux
	Workers  int    // how many files are worked on at once; 0 means one per CPU
	Wrappers Wrappers
	Roots    []string           // the folders that were named; of a path what lies below one counts
	Progress func(done float64) // is told which part is done, from several goroutines; may be nil

	// Read reads a file; nil means os.ReadFile. It is called from several
	// goroutines.
	Read func(path string) ([]byte, error)

	// Builds are the commands that the sources are compiled with; nil where they are
	// not known.
	Builds *builds.Database

	// Like is the index of an analysis of nearly the same files. Those for which
	// Same is true have the same bytes: they are not read again.
	Like *Index
	Same func(path string) bool
}

// WorkerCount returns the number of goroutines: Workers, or one for each processor.
func (o *Options) WorkerCount() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// Wrappers are what the user's configuration tells about a project's own
// functions.
type Wrappers struct {
	Creates []Wrapper // functions that make a socket
	Enables []Wrapper // functions that turn keepalive on
}

// Wrapper is one function of the project: NAME(args...).
type Wrapper struct {
	Name string
	// FD is the index of the argument that is the descriptor (Enables).
	FD int
	// Args are the C expressions that stand for domain, type and protocol
	// (Creates), as far as they are known.
	Args []string
}
