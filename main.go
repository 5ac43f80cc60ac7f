// Command keepatch finds the TCP sockets of C programs that never turn on
// SO_KEEPALIVE and writes the patch that does.
package main

import (
	"os"

	"github.com/keepatch/keepatch/cli"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/preload"
)

func main() {
	if len(os.Args) < 2 || !preload.Is(os.Args[1]) { // those start a program at once
		driver.CollectRarely()
	}
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
