package shim

import (
	"bufio"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Loadable says why the dynamic loader would not put library in front of the
// program at path, or nil. ld.so itself only prints a warning, or nothing, and
// runs the program unprotected.
//
// It looks at the one file: what that program starts in turn is not known.
func Loadable(path, library string) error {
	lib, err := elf.Open(library)
	if err != nil {
		return fmt.Errorf("%s is no shared library: %w", library, err)
	}
	defer lib.Close()
	return loadable(path, lib, 4)
}

// loadable follows at most depth interpreters, as the kernel limits them too.
func loadable(path string, lib *elf.File, depth int) error {
	st, err := os.Stat(path)
	if err != nil {
		return err
	}
	if st.Mode()&(os.ModeSetuid|os.ModeSetgid) != 0 {
		return fmt.Errorf("%s is set-user-ID or set-group-ID, the loader ignores LD_PRELOAD for it", path)
	}
	if privileged(path) {
		return fmt.Errorf("%s has file capabilities, the loader ignores LD_PRELOAD for it", path)
	}
	f, err := elf.Open(path)
	if err != nil {
		next, err := interpreter(path)
		if err != nil {
			return err
		}
		if depth == 0 {
			return fmt.Errorf("%s has too many interpreters in a row", path)
		}
		return loadable(next, lib, depth-1)
	}
	defer f.Close()
	if f.Class != lib.Class || f.Machine != lib.Machine {
		return fmt.Errorf("%s is for %s, the library for %s", path, f.Machine, lib.Machine)
	}
	if f.Section(".go.buildinfo") != nil || f.Section(".note.go.buildid") != nil {
		return fmt.Errorf("%s is a Go program, which calls the kernel itself", path)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			return nil
		}
	}
	return fmt.Errorf("%s is statically linked, it has no loader", path)
}

// interpreter reads the #! line of a script; one without is the shell's. The
// form "#!/usr/bin/env NAME" leads to NAME.
func interpreter(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadString('\n')
	if err != nil && line == "" {
		return "", errors.New(path + " is empty")
	}
	rest, ok := strings.CutPrefix(line, "#!")
	words := strings.Fields(rest)
	if !ok || len(words) == 0 {
		return "/bin/sh", nil
	}
	if strings.HasSuffix(words[0], "/env") && len(words) > 1 && !strings.HasPrefix(words[1], "-") {
		return exec.LookPath(words[1])
	}
	return words[0], nil
}
