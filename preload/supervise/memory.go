//go:build linux && (amd64 || arm64)

package supervise

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// shrinkAfter is when the start of the program is over for certain.
const shrinkAfter = time.Second

// shrink gives back what this process needed for its start only: garbage, and
// the pages of the binary that were read for the sake of other commands. What
// is read again comes from the page cache.
func shrink() {
	debug.FreeOSMemory()
	exe, err := os.Readlink(self)
	maps, mapsErr := os.ReadFile("/proc/self/maps")
	if err != nil || mapsErr != nil {
		return
	}
	for line := range strings.Lines(string(maps)) {
		var from, to uintptr
		var mode string
		if n, _ := fmt.Sscanf(line, "%x-%x %s", &from, &to, &mode); n != 3 || mode[1] == 'w' ||
			!strings.HasSuffix(strings.TrimSpace(line), exe) {
			continue
		}
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, from, to-from, unix.MADV_DONTNEED)
	}
}
