package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// passThrough names the commands whose arguments belong to another program:
// nothing after their first argument is ours.
var passThrough = map[string]bool{"run": true}

// optionalValues are the words of options that may stand without one, which is
// the first then. A PATH of such a name is written ./NAME.
var optionalValues = map[string][]string{"switch": switchKinds}

// optionsFirst puts the options of a command line before its other arguments.
// urfave/cli stops looking for options at the first argument that is none, so
// that "scan src --format json" would read --format as a path
// (urfave/cli#976). The arguments are fenced off with "--". Glued short options
// ("-j4") are taken apart.
func optionsFirst(app *cli.App, args []string) ([]string, error) {
	var front []string // the global options and the command
	var cmd *cli.Command
	flags := append(slices.Clone(app.Flags), cli.VersionFlag, cli.HelpFlag)
	list := app.Commands
	rest := args
	for len(rest) > 0 {
		a := rest[0]
		if a == "--" || len(list) == 0 {
			break
		}
		if strings.HasPrefix(a, "-") && a != "-" {
			if cmd != nil {
				break
			}
			front, rest = append(front, a), rest[1:]
			continue
		}
		c := find(list, a)
		if c == nil {
			break
		}
		cmd, list, flags = c, c.Subcommands, c.Flags
		front, rest = append(front, a), rest[1:]
	}
	if cmd == nil || cmd.SkipFlagParsing {
		return args, nil
	}
	var options, others []string
	for i := 0; i < len(rest); i++ {
		a := rest[i]
		if a == "--" {
			others = append(others, rest[i+1:]...)
			break
		}
		if len(a) < 2 || a[0] != '-' {
			if passThrough[cmd.Name] {
				others = append(others, rest[i:]...)
				break
			}
			others = append(others, a)
			continue
		}
		opts, takes := split(flags, a)
		options = append(options, opts...)
		if words := optionalValues[strings.TrimPrefix(a, "--")]; takes && words != nil &&
			(i+1 == len(rest) || !slices.Contains(words, rest[i+1])) {
			options = append(options, words[0])
			continue
		}
		if takes {
			if i+1 == len(rest) {
				return nil, fmt.Errorf("option %s needs a value (see keepatch %s --help)", a, cmd.Name)
			}
			i++
			options = append(options, rest[i])
		}
	}
	out := append(front, options...)
	if len(others) > 0 {
		out = append(append(out, "--"), others...)
	}
	return out, nil
}

func find(list []*cli.Command, name string) *cli.Command {
	for _, c := range list {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

// split takes a glued short option apart, and says whether the option's value
// is the next argument. Options get their main name, as the library refuses
// "-o a --output b" as "two forms of the same flag". An unknown option is left
// as it is, for the library to name.
func split(flags []cli.Flag, arg string) (opts []string, takes bool) {
	name, text, assigned := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	if main, value := lookup(flags, name); main != "" {
		if assigned {
			return []string{"--" + main + "=" + text}, false
		}
		return []string{"--" + main}, value
	}
	if strings.HasPrefix(arg, "--") {
		return []string{arg}, false
	}
	if main, value := lookup(flags, arg[1:2]); main != "" && value {
		return []string{"--" + main, arg[2:]}, false
	}
	return []string{arg}, false
}

// lookup returns the main name of the flag of that name, "" when there is none,
// and whether it takes a value.
func lookup(flags []cli.Flag, name string) (main string, value bool) {
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			_, isBool := f.(*cli.BoolFlag)
			return f.Names()[0], !isBool
		}
	}
	return "", false
}

// looksLikePath says whether a word that is no command was meant as a PATH.
func looksLikePath(name string) bool {
	return strings.ContainsAny(name, "/.\\") || exists(name)
}

// shellQuote makes s one word of a shell command.
func shellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+=:,@%", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
