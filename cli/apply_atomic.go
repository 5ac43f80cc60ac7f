//go:build !windows

package cli

import (
	"io/fs"

	"github.com/google/renameio/v2"
)

// writeAtomically puts text into a file: a reader sees the old one or the
// new one whole. One that is there keeps its permissions.
func writeAtomically(name string, text []byte, mode fs.FileMode) error {
	return renameio.WriteFile(name, text, mode, renameio.WithExistingPermissions())
}
