// Package shim holds the C source of the preload library, compiles it with the
// host's compiler, and tells which programs the dynamic loader would not put
// it in front of.
package shim

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed src/libkeepatch.c
var source []byte

// Source is the C text of the library.
func Source() []byte { return bytes.Clone(source) }

// DefaultCC is the compiler for an empty name: $CC, else cc. It may hold
// arguments ("gcc -m32").
func DefaultCC() string {
	if cc := os.Getenv("CC"); cc != "" {
		return cc
	}
	return "cc"
}

// Compile writes the library to the file out, replacing it as a whole: a
// program that has the old one mapped keeps it. The compiler's own complaints
// are in the error, its first line first.
func Compile(cc, out string) error {
	command := strings.Fields(cc)
	if err := findCC(cc); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(out), ".libkeepatch-*")
	if err != nil {
		var pe *os.PathError // of a name that says nothing to the user
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return fmt.Errorf("%s: %w", out, err)
	}
	defer os.RemoveAll(tmp)
	c, so := filepath.Join(tmp, "libkeepatch.c"), filepath.Join(tmp, "libkeepatch.so")
	if err := os.WriteFile(c, source, 0o644); err != nil {
		return err
	}
	// -ldl: dlsym is apart from libc before glibc 2.34.
	// Without _FORTIFY_SOURCE, which some compilers have on, and with an older
	// C than the newest have, it needs no function that musl has not.
	args := append(command[1:], "-shared", "-fPIC", "-std=gnu11", "-O2", "-U_FORTIFY_SOURCE", "-fvisibility=hidden",
		"-Wl,-soname,libkeepatch.so", "-o", so, c, "-ldl")
	text, err := exec.Command(command[0], args...).CombinedOutput()
	if err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
		return fmt.Errorf("%s: %v: %s", cc, err, first)
	}
	if err := os.Chmod(so, 0o755); err != nil {
		return err
	}
	return os.Rename(so, out)
}

// findCC reports whether there is the compiler of a command.
func findCC(cc string) error {
	command := strings.Fields(cc)
	if len(command) == 0 {
		return errors.New("no C compiler named")
	}
	if _, err := exec.LookPath(command[0]); err != nil {
		return fmt.Errorf("no C compiler: %s is not in PATH (name one with --cc or CC)", command[0])
	}
	return nil
}

// rootCache is where root's library is kept: a service that gives up root's
// identity goes on being able to read it, and only root can write there.
const rootCache = "/var/cache"

// Cached gives the library from the user's cache folder, compiling it there
// when this version of the source has none yet.
func Cached(cc string) (string, error) {
	base, err := os.UserCacheDir()
	if os.Geteuid() == 0 && os.Getenv("XDG_CACHE_HOME") == "" {
		base, err = rootCache, nil
	}
	if err != nil {
		return "", err
	}
	dir := filepath.Join(base, "keepatch")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	sum := sha256.Sum256(append([]byte(cc+"\x00"), source...))
	so := filepath.Join(dir, fmt.Sprintf("libkeepatch-%x.so", sum[:8]))
	if _, err := os.Stat(so); err == nil {
		return so, nil
	}
	return so, Compile(cc, so)
}

// PreloadEnv is env with library at the end of LD_PRELOAD: what the user has
// there already keeps its place, which some libraries insist on.
func PreloadEnv(env []string, library string) []string {
	out := make([]string, 0, len(env)+1)
	value := library
	for _, e := range env {
		if old, ok := strings.CutPrefix(e, "LD_PRELOAD="); ok {
			if old != "" {
				value = old + ":" + library
			}
			continue
		}
		out = append(out, e)
	}
	return append(out, "LD_PRELOAD="+value)
}
