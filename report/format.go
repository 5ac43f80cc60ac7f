package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
)

// Printer writes a document. An error is one of the writer.
type Printer interface {
	Write(w io.Writer, d *Document) error
}

// Format describes one format of --format and --output.
type Format struct {
	Name string // as --format takes it
	For  string // who reads it, for the documentation
	Ext  string // the usual extension of such a file, with its dot

	// Always is set when the report says something even if check has nothing to
	// report, such as counts or an empty list.
	Always bool
	// Fixes is set when the report shows edits or diffs, which have to be
	// planned in full.
	Fixes bool

	// Origin is set when the report shows the document's Origin.
	Origin bool

	New func(View) Printer
}

// View is what a command prints of a document.
type View struct {
	Check    bool                    // only what check reports
	Color    bool                    // for a terminal
	Verdicts map[result.Verdict]bool // the sites that the text lists; nil lists all
}

var formats []Format

// register adds a format. Each format registers in the file that defines it.
func register(f Format) struct{} {
	formats = append(formats, f)
	return struct{}{}
}

// Formats lists the formats: text, which is the default, then the others by name.
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

// FormatNames lists the names of the formats in the order of Formats.
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
