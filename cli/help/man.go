package help

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect/rules"
)

// RulePage writes the page that reports link to.
func RulePage(w io.Writer) {
	fmt.Fprint(w, "# Rules\n\nMade from the rules' own data by `go generate`; `keepatch explain RULE` prints the same.\n\n"+
		"| rule | title | effect on check |\n|---|---|---|\n")
	does := map[rules.Severity]string{rules.Error: "fails", rules.Warning: "reported",
		rules.Note: "not reported", rules.Off: "not reported"}
	for i := range rules.All {
		r := &rules.All[i]
		fmt.Fprintf(w, "| [%s](#%s) | %s | %s |\n", r.ID, strings.ToLower(r.ID), strings.ReplaceAll(r.Title, "_", "\\_"), does[r.Severity])
	}
	fmt.Fprint(w, "\nSet the severity of a rule in `.keepatch.yaml` (`rules:`) and with `--severity` and `--rules`.\n")
	for i := range rules.All {
		r := &rules.All[i]
		fmt.Fprintf(w, "\n## %s\n\n**%s** (%s)\n\n%s\n\nInstead of\n\n```c\n%s\n```\n\nwrite\n\n```c\n%s\n```\n\nWhat to do: %s.\n",
			r.ID, r.Title, r.Severity, r.Text, r.Before, r.After, r.Hint)
	}
}

// ManPage writes keepatch(1). It names no version and no date, so that the page
// in the repository changes only when its content does.
func ManPage(w io.Writer, app *cli.App) {
	fmt.Fprintf(w, ".TH KEEPATCH 1\n.SH NAME\nkeepatch \\- %s\n.SH SYNOPSIS\n", roff(app.Usage))
	for _, c := range visible(app.Commands) {
		fmt.Fprintf(w, ".nf\n\\fB%s\\fR\n.fi\n", roff(synopsis(c)))
	}
	fmt.Fprint(w, ".SH DESCRIPTION\n")
	manText(w, app.Description)
	fmt.Fprint(w, ".SH COMMANDS\n")
	for _, c := range visible(app.Commands) {
		fmt.Fprintf(w, ".SS keepatch %s\n%s.\n", roff(c.Name), roff(sentence(c.Usage)))
		if c.Description != "" {
			fmt.Fprint(w, ".PP\n")
			manText(w, c.Description)
		}
		manOptions(w, ownFlags(c))
		for _, sub := range visible(c.Subcommands) {
			fmt.Fprintf(w, ".SS %s\n%s.\n", roff(synopsis(sub)), roff(sentence(sub.Usage)))
			manOptions(w, ownFlags(sub))
		}
	}
	fmt.Fprint(w, ".SH OPTIONS\n")
	manOptions(w, []cli.Flag{cli.HelpFlag, cli.VersionFlag})
	fmt.Fprint(w, ".SH RULES\n")
	for i := range rules.All {
		r := &rules.All[i]
		fmt.Fprintf(w, ".TP\n\\fB%s\\fR (%s)\n%s.\n", r.ID, r.Severity, roff(r.Title))
	}
	fmt.Fprint(w, manTail)
}

const manTail = `.SH FILES
.TP
\fB.keepatch.yaml\fR
The configuration, looked for in the working directory and upwards to the root of the repository.
.SH ENVIRONMENT
.TP
\fBNO_COLOR\fR, \fBFORCE_COLOR\fR, \fBTERM=dumb\fR
Switch colours off, on and off, unless \fB\-\-color\fR is given.
.SH EXIT STATUS
.TP
\fB0\fR
Done; check found nothing.
.TP
\fB1\fR
check found a socket without keepalive.
.TP
\fB2\fR
Bad usage, or an input could not be read; the rest of the run was done and printed.
.SH SEE ALSO
.BR socket (7),
.BR tcp (7),
.BR setsockopt (2)
`

// ownFlags are those of a command without --help, which all have.
func ownFlags(c *cli.Command) []cli.Flag {
	return slices.DeleteFunc(slices.Clone(c.Flags), func(f cli.Flag) bool { return f == cli.HelpFlag })
}

func manOptions(w io.Writer, flags []cli.Flag) {
	for _, o := range optionsOf(flags) {
		name := "\\fB\\-\\-" + roff(o.long) + "\\fR"
		if o.short != "" {
			name = "\\fB\\-" + o.short + "\\fR, " + name
		}
		if o.value != "" {
			name += " \\fI" + roff(o.value) + "\\fR"
		}
		fmt.Fprintf(w, ".TP\n%s\n%s.\n", name, roff(sentence(o.usage)))
	}
}

// manText writes a description: paragraphs, with indented lines kept as they
// are.
func manText(w io.Writer, text string) {
	for i, p := range strings.Split(text, "\n\n") {
		if i > 0 {
			fmt.Fprint(w, ".PP\n")
		}
		literal := false
		for _, line := range strings.Split(p, "\n") {
			if indented := strings.HasPrefix(line, "  "); indented != literal {
				fmt.Fprint(w, map[bool]string{true: ".PP\n.nf\n.RS\n", false: ".RE\n.fi\n"}[indented])
				literal = indented
			}
			fmt.Fprintln(w, roff(strings.TrimPrefix(line, "  ")))
		}
		if literal {
			fmt.Fprint(w, ".RE\n.fi\n")
		}
	}
}

// roff escapes what the formatter would take for its own.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
