//go:build unix

package program

import (
	"os"
	"syscall"
)

// rawFile is a file descriptor. Package os asks the system five more questions
// for each file that it opens, which tells among thousands.
type rawFile int

func openFile(path string) (rawFile, error) {
	for {
		// A pipe without a writer must not make it wait.
		fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
		if err == nil {
			return rawFile(fd), nil
		}
		if err != syscall.EINTR {
			return -1, &os.PathError{Op: "open", Path: path, Err: err}
		}
	}
}

// size returns the number of bytes and whether it is a regular file.
func (f rawFile) size() (n int64, regular bool, err error) {
	var st syscall.Stat_t
	err = syscall.Fstat(int(f), &st)
	return st.Size, st.Mode&syscall.S_IFMT == syscall.S_IFREG, err
}

func (f rawFile) Read(b []byte) (int, error) {
	for {
		n, err := syscall.Read(int(f), b)
		if err != syscall.EINTR {
			return max(n, 0), err
		}
	}
}

func (f rawFile) Close() { _ = syscall.Close(int(f)) } // nothing was written
