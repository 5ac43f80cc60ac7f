package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
)

// Printer renders a document. Its only errors are those of w.
type Printer interface {
	Write(w io.Writer, d *Document) error
}

// Format describes one format of --format and --output.
type Format struct {
	Name string // the value of --format
	For  string // who or what reads it, for help and documentation
	Ext  string // the usual file extension, with its dot

	// Always is set if the report is not empty when check has nothing to report:
	// it holds counts, or an empty list.
	Always bool
	// Fixes is set if the report shows edits or diffs, for which patches have to
	// be planned in full.
	Fixes bool

	// Counts is set if the report of scan ends with its counts, for people.
	Counts bool

	// Origin is set if the report shows the document's Origin.
	Origin bool

	New func(View) Printer
}

// View selects what a command prints of a document.
type View struct {
	Terminal
	Check    bool                    // only what check reports
	Verdicts map[result.Verdict]bool // verdicts that the text lists; nil lists all
}

var formats []Format

// register adds a format; the file that defines a format calls it.
func register(f Format) struct{} {
	formats = append(formats, f)
	return struct{}{}
}

// Formats returns all formats: text, the default, then the others by name.
func Formats() []Format {
	list := slices.Clone(formats)
	slices.SortFunc(list, func(a, b Format) int {
		if (a.Name == textName) != (b.Name == textName) {
			if a.Name == textName {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return list
}

// FormatNames returns the names of the formats, in the order of Formats.
func FormatNames() []string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return names
}

// FormatByName returns the format of a name.
func FormatByName(name string) (Format, error) {
	for _, f := range formats {
		if f.Name == name {
			return f, nil
		}
	}
	return Format{}, fmt.Errorf("unknown format %q: use one of %s", name, strings.Join(FormatNames(), ", "))
}
