package timing

import "syscall"

// maxRSS reads the resident peak in bytes out of a process's usage, which Linux
// counts in kilobytes.
func maxRSS(usage any) int64 {
	if u, ok := usage.(*syscall.Rusage); ok {
		return int64(u.Maxrss) * 1024
	}
	return 0
}
