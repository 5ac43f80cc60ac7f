// Package help writes what the command line says about itself: help texts, the man page, the page
// of rules and the completion scripts of bash, zsh and fish.
//
// All of it is made from the definitions of commands and options in package cli, so that a new
// option shows up everywhere. The output depends on nothing else: no version, no date, no
// environment but the width of a terminal. The cost is linear in the options.
package help

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/keepatch/keepatch/detect/config"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/report"
)

// option is one option as help, man page and completions show it.
type option struct {
	short, long string   // "f", "format"; without dashes
	value       string   // what stands for the value, "" for a switch
	usage       string   // one line
	repeat      bool     // may be given several times
	words       []string // the values there are, when they are few
	about       []string // what each of the words means, where that is known
	list        bool     // the value is a list of words, with commas
	second      []string // what a word and "=" come before, when those are few
	file        bool     // the value is a file, alone, beside words or after a word and "="
}

// setValues sets what an option can be given, for completion. A value that is
// written in small letters in its usage is meant as it is.
func (o *option) setValues(f cli.Flag) {
	o.file = strings.HasSuffix(o.value, "FILE") || o.value == "DIR"
	switch o.long {
	case "format":
		o.words = report.FormatNames()
		for _, f := range report.Formats() {
			o.about = append(o.about, f.For)
		}
		if s, ok := f.(*cli.StringFlag); ok && s.Value == config.PatchWords["format"][0] {
			o.words, o.about = config.PatchWords["format"], nil
		}
	case "output":
		if o.value == "FORMAT=FILE" {
			o.words = report.FormatNames()
		}
	case "color":
		o.words = []string{"auto", "always", "never"}
	case "verdict":
		for _, v := range result.Verdicts {
			o.words = append(o.words, string(v))
		}
		o.list = true
	case "platform":
		o.words = driver.Platforms()
	case "rules":
		o.words, o.list = ruleIDs(), true
	case "severity":
		o.words = ruleIDs()
		for _, s := range rules.Severities {
			o.second = append(o.second, string(s))
		}
	case "only":
		o.words, o.file = ruleIDs(), true
	default:
		o.words = config.PatchWords[o.long]
	}
	if o.value != "" && strings.ToLower(o.value) == o.value {
		o.words, o.about = strings.Split(o.value, "|"), nil
	}
}

// pair says whether the value is a word, "=" and something else.
func (o *option) pair() bool { return len(o.words) > 0 && strings.Contains(o.value, "=") }

// optionsOf returns the options of a list of flags, without hidden ones.
func optionsOf(flags []cli.Flag) []option {
	var list []option
	for _, f := range flags {
		if v, ok := f.(cli.VisibleFlag); ok && !v.IsVisible() {
			continue
		}
		doc, ok := f.(cli.DocGenerationFlag)
		if !ok {
			continue
		}
		o := option{}
		for _, n := range f.Names() {
			if len(n) == 1 {
				o.short = n
			} else if o.long == "" {
				o.long = n
			}
		}
		o.value, o.usage = unquote(doc.GetUsage())
		if doc.TakesValue() && o.value == "" {
			o.value = strings.ToUpper(o.long)
		}
		if s, ok := f.(cli.DocGenerationSliceFlag); ok {
			o.repeat = s.IsSliceFlag()
		}
		if s, ok := f.(*cli.StringFlag); ok && s.Value != "" {
			o.usage += " (default: " + s.Value + ")"
		}
		o.setValues(f)
		list = append(list, o)
	}
	return list
}

// unquote takes the name in backquotes out of a usage text. One that only heads the text, before
// a colon, stands beside the option and not here again.
func unquote(s string) (name, usage string) {
	before, rest, ok := strings.Cut(s, "`")
	if !ok {
		return "", s
	}
	name, after, _ := strings.Cut(rest, "`")
	if said, heads := strings.CutPrefix(after, ": "); heads && before == "" {
		return name, said
	}
	return name, before + name + after
}

// spelling is "-f, --format FORMAT".
func (o option) spelling() string {
	s := "    --" + o.long
	if o.short != "" {
		s = "-" + o.short + ", --" + o.long
	}
	if o.value != "" {
		s += " " + o.value
	}
	return s
}

// visible are the commands that help shows.
func visible(commands []*cli.Command) []*cli.Command {
	var list []*cli.Command
	for _, c := range commands {
		if !c.Hidden {
			list = append(list, c)
		}
	}
	return list
}

// Print prints the help of a *cli.App or a *cli.Command, wrapped to the width of a terminal. It
// replaces the library's printer, whose columns get too wide as soon as one option is long.
func Print(w io.Writer, _ string, data any) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		writeHelp(w, data)
		return
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		width = 80
	}
	var b strings.Builder
	writeHelp(&b, data)
	_, _ = io.WriteString(w, fitted(b.String(), width)) // a terminal that is gone shows no error either
}

// fitted breaks the lines of a text that are wider than a terminal.
func fitted(text string, width int) string {
	if width < textWidth {
		text = joined(text)
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(wrap(line, width))
	}
	return b.String()
}

// textWidth is the width of the descriptions as they are written.
const textWidth = 80

// joined makes one line of each paragraph, so that it can be broken elsewhere; what is
// indented stays in lines.
func joined(text string) string {
	var b strings.Builder
	prose := func(line string) bool { return strings.TrimSpace(line) != "" && line[0] != ' ' }
	lines := slices.Collect(strings.Lines(text))
	for i, line := range lines {
		if prose(line) && i+1 < len(lines) && prose(lines[i+1]) {
			line = strings.TrimSuffix(line, "\n") + " "
		}
		b.WriteString(line)
	}
	return b.String()
}

// wrap breaks a line of help that is wider than a terminal at blanks. What follows
// stands below the line's text, the last that two blanks come before, where there is
// room for it.
func wrap(line string, width int) string {
	text := len(line) - len(strings.TrimLeft(line, " "))
	if i := strings.LastIndex(line, "  "); i >= 0 {
		text = i + len("  ")
	}
	if text > width/2 {
		text = width / 8
	}
	var b strings.Builder
	for len(strings.TrimSuffix(line, "\n")) > width {
		i := strings.LastIndex(line[:width+1], " ")
		if len(strings.TrimSpace(line[:max(i, 0)])) == 0 {
			break // a word that is as long as that
		}
		b.WriteString(strings.TrimRight(line[:i], " ") + "\n")
		line = strings.Repeat(" ", text) + strings.TrimLeft(line[i:], " ")
	}
	return b.String() + line
}

func writeHelp(w io.Writer, data any) {
	switch x := data.(type) {
	case *cli.App:
		fmt.Fprintf(w, "%s - %s\n\nUsage: %s\n\n%s\n\nCommands:\n", x.Name, x.Usage, x.UsageText, x.Description)
		for _, c := range visible(x.Commands) {
			fmt.Fprintf(w, "  %-12s%s\n", c.Name, c.Usage)
		}
		printOptions(w, x.Flags)
		fmt.Fprintf(w, "\nMore on a command: keepatch help COMMAND\n")
	case *cli.Command:
		fmt.Fprintf(w, "%s - %s\n\nUsage: %s\n", FullName(x), x.Usage, synopsis(x))
		if x.Description != "" {
			fmt.Fprintf(w, "\n%s\n", x.Description)
		}
		if sub := visible(x.Subcommands); len(sub) > 0 {
			fmt.Fprintln(w, "\nCommands:")
			for _, c := range sub {
				fmt.Fprintf(w, "  %-12s%s\n", c.Name, c.Usage)
			}
		}
		printOptions(w, x.Flags)
	}
}

// synopsis is the command's line of usage.
func synopsis(c *cli.Command) string {
	if c.UsageText != "" {
		return c.UsageText
	}
	if len(c.Subcommands) > 0 {
		return FullName(c) + " COMMAND [OPTIONS]"
	}
	return strings.TrimSpace(FullName(c) + " [OPTIONS] " + strings.TrimSpace(c.ArgsUsage))
}

// FullName is what a command is called by: "keepatch host enable".
func FullName(c *cli.Command) string {
	if c.HelpName != "" {
		return c.HelpName
	}
	return "keepatch " + c.Name
}

// optionColumn is where the text of an option starts; one that is longer has
// its text on the next line.
const optionColumn = 28

func printOptions(w io.Writer, flags []cli.Flag) {
	list := optionsOf(flags)
	if len(list) > 0 {
		fmt.Fprintln(w, "\nOptions:")
	}
	for _, o := range list {
		name := "  " + o.spelling()
		if len(name) > optionColumn-2 {
			fmt.Fprintf(w, "%s\n%*s%s\n", name, optionColumn, "", o.usage)
			continue
		}
		fmt.Fprintf(w, "%-*s%s\n", optionColumn, name, o.usage)
	}
}
