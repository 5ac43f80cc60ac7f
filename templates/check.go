package templates

import "strings"

// Check fills in the template with nothing, and with something in every field, so
// that a slip such as {{.Fd}} shows before a file is read. The error names the file
// and the line.
func (s *Set) Check() error {
	something := Block{
		FD: "fd", Value: "on", Declare: "int on = 1;", Own: true, Assign: "on = 1;", Comment: "/* keepalive */", Above: true,
		Guard: "SO_KEEPALIVE", Under: "#if HAVE_SETSOCKOPT", UnderEnd: "#endif", Test: "tcp", Set: "f()",
		Void: "(void)", Ignore: true, Result: "rc", Failed: "rc < 0",
		Report: []string{"g();"}, Leave: []string{"return -1;"}, Helper: "set_keepalive",
		Timers: []Timer{{Option: "TCP_KEEPIDLE", Number: 60, Guard: []string{"#ifdef TCP_KEEPIDLE"}, Set: "f()", Void: "(void)",
			Assign: "on = 60;", Test: "tcp", Failed: "rc < 0", Report: []string{"g();"}, Last: true}},
	}
	careful := something
	careful.Ignore = false
	for _, b := range []Block{{}, something, careful} {
		if _, err := s.Render(b); err != nil {
			return err
		}
	}
	return nil
}

// Place is an error of a template as "FILE:LINE: what", without the package's name.
func Place(err error) string { return strings.TrimPrefix(err.Error(), "template: ") }
