package config

import (
	"bytes"
	"path"
	"regexp"

	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// texts describes the keywords in the sample configuration and in the manual,
// where the boolean one's sibling stands there.
func (x *index) texts(p *Patch, s *sibling) {
	name := p.Keywords[0]
	if x.prog.Texts == nil {
		return
	}
	for _, file := range x.prog.Texts() {
		src, err := x.prog.Read(file)
		if err != nil || words.IsGrammarName(file) || !bytes.Contains(src, []byte(s.name)) || words.IndexWord(string(src), name) >= 0 {
			continue
		}
		var at int
		var text string
		if isManual.MatchString(path.Base(file)) {
			at, text = words.ManualEntry(src, s.name, p.Keywords, x.prog.On)
		} else {
			at, text = words.SampleEntry(src, s.name, s.arm.flag, p.Keywords)
		}
		if text != "" {
			p.Texts = append(p.Texts, TextInsert{Path: file, Src: src, At: at, Text: text})
		}
	}
}

var isManual = regexp.MustCompile(`\.[1-9](\.in)?$`)
