package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// JoinShards joins what reports say of the shards that they hold, K/N each. It returns those
// to record in the joined report, none if they are all, and in words those that are missing,
// "" if none is.
func JoinShards(list []string) (known []string, missing string, err error) {
	sets := map[int]map[int]bool{}
	var of []int
	for _, s := range list {
		ks, ns, _ := strings.Cut(s, "/")
		k, kerr := strconv.Atoi(ks)
		n, nerr := strconv.Atoi(ns)
		if kerr != nil || nerr != nil || k < 1 || k > n {
			return nil, "", fmt.Errorf("%q is no shard", s)
		}
		if sets[n] == nil {
			sets[n] = map[int]bool{}
			of = append(of, n)
		}
		sets[n][k] = true
	}
	slices.Sort(of)
	var names []string
	left := 0
	for _, n := range of {
		if len(sets[n]) == n {
			continue
		}
		left += n - len(sets[n])
		for _, k := range slices.Sorted(maps.Keys(sets[n])) {
			known = append(known, fmt.Sprintf("%d/%d", k, n))
		}
		for k := 1; k <= n && len(names) < maxNamedShards; k++ {
			if !sets[n][k] {
				names = append(names, fmt.Sprintf("%d/%d", k, n))
			}
		}
	}
	switch {
	case left == 0:
		return nil, "", nil
	case left == 1:
		return known, "shard " + names[0] + " is missing", nil
	case left > len(names):
		return known, fmt.Sprintf("shards %s and %d more are missing", strings.Join(names, ", "), left-len(names)), nil
	}
	return known, "shards " + strings.Join(names, ", ") + " are missing", nil
}

// maxNamedShards is how many missing shards are named.
const maxNamedShards = 5
