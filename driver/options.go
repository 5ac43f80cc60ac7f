package driver

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/parse/walk"
)

// Options say what is read and how it is judged.
type Options struct {
	Paths    []string
	Whole    bool     // a file among Paths is analysed with its program, and reported alone
	Excludes []string // patterns for paths as seen from the working directory
	Shard    Shard
	Select   func(root string) bool // selects programs of a collection; nil means all
	// Find lists the files below paths; nil means those on disk. What it lists
	// is read with Detect.Read.
	Find   func(paths []string, opt walk.Options) *walk.Result
	Detect detect.Options

	// NoBuilds reads no compile_commands.json.
	NoBuilds bool

	// ProductOnly leaves out the sites in tests, examples and vendored copies.
	ProductOnly bool

	Policy   finding.Policy
	Progress io.Writer // a terminal that shows progress; nil for none
}

// Shard is part k of n (1-based) of the programs. The zero Shard holds all of
// them.
type Shard struct{ k, n int }

// ParseShard reads K/N; "" is the zero Shard.
func ParseShard(s string) (Shard, error) {
	if s == "" {
		return Shard{}, nil
	}
	ks, ns, ok := strings.Cut(s, "/")
	k, kerr := strconv.Atoi(ks)
	n, nerr := strconv.Atoi(ns)
	if !ok || kerr != nil || nerr != nil || k < 1 || k > n {
		return Shard{}, fmt.Errorf("--shard %s: write K/N with 1 <= K <= N, such as 3/16", s)
	}
	return Shard{k, n}, nil
}

// Names is what reports say of the shard: K/N, nothing if it is the whole.
func (s Shard) Names() []string {
	if s.n <= 1 {
		return nil
	}
	return []string{fmt.Sprintf("%d/%d", s.k, s.n)}
}

// has says whether the i-th program (0-based) is in the shard.
func (s Shard) has(i int) bool { return s.n == 0 || i%s.n == s.k-1 }

// find lists the files below paths.
func (o *Options) find(paths []string, opt walk.Options) *walk.Result {
	if o.Find != nil {
		return o.Find(paths, opt)
	}
	return walk.Expand(paths, opt)
}

// read reads a file as the analysis does.
func (o *Options) read(name string) ([]byte, error) {
	if o.Detect.Read != nil {
		return o.Detect.Read(name)
	}
	return os.ReadFile(name)
}
