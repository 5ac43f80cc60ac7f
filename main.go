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
	args := os.Args[1:]
	if status, ok := preload.Helper(args, os.Stderr); ok {
		os.Exit(status)
	}
	if len(args) == 0 || !preload.Is(args[0]) { // those start a program at once
		driver.CollectRarely()
	}
	os.Exit(cli.Run(args, os.Stdin, os.Stdout, os.Stderr))
}
