package detect

import "github.com/keepatch/keepatch/detect/program"

// What the callers of Analyze need of package program.
type (
	// Options steer an analysis.
	Options = program.Options
	// Wrappers are what the user's configuration says about a project's own
	// functions.
	Wrappers = program.Wrappers
	// Wrapper is one function of the project: NAME(args...).
	Wrapper = program.Wrapper
	// Index answers what a name means anywhere in the analysed tree.
	Index = program.Index
)
