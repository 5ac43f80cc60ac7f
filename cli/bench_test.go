package cli

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
)

// BenchmarkSitesInOneFile scans one file with more and more sites, report and
// plan of the patch included. The µs/site stay what they are when no site costs
// a look at the whole file.
func BenchmarkSitesInOneFile(b *testing.B) {
	b.Chdir(b.TempDir())
	for _, n := range []int{64, 256, 1024} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var src strings.Builder
			for i := range n {
				fmt.Fprintf(&src, `
static int open_%d(struct sockaddr *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	return connect(fd, sa, sizeof(*sa));
}
`, i)
			}
			if err := os.WriteFile("a.c", []byte(src.String()), 0o666); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				var out, errs bytes.Buffer
				if status := Run([]string{"scan", "--format", "json", "a.c"}, strings.NewReader(""), &out, &errs); status != ExitOK {
					b.Fatalf("status %d: %s", status, errs.String())
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/site")
		})
	}
}
