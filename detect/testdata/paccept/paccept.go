// Package paccept adds NetBSD's paccept() and libuv's uv_accept() to the calls that are judged. It imports nothing but
// parse/sites and comes before parse/token in order of paths, in which packages are initialized:
// the lexer's table of the names is made afterwards.
package paccept

import (
	"slices"

	"github.com/keepatch/keepatch/parse/sites"
)

func init() {
	for _, name := range []string{"paccept", "uv_accept"} {
		if !slices.Contains(sites.Accepting, name) {
			sites.Accepting, sites.Names = append(sites.Accepting, name), append(sites.Names, name)
		}
	}
}
