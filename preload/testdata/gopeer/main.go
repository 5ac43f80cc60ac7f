// Command gopeer is the Go twin of peer.c: gopeer client|server plain [PORT].
// Go's net package turns keepalive on by itself, at 15 seconds; with "off" for
// "plain" it is told not to.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
)

func main() {
	lc, d := net.ListenConfig{}, net.Dialer{}
	if os.Args[2] == "off" {
		lc.KeepAlive, d.KeepAlive = -1, -1
	}
	var c net.Conn
	var err error
	if os.Args[1] == "server" {
		l, lerr := lc.Listen(context.Background(), "tcp4", "127.0.0.1:0")
		if lerr != nil {
			panic(lerr)
		}
		fmt.Println("port", l.Addr().(*net.TCPAddr).Port)
		c, err = l.Accept()
	} else {
		c, err = d.Dial("tcp4", "127.0.0.1:"+os.Args[3])
	}
	if err != nil {
		panic(err)
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	c.Close()
}
