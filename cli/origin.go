package cli

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/report"
)

// readOrigin finds out what a report is about, if a target shows it: the project
// that holds the first path, by its folder's name unless --title is given, its
// commit, and the time, which is SOURCE_DATE_EPOCH where that is set
// (https://reproducible-builds.org/specs/source-date-epoch/).
func readOrigin(c *cli.Context, paths []string, targets []target) (o report.Origin, err error) {
	if !slices.ContainsFunc(targets, func(t target) bool { return t.format.Origin }) {
		return o, nil
	}
	o.Title, o.Date = c.String("title"), time.Now()
	if epoch := os.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		sec, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return o, fmt.Errorf("SOURCE_DATE_EPOCH: %q is not a number of seconds", epoch)
		}
		o.Date = time.Unix(sec, 0)
	}
	if len(paths) == 0 {
		return o, nil
	}
	dir := driver.Absolute(paths[0])
	if st, err := os.Stat(dir); err == nil && !st.IsDir() {
		dir = filepath.Dir(dir)
	}
	root := driver.RepoRoot(dir)
	if root != "" {
		// Where git is not installed or refuses, there is no revision.
		out, err := exec.Command("git", "-C", root, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*").Output()
		if err == nil {
			o.Revision = strings.TrimSpace(string(out))
		}
	}
	if o.Title == "" {
		o.Title = filepath.Base(cmp.Or(root, dir))
	}
	return o, nil
}
