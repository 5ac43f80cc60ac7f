package driver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse/cond"
)

// platformAliases are other names of platforms: what uname -s prints, and the
// GOOS of Go.
var platformAliases = map[string]string{
	"darwin": "macos", "osx": "macos", "freebsd": "bsd", "openbsd": "bsd", "netbsd": "bsd", "dragonfly": "bsd",
	"sunos": "solaris", "illumos": "solaris", "win32": "windows", "windows_nt": "windows", "gnu/linux": "linux",
}

// Platforms are the platforms that sources can be built for.
func Platforms() []string { return cond.Platforms() }

// Platform returns the platform of a name, in any case; "" stays "".
func Platform(name string) (string, error) {
	p := strings.ToLower(name)
	if alias := platformAliases[p]; alias != "" {
		p = alias
	}
	if p != "" && !slices.Contains(cond.Platforms(), p) {
		return "", fmt.Errorf("unknown platform %q: use %s", name, strings.Join(cond.Platforms(), ", "))
	}
	return p, nil
}
