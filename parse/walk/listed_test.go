package walk

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A list of files is looked through as a disk is: Expand over the same files, laid
// out on disk, is the reference.
func TestListed(t *testing.T) {
	files := []string{"a.c", "b.cc", "doc/x.txt", "lib/.hidden/x.c", "lib/.#x.c", "lib/deep/y.h", "lib/x.c", "lib2/z.c", "out/gen.c", "x.y"}
	inTree(t, files...)
	for _, c := range []struct {
		args, excludes []string
	}{
		{nil, nil}, {[]string{"."}, nil}, {[]string{"lib"}, nil}, {[]string{"lib", "a.c"}, nil}, {[]string{"./lib/deep/", "x.y"}, nil},
		{nil, []string{"out/"}}, {nil, []string{"deep"}}, {nil, []string{"**/x.c"}}, {[]string{"out/gen.c"}, []string{"out"}}, {[]string{"lib/.hidden"}, nil},
		{[]string{"b.cc"}, nil}, {[]string{"doc", "lib", "lib/deep"}, nil}, {[]string{"lib", "lib2"}, []string{"z.c"}}, {nil, []string{"["}},
	} {
		opt := Options{Excludes: c.excludes}
		if diff := cmp.Diff(showEmpty(Expand(c.args, opt)), showEmpty(Listed(c.args, files, opt))); diff != "" {
			t.Errorf("%v without %v: %s", c.args, c.excludes, diff)
		}
	}
	t.Chdir("lib")
	up := []string{"../a.c", "../b.cc", "../lib2/z.c", "../x.y", "../out/gen.c", ".hidden/x.c", "deep/y.h", "x.c"}
	for _, args := range [][]string{nil, {".."}, {"../lib2"}, {"../lib", "../a.c"}} {
		if diff := cmp.Diff(showEmpty(Expand(args, Options{})), showEmpty(Listed(args, up, Options{}))); diff != "" {
			t.Errorf("%v from a folder: %s", args, diff)
		}
	}
}

// showEmpty is show with the folders in which nothing was found.
func showEmpty(r *Result) []string {
	list := show(r)
	for _, dir := range r.Empty {
		list = append(list, "0"+dir)
	}
	return list
}
