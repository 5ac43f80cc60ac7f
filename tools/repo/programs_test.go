package repo

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// summary names the rows of docs/run.md's matrix that a row of the table in
// README.md stands for; the other rows of that table are prose.
var summary = map[string][]string{
	"C, dynamic (glibc or musl); threads; forking; shell pipelines": {"glibc, dynamic", "musl, dynamic", "threads", "forking", "shell pipeline"},
	"Python":                      {"Python"},
	"C, static (glibc or musl)":   {"glibc, static", "musl, static"},
	"Go":                          {"Go, keepalive off", "Go, its own 15 s"},
	"32-bit, from a 64-bit shell": {"32-bit"},
}

// TestProgramsTable holds the table of programs in README.md and at the head of
// docs/run.md against the matrix that the tests of package preload write. With
// -update it writes both tables.
func TestProgramsTable(t *testing.T) {
	page := read(t, "docs/run.md")
	_, matrix, _ := strings.Cut(page, "<!-- matrix:begin -->\n")
	matrix, _, _ = strings.Cut(matrix, "<!-- matrix:end -->")
	cells, order := map[string]map[string][]string{}, []string(nil)
	for i, line := range strings.Split(strings.TrimSpace(matrix), "\n") {
		words := cellsOf(line)
		switch {
		case i == 0:
			order = words[2:]
		case i > 1:
			row := cells[words[0]]
			if row == nil {
				row = map[string][]string{}
				cells[words[0]] = row
			}
			for k, way := range order {
				row[way] = append(row[way], words[2+k])
			}
		}
	}
	for _, file := range []string{"README.md", "docs/run.md"} {
		text := read(t, file)
		ways, rows := []string(nil), 0
		var out []string
		for _, line := range strings.Split(text, "\n") {
			words := cellsOf(line)
			if len(words) == 5 && words[0] == "program" {
				ways = words[1:]
			}
			if len(words) == 5 && summary[words[0]] != nil {
				rows++
				for k, way := range ways {
					words[1+k] = verdict(cells, summary[words[0]], strings.Trim(way, "`"))
				}
				line = "| " + strings.Join(words, " | ") + " |"
			}
			out = append(out, line)
		}
		want := strings.Join(out, "\n")
		if rows != len(summary) {
			t.Errorf("%s has %d of the %d rows", file, rows, len(summary))
		}
		if want != text && *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if want != text {
			t.Errorf("the table in %s is not that of the matrix (go test ./tools/repo -run ProgramsTable -update)", file)
		}
	}
}

// verdict is what all rows say of a way of starting a program, "partly" where
// they do not agree.
func verdict(cells map[string]map[string][]string, rows []string, way string) string {
	var said []string
	for _, r := range rows {
		if len(cells[r][way]) == 0 {
			return "not tested"
		}
		said = append(said, cells[r][way]...)
	}
	if slices.Sort(said); said[0] != said[len(said)-1] {
		return "partly"
	}
	return said[0]
}

// cellsOf are the cells of a line of a table.
func cellsOf(line string) []string {
	if !strings.HasPrefix(line, "| ") {
		return nil
	}
	cells := strings.Split(strings.Trim(line, "| "), " | ")
	return cells
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
