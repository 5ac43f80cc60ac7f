package driver

import (
	"os"
	"path/filepath"
)

// RepoPrefix returns the working directory as seen from the root of the
// repository that it lies in, with slashes: "" at the root or outside of any,
// else "sub/dir". Viewers of SARIF and GitHub want paths from there.
func RepoPrefix() string {
	cwd, err := os.Getwd()
	if err != nil {
		return ""
	}
	root := RepoRoot(cwd)
	if root == "" {
		return ""
	}
	rel, err := filepath.Rel(root, cwd)
	if err != nil || rel == "." {
		return ""
	}
	return filepath.ToSlash(rel)
}

// RepoRoot returns the root of the repository that a folder lies in, "" outside
// of any.
func RepoRoot(dir string) string {
	for {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}
