package shim

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
)

// PreloadFile is read by the dynamic loader of glibc at every start of a
// program (ld.so(8)). A library in it that cannot be loaded makes every program
// complain, one that crashes makes the machine unusable: what is written there
// has been tried before.
const PreloadFile = "/etc/ld.so.preload"

// prefix is where libraries of the machine's own go. The loader puts the folder
// of the program's kind in the place of $LIB (lib/x86_64-linux-gnu, lib64 ...),
// so that one line serves 64-bit and 32-bit programs.
const (
	prefix  = "/usr/local"
	entry   = prefix + "/$LIB/" + library
	library = "libkeepatch.so"
)

// abi is a kind of programs that this machine may run.
type abi struct {
	loader string // there is none of the kind without it
	flag   string // for the compiler
}

var abis = map[string][]abi{
	"amd64": {{"/lib64/ld-linux-x86-64.so.2", ""}, {"/lib/ld-linux.so.2", "-m32"}, {"/libx32/ld-linux-x32.so.2", "-mx32"}},
	"arm64": {{"/lib/ld-linux-aarch64.so.1", ""}, {"/lib/ld-linux-armhf.so.3", "-m32"}},
}

// Install compiles the library for every kind of programs of this machine, puts
// it where only root can write, and enters it in /etc/ld.so.preload, unless a
// program that is started with it complains or fails. It gives the files it
// wrote.
func Install(cc, goarch string) (files []string, err error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("only root may write %s", PreloadFile)
	}
	defer func() {
		if err != nil {
			for _, f := range files {
				_ = os.Remove(f)
			}
		}
	}()
	if err := findCC(cc); err != nil {
		return nil, err
	}
	before, err := entries()
	if err != nil {
		return nil, err
	}
	for _, a := range loaders(goarch) {
		file, err := installFor(a, cc, prefix)
		if file != "" {
			files = append(files, file)
		}
		if err != nil {
			return files, err
		}
	}
	if len(files) == 0 {
		return nil, errors.New("this machine has no dynamic loader of glibc")
	}
	if err := tryLoad("LD_PRELOAD=" + entry); err != nil {
		return files, fmt.Errorf("a program that is started with the library fails: %w", err)
	}
	if !slices.Contains(before, entry) {
		if err := write(append(before, entry)); err != nil {
			return files, err
		}
	}
	if err := tryLoad(""); err != nil {
		_ = write(before)
		return files, fmt.Errorf("programs fail with %s, which is as it was: %w", PreloadFile, err)
	}
	return files, nil
}

// loaders are the kinds of programs that this machine has a loader for.
func loaders(goarch string) []abi {
	return slices.DeleteFunc(slices.Clone(abis[goarch]), func(a abi) bool {
		_, err := os.Stat(a.loader)
		return err != nil
	})
}

// ForPrograms gives the library from the cache, as Cached does. Where the machine
// has loaders for several kinds of programs, it is a path with $LIB and a library
// for each kind that the compiler makes: a loader complains of one for another.
func ForPrograms(cc, goarch string) (string, error) {
	single, err := Cached(cc)
	kinds := loaders(goarch)
	if err != nil || len(kinds) < 2 {
		return single, err
	}
	dir := strings.TrimSuffix(single, ".so")
	if _, err := os.Stat(dir); err != nil {
		tmp, err := os.MkdirTemp(filepath.Dir(dir), ".libkeepatch-*")
		if err != nil {
			return "", err
		}
		defer os.RemoveAll(tmp)
		if err := os.Chmod(tmp, 0o755); err != nil {
			return "", err
		}
		for _, a := range kinds {
			_, _ = installFor(a, cc, tmp) // without it, its programs are told once a start
		}
		if err := os.Rename(tmp, dir); err != nil && !errors.Is(err, os.ErrExist) {
			return "", err
		}
	}
	if len(libraries(dir)) == 0 {
		return single, nil
	}
	return filepath.Join(dir, "$LIB", library), nil
}

// libraries are those in the folders that $LIB may stand for.
func libraries(root string) []string {
	files, _ := filepath.Glob(root + "/lib*/" + library) // the patterns are right
	more, _ := filepath.Glob(root + "/lib/*/" + library)
	return append(files, more...)
}

// installFor compiles the library for one kind of programs and puts it below root;
// file is "" where the machine runs none.
func installFor(a abi, cc, root string) (file string, err error) {
	dir, err := os.MkdirTemp("", "keepatch-install-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	probe := filepath.Join(dir, "probe")
	command := append(strings.Fields(cc), "-x", "c", "-", "-o", probe)
	if a.flag != "" {
		command = append(command, a.flag)
	}
	compile := exec.Command(command[0], command[1:]...)
	compile.Stdin = strings.NewReader("int main(void) { return 0; }\n")
	if text, err := compile.CombinedOutput(); err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
		return "", fmt.Errorf("programs for %s run here, and %s makes none (%s): each of them would complain",
			a.loader, strings.TrimSpace(cc+" "+a.flag), first)
	}
	// What is entered already may be for other programs only, and make these
	// complain.
	before, err := exec.Command(probe).CombinedOutput()
	if err != nil {
		return "", nil // the kernel runs no such programs, whatever is installed for them
	}
	// What the loader puts for $LIB is found out by trying.
	command = append(strings.Fields(cc), "-print-multiarch")
	if a.flag != "" {
		command = append(command, a.flag)
	}
	multiarch, _ := exec.Command(command[0], command[1:]...).Output()
	for _, lib := range []string{filepath.Join("lib", strings.TrimSpace(string(multiarch))), "lib64", "lib", "lib32", "libx32"} {
		file := filepath.Join(dir, lib, library)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return "", err
		}
		if err := Compile(strings.TrimSpace(cc+" "+a.flag), file); err != nil {
			return "", err
		}
		run := exec.Command(probe)
		run.Env = []string{"LD_PRELOAD=" + filepath.Join(dir, "$LIB", library)}
		text, err := run.CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("a program that is started with the library fails: %w", err)
		}
		if !bytes.Equal(text, before) {
			_ = os.Remove(file)
			continue
		}
		target := filepath.Join(root, lib, library)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return "", err
		}
		text, err = os.ReadFile(file)
		if err != nil {
			return "", err
		}
		return target, renameio.WriteFile(target, text, 0o755)
	}
	return "", fmt.Errorf("no folder is found that %s knows as $LIB", a.loader)
}

// tryLoad starts programs and expects their status and no complaint.
func tryLoad(variable string) error {
	for _, c := range []struct {
		args []string
		want int
	}{{[]string{"/bin/sh", "-c", "exit 42"}, 42}, {[]string{"/bin/sh", "-c", "/bin/ls / | /bin/cat >/dev/null"}, 0}} {
		cmd := exec.Command(c.args[0], c.args[1:]...)
		cmd.Env = os.Environ()
		if variable != "" {
			cmd.Env = append(cmd.Env, variable)
		}
		var errs bytes.Buffer
		cmd.Stderr = &errs
		err := cmd.Run()
		if cmd.ProcessState == nil {
			return err
		}
		if got := cmd.ProcessState.ExitCode(); got != c.want || errs.Len() > 0 {
			first, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n")
			return fmt.Errorf("%s ended with %v: %s", strings.Join(c.args, " "), cmd.ProcessState, first)
		}
	}
	return nil
}

// Uninstall undoes Install; the entries of others stay. was reports whether
// there was anything.
func Uninstall() (was bool, err error) {
	if os.Geteuid() != 0 {
		return false, fmt.Errorf("only root may write %s", PreloadFile)
	}
	before, err := entries()
	if err != nil {
		return false, err
	}
	if was = slices.Contains(before, entry); was {
		rest := slices.DeleteFunc(before, func(e string) bool { return e == entry })
		if err := write(rest); err != nil {
			return was, err
		}
	}
	for _, f := range libraries(prefix) {
		was = true
		if err := os.Remove(f); err != nil {
			return was, err
		}
	}
	return was, nil
}

// entries are those of /etc/ld.so.preload, which separates them by blanks,
// colons or line ends.
func entries() ([]string, error) {
	text, err := os.ReadFile(PreloadFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(" \t\n:", r) }), nil
}

// write replaces the file as a whole; without entries there is none.
func write(entries []string) error {
	if len(entries) == 0 {
		if err := os.Remove(PreloadFile); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	return renameio.WriteFile(PreloadFile, []byte(strings.Join(entries, "\n")+"\n"), 0o644)
}
