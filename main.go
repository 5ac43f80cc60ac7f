// Command keepatch finds the TCP sockets of C programs that never turn on
// SO_KEEPALIVE and writes the patch that does.
package main

import (
	"os"

	"github.com/keepatch/keepatch/cli"
	"github.com/keepatch/keepatch/driver"
)

func main() {
	driver.CollectRarely()
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
