package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/preload/tcpopt"
)

// DefaultFile is the configuration of the machine. Daemons are started without
// KEEPIDLE in their environment; this is where their values stand.
const DefaultFile = "/etc/keepatch.conf"

// Settings are what a configuration file says.
type Settings struct {
	Options tcpopt.Options `json:"options"`
	Policy  Policy         `json:"policy"`
	// Off is "keepalive = off".
	Off bool `json:"off,omitempty"`
	// LoopbackSet tells that the file says something about loopback, which is
	// left out for a host and not for a run.
	LoopbackSet bool `json:"-"`
}

// keys are the names of the file. The library of keepatch preload reads those
// of the timers and keepalive, and passes over the others.
var keys = map[string]func(s *Settings, value string) error{
	"keepalive":    func(s *Settings, v string) error { return boolean(v, "on", "off", func(on bool) { s.Off = !on }) },
	"idle":         timer("--idle"),
	"interval":     timer("--interval"),
	"count":        timer("--count"),
	"user-timeout": timer("--user-timeout"),
	"ports":        func(s *Settings, v string) (err error) { s.Policy.Ports, err = ParsePorts(v); return err },
	"peers":        func(s *Settings, v string) (err error) { s.Policy.Peers, err = ParsePeers(v); return err },
	"interfaces":   func(s *Settings, v string) error { s.Policy.Interfaces = words(v); return nil },
	"loopback": func(s *Settings, v string) error {
		return boolean(v, "yes", "no", func(on bool) { s.Policy.SkipLoopback = !on })
	},
	"only-off": func(s *Settings, v string) error {
		return boolean(v, "yes", "no", func(on bool) { s.Policy.OnlyOff = on })
	},
	"never-lengthen": func(s *Settings, v string) error {
		return boolean(v, "yes", "no", func(on bool) { s.Policy.NeverLengthen = on })
	},
}

func timer(flag string) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil {
			return fmt.Errorf("%q is not a number", v)
		}
		return s.Options.Set(flag, n)
	}
}

func boolean(v, yes, no string, set func(bool)) error {
	switch strings.ToLower(v) {
	case yes:
		set(true)
	case no:
		set(false)
	default:
		return fmt.Errorf("%q is neither %s nor %s", v, yes, no)
	}
	return nil
}

// Read reads a configuration file: lines of "key = value", comments after "#".
// Every fault is in the error, with its line; what is right is used.
func Read(name string) (s Settings, err error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return s, err
	}
	var faults []error
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line, _, _ = strings.Cut(line, "#")
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch set := keys[strings.ToLower(key)]; {
		case key == "" && !ok:
		case !ok:
			faults = append(faults, fmt.Errorf("%s:%d: %q is not key = value", name, n, key))
		case set == nil:
			faults = append(faults, fmt.Errorf("%s:%d: there is no setting %q", name, n, key))
		default:
			if err := set(&s, value); err != nil {
				faults = append(faults, fmt.Errorf("%s:%d: %s: %w", name, n, key, err))
			}
		}
	}
	return s, joined(faults)
}

// joined is one line for all faults.
func joined(faults []error) error {
	if len(faults) == 0 {
		return nil
	}
	var text []string
	for _, f := range faults {
		text = append(text, f.Error())
	}
	return errors.New(strings.Join(text, "; "))
}

// ReadDefault reads the machine's file; that there is none is no error.
func ReadDefault() (Settings, error) {
	s, err := Read(DefaultFile)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	return s, err
}
