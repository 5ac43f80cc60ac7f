package cli

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
)

// manySites is a file with n functions that connect and n loops that accept. They
// tell of failures in several ways, some set an option, some stand under an #if.
func manySites(n int) []byte {
	tells := []string{
		"\t\tperror(\"socket\");\n\t\treturn -1;\n",
		"\t\tfprintf(stderr, \"cannot create socket %d: %%s\\n\", strerror(errno));\n\t\treturn -1;\n",
		"\t\tsyslog(LOG_CRIT, \"socket %d: %%s\", strerror(errno));\n\t\texit(1);\n",
		"\t\treturn -1;\n",
	}
	var b bytes.Buffer
	b.WriteString("#include <errno.h>\n#include <stdio.h>\n#include <sys/socket.h>\n#include <netinet/in.h>\n")
	for i := range n {
		if i%5 == 0 {
			fmt.Fprintf(&b, "\n#ifdef HAVE_%d", i)
		}
		fmt.Fprintf(&b, "\nint dial_%d(struct sockaddr_in *sin)\n{\n\tint fd;\n\n\tfd = socket(AF_INET, SOCK_STREAM, 0);\n\tif (fd < 0) {\n", i)
		if tell := tells[i%len(tells)]; strings.Contains(tell, "%d") {
			fmt.Fprintf(&b, tell, i)
		} else {
			b.WriteString(tell)
		}
		b.WriteString("\t}\n")
		if i%7 == 0 {
			b.WriteString("\tif (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)\n\t\tperror(\"SO_REUSEADDR\");\n")
		}
		b.WriteString("\tif (connect(fd, (struct sockaddr *)sin, sizeof(*sin)) < 0) {\n\t\tclose(fd);\n\t\treturn -1;\n\t}\n\treturn fd;\n}\n")
		if i%5 == 0 {
			b.WriteString("#endif\n")
		}
		fmt.Fprintf(&b, `
int serve_%d(struct sockaddr_in *sin)
{
	int s, c;

	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0)
		return -1;
	if (bind(s, (struct sockaddr *)sin, sizeof(*sin)) < 0)
		return -1;
	listen(s, 5);
	for (;;) {
		c = accept(s, NULL, NULL);
		if (c < 0)
			continue;
		handle(c);
		close(c);
	}
}
`, i)
	}
	return b.Bytes()
}

// BenchmarkManySites scans and patches one file with more and more sites. The µs/x
// stay what they are when no site costs a look at the whole file.
func BenchmarkManySites(b *testing.B) {
	b.Chdir(b.TempDir())
	for _, args := range [][]string{{"scan"}, {"scan", "--format", "json"}, {"apply"}} {
		for x := 1; x <= 32; x *= 2 {
			b.Run(fmt.Sprintf("%s/%dx", args[len(args)-1], x), func(b *testing.B) {
				if err := os.WriteFile("a.c", manySites(25*x), 0o666); err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					var out, errs bytes.Buffer
					if status := Run(append(args, "a.c"), strings.NewReader(""), &out, &errs); status != ExitOK {
						b.Fatalf("status %d: %s", status, errs.String())
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*x), "µs/x")
			})
		}
	}
}
