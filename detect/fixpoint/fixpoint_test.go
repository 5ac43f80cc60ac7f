package fixpoint

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/program/programtest"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// equations are questions by name: each is a set of values and of other questions, whose
// answers it joins.
type equations map[string]string

// ask works out one question; asked counts how often each was worked out.
func (q equations) ask(m *Memo, name string, asked map[string]int) value.Values {
	return m.Answer(Query{Path: name}, nil, false, func() (v value.Values) {
		asked[name]++
		for _, w := range strings.Fields(q[name]) {
			if _, ok := q[w]; ok {
				v.Join(q.ask(m, w, asked))
			} else {
				v.Add(w)
			}
		}
		return v
	})
}

// TestAnswer asks for a and holds the least fixpoint, and how often a question is worked
// out at most until then; no member of a circle is worked out again afterwards.
func TestAnswer(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		times      int
		eq         equations
	}{
		{"values", "1, 2", 1, equations{"a": "1 2"}},
		{"another question", "1, 2", 1, equations{"a": "1 b", "b": "2"}},
		{"one twice", "1", 1, equations{"a": "b b", "b": "1"}},
		{"itself", "1", 2, equations{"a": "1 a"}},
		{"nothing but itself", "", 1, equations{"a": "a"}},
		{"a circle", "1, 2", 2, equations{"a": "1 b", "b": "2 a"}},
		{"a circle entered from outside", "1, 2, 3", 2, equations{"a": "1 b", "b": "2 c", "c": "3 b"}},
		{"two circles that share a question", "1, 2, 3", 2, equations{"a": "1 b c", "b": "2 a", "c": "3 a"}},
		{"a value that comes late", "1, 2, 3, 4", 3, equations{"a": "b 1", "b": "2 c a", "c": "3 d b", "d": "4 a c"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, asked := NewMemo(NewSession()), map[string]int{}
			got := tt.eq.ask(&m, "a", asked)
			if got.String() != tt.want {
				t.Errorf("a is %q, want %q", got, tt.want)
			}
			for name := range tt.eq { // every member of a circle is complete then
				before := asked[name]
				tt.eq.ask(&m, name, asked)
				if asked[name] != before {
					t.Errorf("%s was worked out again", name)
				}
			}
			if m.Sess.Incomplete.Is() {
				t.Errorf("an answer lacks something: %s", m.Sess.Incomplete.Reason)
			}
			most := 0
			for _, n := range asked {
				most = max(most, n)
			}
			if most != tt.times {
				t.Errorf("a question was worked out %d times, not %d", most, tt.times)
			}
		})
	}
}

// TestFromMemory holds that a fact about memory is found out once for all memos of a
// session, and may rest on itself.
func TestFromMemory(t *testing.T) {
	s := NewSession()
	a, b := NewMemo(s), NewMemo(s)
	times := 0
	var find func(m *Memo) value.Values
	find = func(m *Memo) value.Values {
		return m.FromMemory("key", func() value.Values {
			times++
			v := value.Single("1")
			v.Join(find(m))
			return v
		})
	}
	first, second := find(&a), find(&b)
	if first.String() != "1" || second.String() != "1" || times > 2 {
		t.Errorf("%s, %s, worked out %d times", first, second, times)
	}
}

// chain is a frame of n calls, the outermost first, the same one each time.
func chain(s *Session, calls []program.Ref, n int) (fr *callgraph.Frame) {
	for _, c := range calls[:n] {
		fr = s.Enter(c, fr)
	}
	return fr
}

// TestContextual keeps an answer for a frame of three calls which depends on some of them
// and holds for which other frames it is taken.
func TestContextual(t *testing.T) {
	refs := func(names string) (out []program.Ref) {
		for range names {
			out = append(out, program.Ref{Expr: &parse.Expr{}})
		}
		return out
	}
	one, other := refs("abc"), refs("xyz")
	mixed := []program.Ref{other[0], one[1], one[2]} // the innermost two are the same
	for _, tt := range []struct {
		name                                 string
		look                                 int // the depth of the outermost frame that was looked at, -1 for none
		same, mixed, other, shorter, without bool
	}{
		{"none", -1, true, true, true, true, false},
		{"the innermost call", 3, true, true, false, false, false},
		{"two calls", 2, true, true, false, false, false},
		{"all calls", 1, true, false, false, false, false},
		{"that there are no more", 0, true, false, false, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := NewSession()
			c := NewContextual[string, int]()
			low := s.TrackDependencies(func() {
				if tt.look >= 0 {
					s.DependsOn(chain(s, one, tt.look))
				}
			})
			c.Put(s, "q", chain(s, one, 3), low, 7)
			for _, x := range []struct {
				name string
				fr   *callgraph.Frame
				want bool
			}{
				{"the same frame", chain(s, one, 3), tt.same},
				{"one with another outermost call", chain(s, mixed, 3), tt.mixed},
				{"another frame", chain(s, other, 3), tt.other},
				{"a shorter one", chain(s, other, 1), tt.shorter},
				{"no frame", nil, tt.without},
			} {
				v, ok := c.Get(s, "q", x.fr)
				if ok != x.want || ok && v != 7 {
					t.Errorf("%s: %v", x.name, ok)
				}
				if _, ok := c.Get(s, "other", x.fr); ok {
					t.Errorf("%s: another question has the answer", x.name)
				}
			}
			c.Delete(s, "q", chain(s, one, 3), low)
			if _, ok := c.Get(s, "q", chain(s, one, 3)); ok {
				t.Error("the answer is there after Delete")
			}
		})
	}
}

// TestNoting holds that what one answer looked at counts for the one that it is a part of,
// but not what is looked at aside.
func TestNoting(t *testing.T) {
	s := NewSession()
	calls := []program.Ref{{Expr: &parse.Expr{}}, {Expr: &parse.Expr{}}}
	inner := 0
	outer := s.TrackDependencies(func() {
		inner = s.TrackDependencies(func() { s.DependsOn(chain(s, calls, 2)) })
	})
	if inner != 2 || outer != 2 {
		t.Errorf("the inner answer looked at %d, the outer one at %d", inner, outer)
	}
	if low := s.TrackDependencies(func() { s.Untracked(func() { s.DependsOnAll() }) }); low != NoDependency {
		t.Errorf("aside counts: %d", low)
	}
}

// TestTrail holds that evidence comes in order, each piece once, and with that of the
// answers below.
func TestTrail(t *testing.T) {
	fi := programtest.Load(t, "void f(void) {}\nint b;\n").Func("f")
	var top, below Trail
	below.Note(fi, 7, "below %d", 1)
	top.Note(fi, 0, "first")
	mark := top.Mark()
	top.follow(&below)
	top.follow(&below)
	top.NoteAt(mark, fi, 7, "leads there")
	top.follow(&Trail{})
	top.Note(fi, 0, "first")
	top.Note(fi, 7, "last")
	var got []string
	for _, e := range top.List() {
		got = append(got, e.Note)
	}
	if want := "first|leads there|below 1|last"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", got, want)
	}
}
