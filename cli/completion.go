package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

const completionDescription = `Prints a script that makes the shell complete keepatch's commands and options.

Examples:
  keepatch completion bash >/etc/bash_completion.d/keepatch
  keepatch completion zsh >"${fpath[1]}/_keepatch"
  keepatch completion fish >~/.config/fish/completions/keepatch.fish`

// shells are the shells that there is a completion for.
var shells = map[string]func(io.Writer, *cli.App){
	"bash": bashCompletion,
	"zsh":  zshCompletion,
	"fish": fishCompletion,
}

func completionCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "completion", Usage: "print the completion script of a shell",
		UsageText: "keepatch completion bash|zsh|fish", Description: completionDescription,
		Action: func(c *cli.Context) error {
			write, ok := shells[c.Args().First()]
			if !ok || c.NArg() != 1 {
				return fmt.Errorf("completion: name one shell: bash, zsh or fish")
			}
			write(e.stdout, c.App)
			return nil
		},
	}
}

// words are the options of a command as the shell sees them.
func words(flags []cli.Flag) []string {
	var list []string
	for _, o := range optionsOf(flags) {
		list = append(list, "--"+o.long)
		if o.short != "" {
			list = append(list, "-"+o.short)
		}
	}
	return list
}

func names(commands []*cli.Command) []string {
	var list []string
	for _, c := range visible(commands) {
		list = append(list, c.Name)
	}
	return list
}

func bashCompletion(w io.Writer, app *cli.App) {
	fmt.Fprintf(w, `# bash completion for keepatch; made by "keepatch completion bash"
_keepatch() {
	local cur prev cmd i
	cur=${COMP_WORDS[COMP_CWORD]}
	prev=${COMP_WORDS[COMP_CWORD-1]}
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in -*) ;; *) cmd=${COMP_WORDS[i]}; break ;; esac
	done
	case $prev in
`)
	seen := map[string]bool{}
	for _, c := range visible(app.Commands) {
		for _, o := range optionsOf(c.Flags) {
			if seen[o.long] || o.value == "" {
				continue
			}
			seen[o.long] = true
			pattern := "--" + o.long
			if o.short != "" {
				pattern += "|-" + o.short
			}
			switch {
			case len(o.words) > 0:
				fmt.Fprintf(w, "\t%s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", pattern, strings.Join(o.words, " "))
			case o.file:
				fmt.Fprintf(w, "\t%s) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n", pattern)
			default:
				fmt.Fprintf(w, "\t%s) return ;;\n", pattern)
			}
		}
	}
	fmt.Fprintf(w, "\tesac\n\tcase $cmd:$cur in\n\t:-*) COMPREPLY=($(compgen -W '%s' -- \"$cur\")) ;;\n\t:*) COMPREPLY=($(compgen -W '%s' -- \"$cur\")) ;;\n",
		strings.Join(words(app.Flags), " "), strings.Join(names(app.Commands), " "))
	for _, c := range visible(app.Commands) {
		fmt.Fprintf(w, "\t%s:-*) COMPREPLY=($(compgen -W '%s' -- \"$cur\")) ;;\n", c.Name, strings.Join(words(c.Flags), " "))
	}
	fmt.Fprint(w, "\tcompletion:*) COMPREPLY=($(compgen -W 'bash fish zsh' -- \"$cur\")) ;;\n"+
		"\t*) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n\tesac\n}\ncomplete -o filenames -F _keepatch keepatch\n")
}

func zshCompletion(w io.Writer, app *cli.App) {
	fmt.Fprint(w, "#compdef keepatch\n# zsh completion for keepatch; made by \"keepatch completion zsh\"\n\n_keepatch() {\n\tlocal -a commands\n\tcommands=(\n")
	for _, c := range visible(app.Commands) {
		fmt.Fprintf(w, "\t\t%s\n", singleQuote(c.Name+":"+strings.ReplaceAll(c.Usage, ":", "\\:")))
	}
	fmt.Fprint(w, "\t)\n\tif ((CURRENT == 2)); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n\tlocal command=$words[2]\n\tshift words\n\t((CURRENT--))\n\tcase $command in\n")
	for _, c := range visible(app.Commands) {
		fmt.Fprintf(w, "\t%s)\n\t\t_arguments -s", c.Name)
		for _, o := range optionsOf(c.Flags) {
			for _, n := range []string{o.short, o.long} {
				if n != "" {
					fmt.Fprintf(w, " \\\n\t\t\t%s", singleQuote(zshSpec(o, n)))
				}
			}
		}
		rest := "*:file:_files"
		if c.Name == "completion" {
			rest = "1:shell:(bash fish zsh)"
		}
		fmt.Fprintf(w, " \\\n\t\t\t%s\n\t\t;;\n", singleQuote(rest))
	}
	fmt.Fprint(w, "\tesac\n}\n\n_keepatch \"$@\"\n")
}

// zshSpec is an option in the notation of _arguments.
func zshSpec(o option, name string) string {
	spec := "--" + name
	if len(name) == 1 {
		spec = "-" + name
	}
	if o.repeat {
		spec = "*" + spec
	}
	if o.value != "" && len(name) > 1 {
		spec += "="
	}
	usage := strings.NewReplacer("[", "\\[", "]", "\\]", ":", "\\:").Replace(o.usage)
	spec += "[" + usage + "]"
	switch {
	case o.value == "":
	case len(o.words) > 0:
		spec += ":" + o.value + ":(" + strings.Join(o.words, " ") + ")"
	case o.file:
		spec += ":file:_files"
	default:
		spec += ":" + o.value + ": "
	}
	return spec
}

func fishCompletion(w io.Writer, app *cli.App) {
	fmt.Fprint(w, "# fish completion for keepatch; made by \"keepatch completion fish\"\n")
	for _, c := range visible(app.Commands) {
		fmt.Fprintf(w, "complete -c keepatch -n __fish_use_subcommand -f -a %s -d %s\n", c.Name, singleQuote(c.Usage))
	}
	for _, c := range visible(app.Commands) {
		for _, o := range optionsOf(c.Flags) {
			fmt.Fprintf(w, "complete -c keepatch -n '__fish_seen_subcommand_from %s' -l %s", c.Name, o.long)
			if o.short != "" {
				fmt.Fprintf(w, " -s %s", o.short)
			}
			switch {
			case len(o.words) > 0:
				fmt.Fprintf(w, " -x -a %s", singleQuote(strings.Join(o.words, " ")))
			case o.file:
				fmt.Fprint(w, " -r")
			case o.value != "":
				fmt.Fprint(w, " -x")
			}
			fmt.Fprintf(w, " -d %s\n", singleQuote(o.usage))
		}
	}
	fmt.Fprint(w, "complete -c keepatch -n '__fish_seen_subcommand_from completion' -f -a 'bash fish zsh'\n")
}

func singleQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
