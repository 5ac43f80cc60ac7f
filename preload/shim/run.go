package shim

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/keepatch/keepatch/preload/tcpopt"
)

// Run is what keepatch run tells the library in the programs that it supervises.
type Run struct {
	Cookie      uint64 // of seccomp.Want
	Options     tcpopt.Options
	LeaveAccept bool // nobody stops accept
	SocketStops bool // nobody stops connect, but socket
}

// The library's names for it; see read_run in libkeepatch.c.
const (
	runVariable    = "KEEPATCH_RUN"
	runVersion     = 1
	runLeaveAccept = 1
	runSocketStops = 2
)

// NewCookie draws a cookie. Its highest bit is set, which no address of a
// program has: what else may be in the register is none.
func NewCookie() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.NativeEndian.Uint64(b[:]) | 1<<63
}

// Env is env for a program that gets the library from a run.
func (r Run) Env(env []string, library string) []string {
	flags := 0
	if r.LeaveAccept {
		flags |= runLeaveAccept
	}
	if r.SocketStops {
		flags |= runSocketStops
	}
	o := r.Options
	value := fmt.Sprintf("%d,%x,%d,%d,%d,%d,%d", runVersion, r.Cookie, o.Idle, o.Interval, o.Count, o.UserTimeout, flags)
	out := make([]string, 0, len(env)+3)
	asan := ""
	for _, e := range env {
		switch name, text, _ := strings.Cut(e, "="); name {
		case runVariable: // another run's
		case sanitizer:
			asan = text
		default:
			out = append(out, e)
		}
	}
	if !strings.Contains(asan, linkOrder) {
		asan = strings.TrimPrefix(asan+":"+linkOrder+"=0", ":")
	}
	out = append(out, sanitizer+"="+asan, runVariable+"="+value)
	return PreloadEnv(out, library)
}

// A program with gcc's AddressSanitizer refuses to start behind a library of
// LD_PRELOAD, unless it is told that this is right.
const sanitizer, linkOrder = "ASAN_OPTIONS", "verify_asan_link_order"

// ForRun says why library is none that a run can use, or nil. It is given to the
// loader as it is, so $LIB in it stands for the folder of each kind of program.
func ForRun(library string) (path string, err error) {
	if strings.ContainsAny(library, ": \t\n") {
		return "", fmt.Errorf("%s: LD_PRELOAD can hold no path with blanks or colons", library)
	}
	if strings.Contains(library, "$") {
		return library, nil
	}
	text, err := os.ReadFile(library)
	if err != nil {
		return "", err
	}
	if !bytes.HasPrefix(text, []byte("\x7fELF")) || !bytes.Contains(text, []byte(runVariable)) {
		return "", errors.New(library + " is no library that this keepatch preload wrote")
	}
	return filepath.Abs(library)
}
