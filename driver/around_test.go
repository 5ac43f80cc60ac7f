package driver

import (
	"os"
	"path/filepath"
	"testing"
)

// TestProgramPath holds what is read for a file that is named, from where it is called.
func TestProgramPath(t *testing.T) {
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"home/plain", "home/repo/.git", "home/repo/src", "home/repo/deps/lib/.git", "packages/one/src", "packages/two",
		"me/repo/.git", "me/repo/src", "me/plain/sub"} {
		if err := os.MkdirAll(filepath.Join(top, dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("HOME", filepath.Join(top, "me"))
	for _, name := range []string{"packages/one/README", "packages/two/README"} {
		if err := os.WriteFile(filepath.Join(top, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ name, cwd, file, want string }{
		{"no repository", "home", "plain/a.c", "."},
		{"a repository below", "home", "repo/src/a.c", "repo"},
		{"the same, absolute", "home", filepath.Join(top, "home/repo/src/a.c"), filepath.Join(top, "home/repo")},
		{"in the repository", "home/repo", "src/a.c", "."},
		{"another repository in it", "home/repo", "deps/lib/a.c", "."},
		{"a program of a collection", "packages", "one/src/a.c", "one"},
		{"the same, absolute", "packages", filepath.Join(top, "packages/one/src/a.c"), "one"},
		{"in the program", "packages/one", "src/a.c", "."},
		{"outside", "home/plain", "../repo/src/a.c", "../repo/src"},
		{"a repository in the user's home", "me", "repo/src/a.c", "repo"},
		{"a folder in the user's home", "me", "plain/sub/a.c", "plain/sub"},
		{"a file in the user's home", "me", "a.c", "a.c"},
		{"the same, from elsewhere", "home/plain", "../../me/a.c", "../../me/a.c"},
		{"the whole disk", "/", filepath.Join(top, "home/plain/a.c"), filepath.Join(top, "home/plain")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cwd := tt.cwd
			if !filepath.IsAbs(cwd) {
				cwd = filepath.Join(top, cwd)
			}
			t.Chdir(cwd)
			if got := ProgramPath(tt.file); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
