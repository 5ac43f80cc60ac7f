package config

import (
	"bytes"
	"path"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// texts describes the keywords in the sample configuration and in the manual,
// where the boolean one's sibling stands there.
func (x *extender) texts(p *keyword.Patch, s *keyword.Sibling) {
	name := p.Keywords[0]
	if x.Prog.Texts == nil {
		return
	}
	for _, file := range x.Prog.Texts() {
		src, err := x.Prog.Read(file)
		if err != nil || words.IsGrammarName(file) || words.IsSchemaName(file) || !bytes.Contains(src, []byte(s.Name)) || words.IndexWord(string(src), name) >= 0 {
			continue
		}
		var at int
		var text string
		if isManual.MatchString(path.Base(file)) {
			at, text = words.ManualEntry(src, s.Name, p.Keywords, x.Prog.On)
		} else {
			at, text = words.SampleEntry(src, s.Name, s.Arm.Flag, p.Keywords)
		}
		if text != "" {
			p.Texts = append(p.Texts, keyword.TextInsert{Path: file, Src: src, At: at, Text: text})
		}
	}
}

var isManual = text.NewPattern(`\.[1-9](\.in)?$`)
