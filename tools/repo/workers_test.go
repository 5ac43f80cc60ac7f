package repo

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/cli"
)

// Output is the same bytes for any number of workers, run after run.
func TestWorkers(t *testing.T) {
	for _, cmd := range []string{
		"scan --format json testdata report/testdata detect parse",
		"scan --format text testdata report/testdata",
		"scan --format sarif testdata report/testdata",
		"check --strict testdata/demo report/testdata",
	} {
		var first string
		for _, jobs := range []int{1, 2, 3, 8, 8} {
			var out, errs bytes.Buffer
			status := cli.Run(append(strings.Fields(cmd), "--jobs", fmt.Sprint(jobs)), strings.NewReader(""), &out, &errs)
			got := fmt.Sprintf("status %d\n%s\n%s", status, out.String(), errs.String())
			if jobs == 1 {
				if first = got; out.Len() == 0 {
					t.Fatalf("%s printed nothing: %s", cmd, got)
				}
				continue
			}
			if d := cmp.Diff(first, got); d != "" {
				t.Errorf("%s with %d jobs (- 1 job):\n%s", cmd, jobs, d)
			}
		}
	}
}
