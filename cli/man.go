package cli

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/cli/help"
)

// The files that are made from the definitions; TestGenerated holds them to it.
//
//go:generate sh -c "go run .. man >../docs/keepatch.1"
//go:generate sh -c "go run .. man rules >../docs/rules.md"
//go:generate sh -c "go run .. completion bash >../docs/completion/keepatch.bash"
//go:generate sh -c "go run .. completion zsh >../docs/completion/_keepatch"
//go:generate sh -c "go run .. completion fish >../docs/completion/keepatch.fish"

// manCommand prints the man page; it is for packagers and hidden from help.
func manCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "man", Usage: "print the man page or the page of rules", UsageText: "keepatch man [rules]", Hidden: true,
		Description: "Prints keepatch(1) as roff, made from the same definitions as the help texts, or\n" +
			"with \"rules\" the documentation of the rules as Markdown.",
		Action: func(c *cli.Context) error {
			switch {
			case c.NArg() == 0:
				help.ManPage(e.stdout, c.App)
			case c.NArg() == 1 && c.Args().First() == "rules":
				help.RulePage(e.stdout)
			default:
				return fmt.Errorf("man takes no argument but \"rules\"")
			}
			return nil
		},
	}
}
