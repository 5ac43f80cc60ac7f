// Package marks writes measured numbers into documents, at places that the
// documents mark with HTML comments:
//
//	| first cell<!-- TOOL:SET:KIND --> | cells that are replaced |
//
//	<!-- begin TOOL:SET -->
//	lines that are replaced
//	<!-- end TOOL:SET -->
package marks

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
)

// Cells makes the new cells of a row of the given kind. It may change the text
// of the first cell. An unknown kind is an error.
type Cells func(kind, first string) (newFirst, cells string, err error)

// Rows replaces the cells of every row in file that has a mark of the tool and
// set.
func Rows(file, tool, set string, cells Cells) error {
	mark := regexp.MustCompile(fmt.Sprintf(`(?m)^\| ([^|]*)<!-- %s:%s:(\w+) --> \|.*$`, regexp.QuoteMeta(tool), regexp.QuoteMeta(set)))
	return edit(file, func(text []byte) ([]byte, error) {
		var failed error
		out := mark.ReplaceAllFunc(text, func(row []byte) []byte {
			m := mark.FindSubmatch(row)
			first, list, err := cells(string(m[2]), string(m[1]))
			if err != nil {
				failed = fmt.Errorf("%s: %w", file, err)
				return row
			}
			return fmt.Appendf(nil, "| %s<!-- %s:%s:%s --> | %s |", first, tool, set, m[2], list)
		})
		return out, failed
	})
}

// Block replaces the lines between the begin and end marks of the tool and
// set. A document without them is left as it is.
func Block(file, tool, set, lines string) error {
	begin := fmt.Appendf(nil, "<!-- begin %s:%s -->\n", tool, set)
	end := fmt.Appendf(nil, "<!-- end %s:%s -->", tool, set)
	return edit(file, func(text []byte) ([]byte, error) {
		i := bytes.Index(text, begin)
		if i < 0 {
			return text, nil
		}
		i += len(begin)
		n := bytes.Index(text[i:], end)
		if n < 0 {
			return nil, fmt.Errorf("%s: no %s behind its begin", file, end)
		}
		return append(append(bytes.Clone(text[:i]), lines...), text[i+n:]...), nil
	})
}

// edit writes a file anew when change changes its text.
func edit(file string, change func([]byte) ([]byte, error)) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	out, err := change(text)
	if err != nil || bytes.Equal(out, text) {
		return err
	}
	return os.WriteFile(file, out, 0o666)
}
