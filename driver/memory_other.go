//go:build !linux

package driver

// growByHugePages does something on Linux alone.
func growByHugePages(int) {}

// peakMemory is what the runtime has from the system, which is seldom given back.
func peakMemory() uint64 { return memory().Sys }
