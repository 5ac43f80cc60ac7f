// Package preload holds the commands for programs that cannot be rebuilt: run
// (a supervisor that sets keepalive for a program and all its children), attach
// (for a process that runs already) and preload (a library for LD_PRELOAD).
//
// What stands where: tcpopt has the options, their limits, and what a TCP socket is (Open); policy
// which connections get them, and /etc/keepatch.conf; supervise the two processes of run, with the
// filter of seccomp that stops calls, the threads of fast that answer the usual ones, and procfd,
// which copies descriptors of other processes; shim the C source of the library; host the BPF
// programs. The commands themselves are in this package (run_linux.go, attach_linux.go,
// shim_command.go, host_linux.go, install_linux.go).
//
// The background is section 5.2 of the TCP keepalive HOWTO, libkeepalive.
// run and attach need Linux on amd64 or arm64: seccomp user notification (5.0),
// pidfd_open (5.3) and pidfd_getfd (5.6).
package preload
