// Package paccept adds NetBSD's paccept() and libuv's uv_accept() to the calls that are judged. It imports nothing but
// parse/sites and comes before parse/token in order of paths, in which packages are initialized:
// the lexer's table of the names is made afterwards.
package paccept

import "github.com/keepatch/keepatch/parse/sites"

func init() {
	sites.Accepting = append(sites.Accepting, "paccept", "uv_accept")
	sites.Names = append(sites.Names, "paccept", "uv_accept")
}
