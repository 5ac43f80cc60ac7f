package driver

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse/builds"
	"github.com/keepatch/keepatch/parse/walk"
	"github.com/keepatch/keepatch/rewrite"
)

// Session analyses the same programs again and again while their files are
// edited. The trees of the files as they were read first stay in memory and serve
// each analysis; only what differs from them is read and parsed again, and only
// programs in which something differs are judged again. So the cost of a change is
// that of following the sockets, not of reading the program.
//
// Its methods may be called from several goroutines.
type Session struct {
	mu       sync.Mutex
	opt      Options
	found    *walk.Result      // what is on disk; nil when it has to be listed
	texts    map[string][]byte // of the analysis at hand
	programs map[string]*sessionProgram
	built    *sessionBuilds // nil when they have to be read
}

type sessionBuilds struct {
	db     *builds.Database
	faults []result.FileError
}

// sessionProgram is a program of a session, by its root.
type sessionProgram struct {
	base   *detect.Index // of the files on disk as they were read first
	files  []string
	stamps map[string]stamp  // of the files as they were looked at last
	stale  map[string]bool   // files that differ on disk from what was read first
	texts  map[string][]byte // laid over the files when it was judged
	report *detect.Report
	notC   []result.FileError
}

// maxStale is the number of files that may differ from the first reading until
// everything is read again.
const maxStale = 64

// NewSession returns a session for the options; what they say of finding and
// reading files is not looked at.
func NewSession(o Options) *Session {
	return &Session{opt: o, programs: map[string]*sessionProgram{}}
}

// Refresh looks whether files were changed, added or removed on disk.
func (s *Session) Refresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found, s.built = nil, nil
	for _, q := range s.programs {
		for _, f := range q.files {
			if now := stampOf(f); now != q.stamps[f] {
				q.stamps[f] = now
				q.stale[f] = true
				q.report = nil
			}
		}
		if len(q.stale) > maxStale {
			*q = sessionProgram{}
		}
	}
}

// stamp tells versions of a file on disk apart.
type stamp struct {
	size     int64
	modified time.Time
}

func stampOf(path string) stamp {
	st, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{st.Size(), st.ModTime()}
}

func (s *Session) lists(path string) bool {
	_, met := slices.BinarySearchFunc(s.found.Files, path, func(f walk.File, p string) int { return strings.Compare(f.Path, p) })
	return met
}

// Analyze judges the programs with texts laid over their files, by path as the
// report displays it.
func (s *Session) Analyze(texts map[string][]byte) *Analysis {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.texts = texts
	o := s.options()
	programs, _, errs := collect(&o)
	if s.built == nil {
		growFor(programs)
		db, faults := readBuilds(&o, programs)
		s.built = &sessionBuilds{db, faults}
	}
	o.Detect.Builds, errs = s.built.db, append(errs, s.built.faults...)
	a := &Analysis{Report: &detect.Report{}, Builds: o.Detect.Builds}
	for _, p := range programs {
		q := s.reportFor(p, &o)
		a.NotC = append(a.NotC, q.notC...)
		Join(a.Report, q.report)
	}
	a.Report.Errors = append(a.Report.Errors, errs...)
	Sort(a.Report)
	return a
}

// options are those of the session with the texts laid over the files.
func (s *Session) options() Options {
	o := s.opt
	o.Find = func(paths []string, opt walk.Options) *walk.Result {
		if s.found == nil {
			s.found = walk.Expand(paths, opt)
		}
		all := *s.found
		all.Files = slices.Clone(all.Files)
		for _, name := range slices.Sorted(maps.Keys(s.texts)) {
			if !s.lists(name) && len(walk.Listed(paths, []string{name}, opt).Files) > 0 {
				all.Add(name)
			}
		}
		return &all
	}
	texts := s.texts
	o.Detect.Read = func(path string) ([]byte, error) {
		if text, ok := texts[path]; ok {
			return slices.Clone(text), nil
		}
		return os.ReadFile(path)
	}
	return o
}

// reportFor is a program's report with the texts as they are.
func (s *Session) reportFor(p program, o *Options) *sessionProgram {
	q := s.programs[p.root]
	if q == nil {
		q = &sessionProgram{}
		s.programs[p.root] = q
	}
	mine := map[string][]byte{}
	for _, f := range p.files {
		if text, ok := s.texts[f]; ok {
			mine[f] = text
		}
	}
	if q.report != nil && slices.Equal(q.files, p.files) && maps.EqualFunc(q.texts, mine, bytes.Equal) {
		return q
	}
	opt := o.detectOptions(p.root)
	if q.base == nil {
		q.stamps, q.stale = map[string]stamp{}, map[string]bool{}
		for _, f := range p.files {
			q.stamps[f] = stampOf(f)
		}
		opt.Read = nil
		first := detect.Analyze(p.files, opt)
		q.base, q.report = first.Index, first
		opt.Read = o.Detect.Read
	}
	if q.report == nil || len(mine) > 0 || q.texts != nil {
		opt.Like = q.base
		opt.Same = func(path string) bool { return mine[path] == nil && !q.stale[path] }
		q.report = detect.Analyze(p.files, opt)
	}
	q.files, q.texts = p.files, mine
	q.notC = removeNotC(o, p, q.report)
	o.markCode(p.root, q.report)
	return q
}

// Plan plans the patch of the program that a file belongs to, as it was judged
// last; nil when there is none.
func (s *Session) Plan(file string, opt rewrite.Options) *rewrite.Plan {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.programs {
		if q.report == nil || !slices.Contains(q.files, file) {
			continue
		}
		o := s.options()
		opt.Files, opt.Index, opt.Read = q.files, q.report.Index, o.Detect.Read
		return rewrite.Make(q.report.Sites, opt)
	}
	return nil
}

// DisplayPath is the path of a file as reports display it.
func DisplayPath(path string) string { return displayPath(filepath.ToSlash(path)) }
