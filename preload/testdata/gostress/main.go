// Command gostress N C makes N connections to itself, C at a time, while
// signals rain on it, and counts how many have keepalive on either side. Its
// own net package is told not to turn it on.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func covered(c net.Conn) bool {
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		panic(err)
	}
	var on, idle int
	_ = raw.Control(func(fd uintptr) {
		on, _ = syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_KEEPALIVE)
		idle, _ = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE)
	})
	return on == 1 && idle == 77
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	workers, _ := strconv.Atoi(os.Args[2])

	caught := make(chan os.Signal, 1024)
	signal.Notify(caught, syscall.SIGCHLD, syscall.SIGUSR1)
	var signals, children atomic.Int64
	go func() {
		for range caught {
			signals.Add(1)
		}
	}()
	var over atomic.Bool
	go func() { // preemption's own signal, and one with a handler
		for !over.Load() {
			_ = syscall.Kill(os.Getpid(), syscall.SIGURG)
			_ = syscall.Kill(os.Getpid(), syscall.SIGUSR1)
			time.Sleep(200 * time.Microsecond)
		}
	}()
	go func() { // SIGCHLD
		for !over.Load() {
			_ = exec.Command("true").Run()
			children.Add(1)
		}
	}()

	lc := net.ListenConfig{KeepAlive: -1}
	l, err := lc.Listen(context.Background(), "tcp4", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	var servers, clients, failed atomic.Int64
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range n {
			c, err := l.Accept()
			if err != nil {
				failed.Add(1)
				continue
			}
			wg.Add(1)
			go func() {
				defer wg.Done()
				defer c.Close()
				if covered(c) {
					servers.Add(1)
				}
				_, _ = c.Write([]byte("x"))
			}()
		}
		l.Close() // resets what accept failed to take, or its client would wait
	}()
	work := make(chan int)
	var dialers sync.WaitGroup
	for range workers {
		dialers.Add(1)
		go func() {
			defer dialers.Done()
			d := net.Dialer{KeepAlive: -1}
			for range work {
				c, err := d.Dial("tcp4", l.Addr().String())
				if err != nil {
					failed.Add(1)
					fmt.Fprintln(os.Stderr, err)
					continue
				}
				if covered(c) {
					clients.Add(1)
				}
				_, _ = c.Read(make([]byte, 1))
				// No TIME_WAIT: ports are few when tests repeat.
				_ = c.(*net.TCPConn).SetLinger(0)
				c.Close()
			}
		}()
	}
	for i := range n {
		work <- i
	}
	close(work)
	dialers.Wait()
	if failed.Load() > 0 {
		l.Close() // or accept waits for those that never came
	}
	wg.Wait()
	over.Store(true)
	fmt.Printf("accepted %d connected %d failed %d\n", servers.Load(), clients.Load(), failed.Load())
	fmt.Printf("signals %d children %d\n", signals.Load(), children.Load())
}
