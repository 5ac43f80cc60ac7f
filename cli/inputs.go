package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect/since"
	"github.com/keepatch/keepatch/driver"
)

// stdinPath is the PATH that stands for standard input.
const stdinPath = "-"

// stdinName is for the commands that judge a source on standard input.
func stdinName() cli.Flag {
	return &cli.StringFlag{Name: "stdin-name",
		Usage: "the PATH - on standard input is the contents of `FILE`, which other PATHs may hold as well"}
}

// readStdin lays the source on standard input over the files, where it is one of
// the PATHs.
func (o *options) readStdin(c *cli.Context) error {
	name := c.String("stdin-name")
	if !slices.Contains(o.Paths, stdinPath) {
		if name != "" {
			return fmt.Errorf("--stdin-name %s goes with the PATH - for standard input", name)
		}
		return nil
	}
	switch {
	case c.String("files-from") == stdinPath:
		return fmt.Errorf("standard input is either the source or the list of --files-from")
	case c.Bool("staged"):
		return fmt.Errorf("--staged judges git's index; standard input does not go with it")
	case c.Bool("fix"):
		return fmt.Errorf("--fix writes files; standard input does not go with it")
	case c.Bool("write"):
		return fmt.Errorf("--write changes files; standard input does not go with it")
	case c.Bool("interactive"):
		return fmt.Errorf("--interactive asks on standard input; it is the source already")
	case name == "":
		name = "<stdin>"
	}
	src, err := io.ReadAll(c.App.Reader)
	if err != nil {
		return fmt.Errorf("standard input: %v", err)
	}
	name = filepath.ToSlash(filepath.Clean(name))
	o.Paths = slices.DeleteFunc(slices.Clone(o.Paths), func(p string) bool { return p == stdinPath })
	o.Overlay(map[string][]byte{name: src})
	return nil
}

// readStaged takes the files from git's index instead of the disk.
func (o *options) readStaged(c *cli.Context) (*since.Change, error) {
	change, index, err := since.Staged(".", c.String("diff"))
	if err != nil {
		return nil, fmt.Errorf("--staged: %v", err)
	}
	o.mayBeEmpty = true
	o.Detect.Read = index.Read
	o.Find = driver.FindIn(index.Files())
	return change, nil
}
