package report

// The terminal's colours, by what they are used for. A paint with the empty
// string changes nothing.
const (
	bold   = "1"
	dim    = "2"
	red    = "31;1"
	green  = "32"
	yellow = "33"
	blue   = "34;1"
	cyan   = "36"
)

// paint wraps s in a colour when color is set.
func paint(color bool, code, s string) string {
	if !color || code == "" || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
