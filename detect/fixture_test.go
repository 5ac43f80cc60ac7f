package detect

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	_ "github.com/keepatch/keepatch/detect/testdata/paccept" // for added_call.c
)

// fixtures is the folder of C sources that say themselves what is expected of
// them. NAME.c is one program, together with all that is in the folder NAME.
//
// A comment on the line of a call speaks of the sites on that line, in their
// order, separated by "|":
//
//	fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
//
// The first word is the verdict. The others, in any order, are the transport,
// the role, the state of keepalive, and rules; where rules are named, or
// "norules" is said, the site has these and no others. Every site of a fixture
// has its expectation.
const fixtures = "testdata/fixtures"

// known are the fixtures that are not judged right yet, with the reason.
var known = map[string]string{}

var wantComment = regexp.MustCompile(`/\* want: (.*?) \*/`)

// fixtureFiles returns the names and texts of one fixture, by slash paths
// relative to the folder of fixtures.
func fixtureFiles(t testing.TB, name string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	read := func(path string) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rel, err := filepath.Rel(fixtures, path)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.ToSlash(rel)] = data
	}
	read(filepath.Join(fixtures, name+".c"))
	dir := filepath.Join(fixtures, name)
	if _, err := os.Stat(dir); err != nil {
		return out
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			read(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func fixtureNames(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(fixtures, "*.c"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures in %s (%v)", fixtures, err)
	}
	var names []string
	for _, p := range paths {
		names = append(names, strings.TrimSuffix(filepath.Base(p), ".c"))
	}
	sort.Strings(names)
	return names
}

// analyzeTexts analyses sources that are in memory.
func analyzeTexts(files map[string][]byte, opt Options) *Report {
	var paths []string
	for p := range files {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	opt.Read = func(path string) ([]byte, error) {
		if b, ok := files[path]; ok {
			return b, nil
		}
		return nil, fs.ErrNotExist
	}
	return Analyze(paths, opt)
}

// wants returns the expectations of a text, by line.
func wants(src []byte) map[int][]string {
	out := map[int][]string{}
	for i, l := range strings.Split(string(src), "\n") {
		if m := wantComment.FindStringSubmatch(l); m != nil {
			for _, w := range strings.Split(m[1], "|") {
				out[i+1] = append(out[i+1], strings.TrimSpace(w))
			}
		}
	}
	return out
}

var configComment = regexp.MustCompile(`/\* (creates|enables): (\w+)\((.*?)\) \*/`)

// configured reads the comments that stand for a configuration file:
// "creates: NAME(args...)" and "enables: NAME(fd)".
func configured(files map[string][]byte) Wrappers {
	var out Wrappers
	for _, src := range files {
		for _, m := range configComment.FindAllStringSubmatch(string(src), -1) {
			w := Wrapper{Name: m[2]}
			if m[1] == "enables" {
				w.FD, _ = strconv.Atoi(m[3])
				out.Enables = append(out.Enables, w)
				continue
			}
			for _, a := range strings.Split(m[3], ",") {
				w.Args = append(w.Args, strings.TrimSpace(a))
			}
			out.Creates = append(out.Creates, w)
		}
	}
	return out
}

// asWanted writes a site in the words of an expectation: as many of its
// properties as that one asks for.
func asWanted(s *result.Site, want string) string {
	words := strings.Fields(want)
	if len(words) == 0 {
		return string(s.Verdict)
	}
	out := []string{string(s.Verdict)}
	rules := false
	for _, w := range words[1:] {
		switch w {
		case string(result.TCP), string(result.MaybeTCP), string(result.OtherTransport):
			out = append(out, string(s.Transport))
		case string(result.Client), string(result.Listener), string(result.Accepted), string(result.Probe):
			out = append(out, string(s.Role))
		case string(result.KeepaliveSet), string(result.KeepaliveConditional), string(result.KeepaliveInherited):
			out = append(out, string(s.Keepalive))
		default:
			rules = true // or a word that is none, which then differs
		}
	}
	if rules {
		if len(s.Rules) == 0 {
			out = append(out, "norules")
		}
		out = append(out, s.Rules...)
	}
	return strings.Join(out, " ")
}

func TestFixtures(t *testing.T) {
	names := fixtureNames(t)
	total, ran := 0, 0
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			ran++
			files := fixtureFiles(t, name)
			rep := analyzeTexts(files, Options{Workers: 1, Wrappers: configured(files)})
			for _, e := range rep.Errors {
				t.Errorf("%s:%d: %s", e.File, e.Line, e.Message)
			}
			wanted, got, chain := map[string]string{}, map[string]string{}, map[string][]result.Evidence{}
			for path, src := range files {
				for line, ws := range wants(src) {
					for i, w := range ws {
						key := fmt.Sprintf("%s:%d#%d", path, line, i+1)
						wanted[key] = w
					}
				}
			}
			nth := map[string]int{}
			for _, s := range rep.Sites {
				at := fmt.Sprintf("%s:%d", s.File, s.Line)
				nth[at]++
				key := fmt.Sprintf("%s#%d", at, nth[at])
				got[key] = asWanted(s, wanted[key])
				chain[key] = s.Evidence
				if s.Verdict != result.Missing && s.Verdict != result.Covered && s.Fix.Reason == "" {
					t.Errorf("%s: %s for no reason", key, s.Verdict)
				}
				if len(s.Evidence) == 0 {
					t.Errorf("%s: no evidence", key)
				}
			}
			total += len(got)
			diff := cmp.Diff(wanted, got)
			if why := known[name]; why != "" {
				if diff == "" {
					t.Errorf("is right by now: take it off the list of known faults (%s)", why)
				}
				t.Skip(why)
			}
			if diff == "" {
				return
			}
			t.Error(diff)
			for key, g := range got {
				if g != wanted[key] {
					for _, e := range chain[key] {
						t.Logf("%s: %s:%d: %s", key, e.File, e.Line, e.Note)
					}
				}
			}
		})
	}
	if ran == len(names) && total < 50 { // not where -run chose some
		t.Errorf("the fixtures hold %d sites", total)
	}
}

// Every fixture folder belongs to a fixture, and the list of known faults
// names fixtures that exist.
func TestFixturesBelong(t *testing.T) {
	names := map[string]bool{}
	for _, n := range fixtureNames(t) {
		names[n] = true
	}
	entries, err := os.ReadDir(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !names[e.Name()] {
			t.Errorf("%s: no fixture of that name", e.Name())
		}
	}
	for n := range known {
		if !names[n] {
			t.Errorf("known fault %s: no fixture of that name", n)
		}
	}
}

// Each note rule is documented as a note, so that switching it on is the
// user's decision, and is attached somewhere in the fixtures.
func TestNoteRules(t *testing.T) {
	found := map[string]bool{}
	for _, name := range fixtureNames(t) {
		files := fixtureFiles(t, name)
		for _, s := range analyzeTexts(files, Options{Workers: 1, Wrappers: configured(files)}).Sites {
			for _, r := range s.Rules {
				found[r] = true
			}
		}
	}
	for _, id := range []string{"KA001", "KA002", "KA003", "KA004", "KA005", "KA006", "KA007", "KA008"} {
		if !found[id] {
			t.Errorf("no fixture breaks %s", id)
		}
		if note := rules.ByID(id).Severity == rules.Note; note != (id > rules.MissingAccept) {
			t.Errorf("%s is a %s", id, rules.ByID(id).Severity)
		}
	}
}
