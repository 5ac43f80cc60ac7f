package value

import "github.com/keepatch/keepatch/parse"

// Limits bound the work on hostile and on very large input. What a limit leaves out
// is never passed over in silence: the answer is Incomplete, with a reason, and a
// verdict that what was left out could have changed becomes Undecided.
//
// Other bounds lose no answer, only precision: where they are reached, what they
// would have distinguished is taken for the same, or for unknown (MaxBranchFacts, maxHoldDepth,
// maxHoldCallers, maxLeading, maxCalled, maxVtableFuncs, maxKindCallers, MaxFeasible, maxObjects, maxChain,
// maxRows, MaxInts, MaxFoldSteps, maxFoldUnits, MaxWays, maxTriples, maxAsked, maxBelow, maxIn,
// maxExits, maxTrace, maxLocalWays, maxOptionWays, maxMemoryWays, maxOwners, maxForwarded), or only notes depend on them (maxOptionCalls, maxOrigins,
// maxOriginDepth, MaxTrail). They stand beside what they bound.
type Limits struct {
	Depth  int // questions that wait for each other's answers: what lies deeper
	Passes int // times that values which depend on each other are worked out again: what changes after that
	Steps  int // steps of all questions for one site: what is asked after them
	Frames int // calls inside each other on one way of calling: what the inner ones store and return
	States int // places that the descriptor of one site is followed to, and ways out of functions: what lies behind
	Ways   int // ways into one function that sets options: what is set on the others
}

// Bound are the limits of every run; only tests change them. They are far above what
// most code needs.
var Bound = Limits{
	Depth: 4000, Passes: 32, Steps: 10000, Frames: 64, States: 12000, Ways: 400,
}

// Incomplete is why an answer lacks something, and the place from which on it does; the
// zero value stands for a complete one.
type Incomplete struct {
	Reason string
	File   *parse.File // nil where no place is known
	Off    int
}

// Is reports whether something is lacking.
func (c Incomplete) Is() bool { return c.Reason != "" }

// Because notes the first reason.
func (c *Incomplete) Because(reason Incomplete) {
	if !c.Is() {
		*c = reason
	}
}
