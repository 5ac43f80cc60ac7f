// Package preload holds the commands for programs that cannot be rebuilt: run
// (a supervisor that sets keepalive for a program and all its children), attach
// (for a process that runs already) and preload (a library for LD_PRELOAD).
//
// The background is section 5.2 of the TCP keepalive HOWTO, libkeepalive.
// run and attach need Linux on amd64 or arm64: seccomp user notification (5.0),
// pidfd_open (5.3) and pidfd_getfd (5.6).
package preload
