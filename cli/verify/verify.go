// Package verify compiles patched files with the user's C compiler and drops the
// fixes that add an error or a warning. The texts are handed to the compiler on its
// standard input; no file is written. A file is compiled once before and once after
// the patch for each variant of a system, and once more for each of its fixes if the
// patched file has a fault.
package verify

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite"
	"github.com/keepatch/keepatch/rewrite/timers"
)

// maxVerify bounds how often what is left of the fixes is compiled again.
const maxVerify = 4

// Note prints a line for the user.
type Note func(format string, args ...any)

// Fixes compiles every patched file before and after the patch and drops the
// fixes that add an error or a warning; the reason becomes the fix's. A file that
// does not compile without the patch cannot be judged and is noted, unless it is left to
// a build that follows. cc is the command to run; "" takes the compilation database, else cc.
func Fixes(plan *rewrite.Plan, cc string, tm timers.Timers, build bool, tell Note) error {
	c, err := newCompiler(cc)
	if err != nil {
		return fmt.Errorf("--verify: %w", err)
	}
	c.build = build
	if _, err := exec.LookPath(c.command[0]); err != nil {
		return fmt.Errorf("--verify: no compiler %q: %w", c.command[0], err)
	}
	judged := map[string]string{} // texts by path
	compiled := map[string]bool{} // whether the file does, by path
	planned := patched(plan, nil)
	defer func() {
		c.tellOptions(tell)
		if len(compiled) > 0 {
			tell("--verify: %s", c.outcome(plan, compiled, planned))
		}
	}()
	for range maxVerify {
		changed := false
		for _, f := range plan.Files {
			if ext := filepath.Ext(f.Path); ext != ".c" && ext != ".h" {
				continue // a manual
			}
			if judged[f.Path] == string(f.New) {
				continue
			}
			judged[f.Path] = string(f.New)
			dropped, ok := verifyFile(c, f, variants(tm), tell)
			compiled[f.Path], changed = ok, changed || dropped
		}
		if !changed {
			return nil
		}
		// A fix may change several files: what is left is compiled once more.
		if err := plan.Rebuild(); err != nil {
			return err
		}
	}
	return nil
}

// outcome sums up what was compiled and what became of the planned fixes.
func (c *compiler) outcome(plan *rewrite.Plan, compiled map[string]bool, planned int) string {
	files := 0
	for _, ok := range compiled {
		if ok {
			files++
		}
	}
	with := "with " + c.command[0]
	if c.database.Files() > 0 {
		with = "as " + c.database.Name + " says"
	}
	return fmt.Sprintf("%s compiled before and after the patch, %s: %s", text.Count(files, "file"), with,
		counts(plan, planned, c.build, func(path string) bool { ok, met := compiled[path]; return met && !ok }))
}

// counts says how many of the planned fixes hold, were dropped, and change a file that
// could not be judged, or is left to a build.
func counts(plan *rewrite.Plan, planned int, build bool, unjudged func(path string) bool) string {
	left, unknown := patched(plan, nil), patched(plan, unjudged)
	line := text.Count(left-unknown, "socket") + " verified"
	if planned > left {
		line += fmt.Sprintf(", %d dropped", planned-left)
	}
	switch {
	case unknown > 0 && build:
		line += fmt.Sprintf(", %d left to --build", unknown)
	case unknown > 0:
		line += fmt.Sprintf(", %d not verified", unknown)
	}
	return line
}

// patched counts the fixes that are in the patch, of those the ones that change a file
// for which which, where it is given, holds.
func patched(plan *rewrite.Plan, which func(path string) bool) (n int) {
	for _, fix := range plan.Fixes {
		if fix.Status == result.FixPatch && (which == nil ||
			slices.ContainsFunc(fix.Files, func(f rewrite.FileEdits) bool { return which(f.Path) })) {
			n++
		}
	}
	return n
}

// verifyFile compiles one file, and reports whether it dropped a fix; ok says that the file
// compiles as it is.
func verifyFile(c *compiler, f *rewrite.File, list []variant, tell Note) (dropped, ok bool) {
	var bases []int
	var able []variant
	for _, v := range list {
		n, ok := c.compile(f.Path, f.Src, v.prelude)
		if !ok && v.prelude == "" {
			c.tellWhy(f, tell)
			return false, false
		}
		if ok {
			bases, able = append(bases, n), append(able, v)
		}
	}
	fault := func(text []byte) string {
		for i, v := range able {
			n, ok := c.compile(f.Path, text, v.prelude)
			if !ok || n > bases[i] || v.survives != "" && !c.survives(f, text, v) {
				return v.fault(ok, n > bases[i])
			}
		}
		return ""
	}
	if fault(f.New) == "" {
		return false, true
	}
	// The fixes join one by one; the one that brings the fault is left out.
	var kept []*rewrite.Fix
	for _, fix := range f.Fixes {
		if fix.Status != result.FixPatch {
			continue
		}
		with := append(kept[:len(kept):len(kept)], fix)
		text, err := f.With(with)
		why := ""
		if err != nil {
			why = err.Error()
		} else if why = fault(text); why != "" {
			why = "with it the file " + why
		}
		if why != "" {
			fix.Drop("dropped by --verify: " + why)
			dropped = true
			continue
		}
		kept = with
	}
	return dropped, true
}

// variant is a system that the patch must compile for.
type variant struct {
	name     string
	prelude  string // put after the file's includes
	survives string // what must be left of the timers after preprocessing
}

func (v variant) fault(compiles, warns bool) string {
	switch {
	case !compiles:
		return "does not compile" + v.name
	case warns:
		return "gives a new warning" + v.name
	}
	return "loses the timers" + v.name
}

// variants are this system and, with timers, one that has none of their
// constants (OpenBSD) and one with Apple's spelling.
func variants(tm timers.Timers) []variant {
	list := []variant{{}}
	if !tm.Any() {
		return list
	}
	const none = "#undef TCP_KEEPIDLE\n#undef TCP_KEEPINTVL\n#undef TCP_KEEPCNT\n#undef TCP_USER_TIMEOUT\n"
	list = append(list, variant{" where the timers' constants are not defined", none, ""})
	if tm.Idle > 0 {
		list[0].survives = fmt.Sprintf("= %d;", tm.Idle)
		list = append(list, variant{" with Apple's TCP_KEEPALIVE",
			none + "#undef TCP_KEEPALIVE\n#define TCP_KEEPALIVE 0x10\n#define __APPLE__ 1\n", fmt.Sprintf("= %d;", tm.Idle)})
	}
	return list
}
