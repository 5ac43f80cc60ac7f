package cli

import (
	"io/fs"
	"os"
	"path/filepath"
)

// writeAtomically puts text into a file: a reader sees the old one or the
// new one whole. Package renameio makes no promise on Windows; to rename over a
// file that nobody has open is as near as it gets.
func writeAtomically(name string, text []byte, mode fs.FileMode) error {
	t, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"*")
	if err != nil {
		return err
	}
	defer os.Remove(t.Name()) // after the renaming there is nothing to remove
	if _, err := t.Write(text); err != nil {
		t.Close()
		return err
	}
	if err := t.Close(); err != nil {
		return err
	}
	if err := os.Chmod(t.Name(), mode); err != nil {
		return err
	}
	return os.Rename(t.Name(), name)
}
