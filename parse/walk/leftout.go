package walk

// LeftOut is how many C files a directory holds that are not read, by the first reason
// that there is for it.
type LeftOut struct {
	Ignored  int // by git
	Excluded int // by Options.Excludes
	Hidden   int // in hidden folders
	Links    int // symbolic links
	Unread   int // sources of another Language, which are never read
}

// WhyEmpty looks again at a directory in which find, which is Expand or the like, has found
// no C file with the options opt.
func WhyEmpty(find func(args []string, opt Options) *Result, dir string, opt Options) LeftOut {
	n, last := LeftOut{}, 0
	for _, reason := range []struct {
		count *int
		lift  func()
	}{
		{&n.Ignored, func() { opt.NoIgnore = true }},
		{&n.Excluded, func() { opt.Excludes = nil }},
		{&n.Hidden, func() { opt.hidden = true }},
		{&n.Links, func() { opt.links = true }},
	} {
		reason.lift()
		r := find([]string{dir}, opt)
		*reason.count, last = len(r.Files)-last, len(r.Files)
		n.Unread = len(r.Unread)
	}
	return n
}
