package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect/config"
)

const initDescription = `Writes .keepatch.yaml with every setting explained and commented out, so that
nothing changes until a line is switched on. A file that exists is left alone.

Example:
  keepatch init`

func initCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "init", Usage: "write a commented " + config.Name,
		UsageText: "keepatch init", Description: initDescription,
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return fmt.Errorf("init takes no argument: it writes %s into the working directory", config.Name)
			}
			f, err := os.OpenFile(config.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%s exists and is left as it is", config.Name)
			}
			if err == nil {
				_, err = f.WriteString(config.Template())
				err = errors.Join(err, f.Close())
			}
			if err != nil {
				return errors.New(fileError(config.Name, err))
			}
			fmt.Fprintln(e.stdout, "wrote", config.Name)
			return nil
		},
	}
}
