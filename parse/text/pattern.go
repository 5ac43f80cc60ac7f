package text

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression that is compiled when it is first used. Most
// runs use few of all that the packages have, and all of them together take
// longer than the start of the process.
type Pattern struct {
	expr string
	once sync.Once
	re   *regexp.Regexp
}

// NewPattern gives the pattern for an expression, which must be a valid one.
func NewPattern(expr string) *Pattern { return &Pattern{expr: expr} }

// Regexp is the compiled expression.
func (p *Pattern) Regexp() *regexp.Regexp {
	p.once.Do(func() { p.re = regexp.MustCompile(p.expr) })
	return p.re
}

// These are the methods of regexp.Regexp.

func (p *Pattern) String() string            { return p.expr }
func (p *Pattern) Match(b []byte) bool       { return p.Regexp().Match(b) }
func (p *Pattern) MatchString(s string) bool { return p.Regexp().MatchString(s) }
func (p *Pattern) FindAll(b []byte, n int) [][]byte {
	return p.Regexp().FindAll(b, n)
}
func (p *Pattern) FindAllSubmatch(b []byte, n int) [][][]byte {
	return p.Regexp().FindAllSubmatch(b, n)
}
func (p *Pattern) FindString(s string) string { return p.Regexp().FindString(s) }
func (p *Pattern) FindStringIndex(s string) []int {
	return p.Regexp().FindStringIndex(s)
}
func (p *Pattern) FindStringSubmatch(s string) []string {
	return p.Regexp().FindStringSubmatch(s)
}
func (p *Pattern) FindAllString(s string, n int) []string {
	return p.Regexp().FindAllString(s, n)
}
func (p *Pattern) FindAllStringIndex(s string, n int) [][]int {
	return p.Regexp().FindAllStringIndex(s, n)
}
func (p *Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	return p.Regexp().FindAllStringSubmatch(s, n)
}
func (p *Pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return p.Regexp().FindAllStringSubmatchIndex(s, n)
}
func (p *Pattern) FindStringSubmatchIndex(s string) []int {
	return p.Regexp().FindStringSubmatchIndex(s)
}
func (p *Pattern) ReplaceAllString(s, by string) string {
	return p.Regexp().ReplaceAllString(s, by)
}
func (p *Pattern) Split(s string, n int) []string { return p.Regexp().Split(s, n) }
