//go:build !unix

package program

import "os"

type rawFile struct{ *os.File }

func openFile(path string) (rawFile, error) {
	f, err := os.Open(path)
	return rawFile{f}, err
}

// size returns the number of bytes and whether it is a regular file.
func (f rawFile) size() (n int64, regular bool, err error) {
	st, err := f.Stat()
	if err != nil {
		return 0, false, err
	}
	return st.Size(), st.Mode().IsRegular(), nil
}
