package cli

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/lsp"
)

const lspDescription = `Speaks the Language Server Protocol on standard input and output. An editor that
starts it shows the findings of check for the whole program while you type, with
their evidence, the verdict of the socket under the cursor, and actions that insert
SO_KEEPALIVE, ignore a socket with a reason, or explain it. docs/editor.md has the
setup for editors.

Example:
  keepatch lsp`

func lspCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "lsp", Usage: "run a language server for editors",
		UsageText: "keepatch lsp [OPTIONS]", Description: lspDescription,
		Flags: append(sourceFlags(), &cli.BoolFlag{Name: "stdio", Usage: "use standard input and output (the default)"}),
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return fmt.Errorf("lsp takes no PATH: the editor names the folders")
			}
			if name := c.String("config"); name != "" { // the working directory will be that of the client
				abs, err := filepath.Abs(name)
				if err != nil {
					return err
				}
				if err := c.Set("config", abs); err != nil {
					return err
				}
			}
			if _, err := readOptions(c); err != nil {
				return err
			}
			return lsp.Serve(c.Context, stdio{e.stdin, e.stdout}, lsp.Options{
				Version: version(), Load: func() (lsp.Settings, error) { return lspSettings(c) },
			})
		},
	}
}

// lspSettings are those that hold in the working directory.
func lspSettings(c *cli.Context) (lsp.Settings, error) {
	o, err := readOptions(c)
	if err != nil {
		return lsp.Settings{}, err
	}
	patch, err := readRewrite(patchOptions(nil, o.config))
	o.Progress = nil
	return lsp.Settings{
		Analysis: o.Options, Patch: patch, Strict: o.config.Strict, Baseline: o.config.Path(o.config.Baseline),
	}, err
}

// stdio is the connection to the client that has started us.
type stdio struct {
	io.Reader
	io.Writer
}

// Close has the client see our end.
func (s stdio) Close() error {
	if c, ok := s.Writer.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
