package cli

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/cli/help"
)

const completionDescription = `Prints a script that makes the shell complete keepatch's commands and options.

Examples:
  keepatch completion bash >/etc/bash_completion.d/keepatch
  keepatch completion zsh >"${fpath[1]}/_keepatch"
  keepatch completion fish >~/.config/fish/completions/keepatch.fish`

func completionCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "completion", Usage: "print the completion script of a shell",
		UsageText: "keepatch completion bash|zsh|fish", Description: completionDescription,
		Action: func(c *cli.Context) error {
			write, ok := help.Shells[c.Args().First()]
			if !ok || c.NArg() != 1 {
				return fmt.Errorf("completion: name one shell: bash, zsh or fish")
			}
			write(e.stdout, c.App)
			return nil
		},
	}
}
