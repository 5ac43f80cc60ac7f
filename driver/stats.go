package driver

import "time"

// Stats are what a run has cost.
type Stats struct {
	Files                      int   // read
	Bytes                      int64 // of them
	Programs, Trees, Functions int   // analysed; files and functions of which a tree was made
	Time                       time.Duration
	Peak                       uint64 // bytes of memory at most
}
