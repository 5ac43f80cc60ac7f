// Package cli is the command line of keepatch: commands, options, help texts and
// completions, and the exit status of a run. A command reads its options, lets
// package driver analyse, and hands the outcome to a printer of package report or
// a plan of package rewrite. It decides nothing about a site.
//
// Every problem with an input is one line on stderr, the run goes on, and ends with
// ExitError.
package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/report"
	"github.com/keepatch/keepatch/rewrite"
)

// The exit statuses of the contract.
const (
	ExitOK      = 0
	ExitMissing = 1 // check found something
	ExitError   = 2 // bad usage, an input that could not be read, or a fault of ours
)

// Run executes keepatch with the arguments after the program's name and returns
// the exit status.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	e := &env{stdin: stdin, stdout: stdout, stderr: stderr}
	app := appFor(e, args)
	args, err := optionsFirst(app, args)
	if err != nil {
		return e.usage(err)
	}
	err = app.Run(append([]string{app.Name}, args...))
	e.endPager()
	return e.finish(err)
}

// finish turns what a command returned into the exit status.
func (e *env) finish(err error) int {
	var exit cli.ExitCoder
	switch {
	case errors.As(err, &exit): // a command that ends as another program did
		if msg := exit.Error(); msg != "" {
			e.note("%s", msg)
		}
		return exit.ExitCode()
	case err != nil:
		return e.usage(err)
	}
	return e.status
}

// env holds a command's standard streams and its exit status, so that tests can
// run commands in process.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	status         int
	quiet          bool // no notes
	pager          *pager
}

// fail raises the exit status; a lower one has no effect.
func (e *env) fail(status int) { e.status = max(e.status, status) }

// errorf prints a line on stderr; the run continues and ends with status 2.
func (e *env) errorf(format string, args ...any) {
	e.say(format, args...)
	e.fail(ExitError)
}

// note prints a line on stderr, unless --quiet is set. It does not change the exit status.
func (e *env) note(format string, args ...any) {
	if !e.quiet {
		e.say(format, args...)
	}
}

func (e *env) say(format string, args ...any) {
	fmt.Fprintf(e.errors(), "keepatch: %s\n", report.Clean(fmt.Sprintf(format, args...)))
}

// usage ends a run that could not start, with status 2.
func (e *env) usage(err error) int {
	if err != errReported {
		e.errorf("%v", err)
	}
	e.fail(ExitError)
	return e.status
}

// analyze runs the driver, with progress on a terminal, and prints the errors of
// its report.
func (e *env) analyze(o *options, plan *rewrite.Options, lean bool) *driver.Analysis {
	if isTerminal(e.stderr) {
		o.Progress = e.stderr
	}
	a := driver.Analyze(&o.Options, plan, lean)
	for _, x := range a.Report.Errors {
		e.errorf("%s", errorLine(x))
	}
	e.reportEmpty(a.Empty, a.Report.Coverage.Files == 0 && !o.mayBeEmpty, o.eachHasC && !o.mayBeEmpty)
	e.reportNotC(a.NotC)
	if b := a.Builds; b != nil {
		e.note("%s: %s for %s", b.Name, text.Count(b.Commands, "command"), text.Count(b.Files(), "file"))
	}
	e.reportForeign(a.Report.Coverage, o.countsShown)
	if n := a.Report.Coverage.LeftOut; n > 0 {
		e.note("%s in tests, examples and vendored copies left out (--tests=yes has them)", text.Count(n, "site"))
	}
	return a
}

// reportForeign names the sources of other languages that hold such calls. Where there is nothing but
// them, nothing was looked at. A report that says so on the same terminal is enough.
func (e *env) reportForeign(c result.Coverage, shown bool) {
	what, files := c.Foreign()
	if what == "" {
		return
	}
	if !shown {
		e.say("not understood: %s (%s)", what, files)
	}
	if c.Files == 0 {
		e.fail(ExitError)
	}
}

// reportEmpty names the folders in which nothing was found to read, and says why what is
// there was left out. It is an error where that is all, or where each PATH has to hold
// something: a wrong PATH must not look like a clean program. One with sources of another
// language is not wrong.
func (e *env) reportEmpty(list []driver.Empty, all, each bool) {
	const most = 5
	wrong := func(x driver.Empty) bool { return all || each && x.Unread == 0 }
	for i, x := range list {
		tell := e.note
		if wrong(x) {
			tell = e.errorf
		}
		if i == most {
			if slices.ContainsFunc(list[i:], wrong) {
				tell = e.errorf
			}
			tell("no C files found in %s more", text.Count(len(list)-most, "folder"))
			return
		}
		where := x.Path
		if where == "." {
			where = "the working directory"
		}
		var why []string
		for _, r := range []struct {
			n    int
			what string
		}{
			{x.Ignored, "ignored by git"}, {x.Excluded, "excluded"}, {x.Hidden, "in hidden folders"}, {x.Links, "behind symbolic links"},
			{x.Unread, "in C++, yacc or lex"},
		} {
			if r.n > 0 {
				why = append(why, fmt.Sprintf("%d %s", r.n, r.what))
			}
		}
		line := "no C files found in " + where
		if len(why) > 0 {
			line += "; left out: " + strings.Join(why, ", ")
		}
		tell("%s", line)
	}
}

// reportNotC names the files that are no C. A tree of another language whose sources are
// called .c as well has hundreds.
func (e *env) reportNotC(list []result.FileError) {
	const each = 3
	if len(list) <= each {
		for _, x := range list {
			e.note("%s:%d: left out: no C (%s), and without socket(), accept() and accept4()", x.File, x.Line, x.Message)
		}
		return
	}
	var names []string
	for _, x := range list[:each] {
		names = append(names, fmt.Sprintf("%s:%d", x.File, x.Line))
	}
	e.note("%s left out: no C, and without socket(), accept() and accept4() (%s, ...)", text.Count(len(list), "file"), strings.Join(names, ", "))
}

// errorLine is "path:line: what".
func errorLine(x result.FileError) string {
	if x.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", x.File, x.Line, x.Message)
	}
	return fmt.Sprintf("%s: %s", x.File, x.Message)
}

// fileError is "path: what" of an error of the file system, without the name of
// the system call.
func fileError(name string, err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	if dir := filepath.Dir(name); errors.Is(err, fs.ErrNotExist) && !exists(dir) {
		return fmt.Sprintf("%s: there is no folder %s", name, dir)
	}
	return fmt.Sprintf("%s: %v", name, err)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
