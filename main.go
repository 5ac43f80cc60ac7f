// Command keepatch finds the TCP sockets of C programs that never turn on
// SO_KEEPALIVE and writes the patch that does.
package main

func main() {}
