package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
)

// label is what a person found out about one place that calls socket(),
// accept() or accept4(), or looks like it. docs/accuracy.md explains the fields.
type label struct {
	ID        string `json:"id"`
	Func      string `json:"func"`
	Site      string `json:"site"`
	TCP       string `json:"tcp"`
	Role      string `json:"role"`
	Keepalive string `json:"keepalive"`
	Platform  string `json:"platform"`
	Accepts   string `json:"accepts"`
	Why       string `json:"why"`
}

// place is where a call stands, without its column: two calls on a line share
// one judgement, as they do in the report that a person reads.
type place struct {
	file string
	line int
}

// place reads PKG:path:line:column. A path may hold colons, the rest does not.
func (l *label) place() (place, error) {
	parts := strings.Split(l.ID, ":")
	if len(parts) < 4 {
		return place{}, fmt.Errorf("bad id %q", l.ID)
	}
	n := len(parts)
	line, err := strconv.Atoi(parts[n-2])
	if err != nil {
		return place{}, fmt.Errorf("bad id %q", l.ID)
	}
	return place{strings.Join(parts[1:n-2], ":"), line}, nil
}

// kind is how a label counts.
type kind int

const (
	free     kind = iota // either answer is right
	positive             // must be reported as missing
	negative             // must not
)

func (l *label) kind() kind {
	switch {
	case l.Site == "not-call":
		return negative
	case l.Platform != "any" || l.Role == "probe" || l.Keepalive == "inherited" || l.Accepts == "covered":
		return free
	case l.TCP == "no" || l.Keepalive == "yes" || l.Keepalive == "conditional":
		return negative
	}
	return positive
}

// transports are the labels' words for what the report calls a transport.
var transports = map[string]result.Transport{"yes": result.TCP, "maybe": result.MaybeTCP, "no": result.OtherTransport}

// pack is the labels of one package.
type pack struct {
	name   string
	labels []label
}

// readLabels reads the labels in a folder, one NAME.jsonl for each package, in
// the order of the names.
func readLabels(dir string) ([]pack, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no labels (*.jsonl)", dir)
	}
	sort.Strings(names)
	var packs []pack
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		p := pack{name: strings.TrimSuffix(filepath.Base(name), ".jsonl")}
		for i, row := range bytes.Split(data, []byte("\n")) {
			if len(bytes.TrimSpace(row)) == 0 {
				continue
			}
			var l label
			err := json.Unmarshal(row, &l)
			if err == nil {
				_, err = l.place()
			}
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %v", name, i+1, err)
			}
			p.labels = append(p.labels, l)
		}
		packs = append(packs, p)
	}
	return packs, nil
}
