package manual

import (
	"bytes"

	"github.com/keepatch/keepatch/parse/text"
)

var (
	aWord = text.NewPattern(`[\pL']+`)
	// particles are words that each English text has plenty of, and that other languages
	// of the same letters do not have.
	particles = text.NewPattern(`(?i)^(?:the|of|to|and|is|for|this|that|with|be|by|from|if|not|are|it|which|when|on|as|or)$`)
)

// inEnglish reports whether a manual may be in English: another language is known by
// its want of English particles. A page with few words may be any.
func inEnglish(src []byte) bool {
	words, hits := 0, 0
	for _, line := range bytes.Split(src, []byte("\n")) {
		if bytes.HasPrefix(line, []byte(".")) {
			continue // macros, and comments
		}
		for _, w := range aWord.FindAll(line, -1) {
			words++
			if particles.Match(w) {
				hits++
			}
		}
	}
	return words < 40 || hits*50 > words
}
