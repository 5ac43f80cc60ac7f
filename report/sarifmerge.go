package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"sort"
)

// IsSARIF reports whether a JSON document is SARIF.
func IsSARIF(data []byte) bool {
	var head struct {
		Version string            `json:"version"`
		Runs    []json.RawMessage `json:"runs"`
	}
	return json.Unmarshal(data, &head) == nil && head.Version != "" && head.Runs != nil
}

// MergeSARIF merges SARIF reports of keepatch into one with a single run, equal to
// that of one run over everything. missing names the shards that it lacks, "" for none.
func MergeSARIF(reports [][]byte) (merged []byte, missing string, err error) {
	var run sarifRun
	first := true
	for i, data := range reports {
		var log sarifLog
		if err := json.Unmarshal(data, &log); err != nil {
			return nil, "", fmt.Errorf("report %d: %v", i+1, err)
		}
		for _, r := range log.Runs {
			if r.Tool.Driver.Name != "keepatch" || len(r.Invocations) != 1 {
				return nil, "", fmt.Errorf("report %d is not one that keepatch wrote", i+1)
			}
			if first {
				run, first = r, false
				continue
			}
			if r.Tool.Driver.Version != run.Tool.Driver.Version {
				return nil, "", fmt.Errorf("report %d is of version %s, the first of %s", i+1, r.Tool.Driver.Version, run.Tool.Driver.Version)
			}
			joinRun(&run, r)
		}
	}
	sortRun(&run)
	if run.Properties.Shards, missing, err = JoinShards(run.Properties.Shards); err != nil {
		return nil, "", err
	}
	var out bytes.Buffer
	if err := writeSARIF(&out, run); err != nil {
		return nil, "", err
	}
	return out.Bytes(), missing, nil
}

func joinRun(run *sarifRun, more sarifRun) {
	a, b := &run.Properties.Coverage, more.Properties.Coverage
	a.Files += b.Files
	a.Bytes += b.Bytes
	a.Sites += b.Sites
	a.Missing += b.Missing
	a.Undecided += b.Undecided
	x, y := &run.Invocations[0], more.Invocations[0]
	x.ExecutionSuccessful = x.ExecutionSuccessful && y.ExecutionSuccessful
	x.Notifications = append(x.Notifications, y.Notifications...)
	run.Results = append(run.Results, more.Results...)
	run.Properties.Shards = append(run.Properties.Shards, more.Properties.Shards...)
}

// sortRun sorts a merged run as a single run is sorted.
func sortRun(run *sarifRun) {
	sort.SliceStable(run.Results, func(i, j int) bool {
		a, b := run.Results[i], run.Results[j]
		if c := compareLocations(a.Locations, b.Locations); c != 0 {
			return c < 0
		}
		return a.RuleID < b.RuleID
	})
	n := run.Invocations[0].Notifications
	sort.SliceStable(n, func(i, j int) bool { return compareLocations(n[i].Locations, n[j].Locations) < 0 })
}

// compareLocations compares the first locations by file, line and column.
func compareLocations(a, b []sarifLocation) int {
	fa, la, ca := locationKey(a)
	fb, lb, cb := locationKey(b)
	switch {
	case fa != fb:
		if fa < fb {
			return -1
		}
		return 1
	case la != lb:
		return la - lb
	}
	return ca - cb
}

func locationKey(list []sarifLocation) (file string, line, column int) {
	if len(list) == 0 {
		return "", 0, 0
	}
	p := list[0].PhysicalLocation
	file = p.ArtifactLocation.URI
	if plain, err := url.PathUnescape(file); err == nil {
		file = plain
	}
	if p.Region != nil {
		line, column = p.Region.StartLine, p.Region.StartColumn
	}
	return file, line, column
}
