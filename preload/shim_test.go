//go:build linux && (amd64 || arm64)

package preload_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/preload/shim"
)

// sockets is a Python program that creates sockets of many kinds and prints
// their options and the errno that socket() leaves.
const sockets = `
import socket as s
K = (s.SOL_SOCKET, s.SO_KEEPALIVE)
for name, args in (
    ("inet", (s.AF_INET, s.SOCK_STREAM)),
    ("inet6", (s.AF_INET6, s.SOCK_STREAM)),
    ("flags", (s.AF_INET, s.SOCK_STREAM | s.SOCK_NONBLOCK | s.SOCK_CLOEXEC)),
    ("tcp", (s.AF_INET, s.SOCK_STREAM, s.IPPROTO_TCP)),
    ("udp", (s.AF_INET, s.SOCK_DGRAM)),
    ("unix", (s.AF_UNIX, s.SOCK_STREAM)),
):
    try: x = s.socket(*args)
    except OSError as e: print(name, "errno"); continue
    tcp = [x.getsockopt(6, o) for o in (4, 5, 6, 18)] if args[0] != s.AF_UNIX and args[1] & 1 else None
    print(name, x.getsockopt(*K), tcp)
`

func runWith(t *testing.T, library string, env []string, program ...string) (stdout, stderr string) {
	t.Helper()
	cmd := exec.Command(program[0], program[1:]...)
	cmd.Env = append(append(os.Environ(), "LD_PRELOAD="+library), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", program, err, errs.String())
	}
	return out.String(), errs.String()
}

// TestDropIn runs the same program under both libraries with every sort of
// environment: where libkeepalive does what it says, the results are equal.
func TestDropIn(t *testing.T) {
	need(t, "python3")
	ours, theirs := library(t), libkeepalive(t)
	for _, env := range [][]string{
		nil,
		{"KEEPALIVE=off", "KEEPIDLE=60"},
		{"KEEPALIVE=OFF"},
		{"KEEPALIVE=on", "KEEPIDLE=60"},
		{"KEEPALIVE=0"},
		{"KEEPALIVE=skip", "KEEPCNT=4"},
		{"KEEPALIVE="},
		{"KEEPIDLE=1", "KEEPINTVL=1", "KEEPCNT=1"},
		{"KEEPIDLE=32767", "KEEPINTVL=32767", "KEEPCNT=127"},
		{"KEEPIDLE=32768", "KEEPINTVL=0", "KEEPCNT=128"},
		{"KEEPIDLE=-5", "KEEPINTVL=abc", "KEEPCNT="},
		{"KEEPIDLE= 60"},
	} {
		a, _ := runWith(t, ours, env, "python3", "-c", sockets)
		b, _ := runWith(t, theirs, env, "python3", "-c", sockets)
		if a != b {
			t.Errorf("%v:\nlibkeepatch:\n%s\nlibkeepalive:\n%s", env, a, b)
		}
	}
}

// TestShimOwn is what the shim has beyond libkeepalive.
func TestShimOwn(t *testing.T) {
	need(t, "python3")
	lib := library(t)
	python := func(env []string, script string) (string, string) {
		return runWith(t, lib, env, "python3", "-c", script)
	}
	t.Run("user timeout on request", func(t *testing.T) {
		out, _ := python([]string{"KEEPUSERTIMEOUT=9000"}, sockets)
		if !strings.Contains(out, "inet 1 [7200, 75, 9, 9000]") {
			t.Error(out)
		}
	})
	t.Run("debug says what is wrong, once", func(t *testing.T) {
		env := []string{"KEEPALIVE_DEBUG=1", "KEEPIDLE=40000", "KEEPINTVL=12x", "KEEPCNT=5"}
		out, stderr := python(env, sockets)
		const want = "libkeepatch: KEEPIDLE=40000 is out of range, ignored\nlibkeepatch: KEEPINTVL=12x is not a number, ignored\n"
		if stderr != want || !strings.Contains(out, "inet 1 [7200, 75, 5, 0]") {
			t.Errorf("stderr %q, want %q\n%s", stderr, want, out)
		}
		if _, stderr := python(env[1:], sockets); stderr != "" {
			t.Errorf("without KEEPALIVE_DEBUG: %q", stderr)
		}
	})
	t.Run("MPTCP takes no impossible value", func(t *testing.T) {
		// The kernel checks no range for MPTCP; libkeepalive passes any on.
		out, _ := python([]string{"KEEPIDLE=-1"}, `
import socket as s
try: print(s.socket(s.AF_INET, s.SOCK_STREAM, 262).getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE))
except OSError: print(1)`)
		if out != "1\n" {
			t.Error(out)
		}
	})
	t.Run("the program's own off stands", func(t *testing.T) {
		out, _ := python(nil, `
import socket as s
K = (s.SOL_SOCKET, s.SO_KEEPALIVE)
l = s.socket(); l.setsockopt(*K, 0); l.bind(("127.0.0.1", 0)); l.listen()
c = s.socket(); c.setsockopt(*K, 0); c.connect(l.getsockname())
a, _ = l.accept()
print([x.getsockopt(*K) for x in (l, c, a)])`)
		if out != "[0, 0, 0]\n" {
			t.Error(out)
		}
	})
	t.Run("sockets of other origin", func(t *testing.T) {
		// Created by the kernel call itself, so only connect, listen and
		// accept can cover them; errno must survive.
		out, _ := python([]string{"KEEPIDLE=61"}, `
import ctypes, errno, platform, socket as s
K = (s.SOL_SOCKET, s.SO_KEEPALIVE)
libc = ctypes.CDLL(None, use_errno=True)
raw = lambda: s.socket(fileno=libc.syscall({"x86_64": 41, "aarch64": 198}[platform.machine()], 2, 1, 0))
l = raw(); l.bind(("127.0.0.1", 0)); l.listen()
c = raw(); c.connect(l.getsockname()); a, _ = l.accept()
print([(x.getsockopt(*K), x.getsockopt(6, 4)) for x in (l, c, a)])
deaf = s.socket(); deaf.bind(("127.0.0.1", 0)) # nobody listens there
try: raw().connect(deaf.getsockname())
except OSError as e: print(errno.errorcode[e.errno])
try: s.socket(s.AF_INET, s.SOCK_STREAM, 132)
except OSError as e: print(errno.errorcode[e.errno])`)
		if want := "[(1, 61), (1, 61), (1, 61)]\nECONNREFUSED\nEPROTONOSUPPORT\n"; out != want {
			t.Errorf("%q, want %q", out, want)
		}
	})
}

// TestShimWarningFree compiles the source as strictly as compilers can.
func TestShimWarningFree(t *testing.T) {
	need(t, "gcc")
	out, _, _ := output(t, nil, "preload", "--source")
	if out != string(shim.Source()) {
		t.Error("--source prints something else than the source")
	}
	file := filepath.Join(t.TempDir(), "libkeepatch.c")
	if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, cc := range []string{"gcc -std=c11 -Wpedantic", "gcc -std=gnu17", "gcc -m32", "musl-gcc", "clang", "aarch64-linux-gnu-gcc"} {
		words := strings.Fields(cc)
		if _, err := exec.LookPath(words[0]); err != nil {
			t.Logf("%s is not installed", words[0])
			continue
		}
		if err := exec.Command(words[0], append(words[1:], "-fsyntax-only", "-include", "stdio.h", "-x", "c", "/dev/null")...).Run(); err != nil {
			t.Logf("%s cannot compile anything here", cc)
			continue
		}
		args := append(words[1:], "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-o", file+".so", file)
		if text, err := exec.Command(words[0], args...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", cc, err, text)
		}
	}
}

// TestPreloadOutput replaces a library whole and leaves nothing beside it.
func TestPreloadOutput(t *testing.T) {
	need(t, "cc")
	dir := t.TempDir()
	lib := filepath.Join(dir, "x.so")
	if err := os.WriteFile(lib, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if stdout, stderr, ps := output(t, nil, "preload", "-o", lib); ps.ExitCode() != 0 || stdout != "wrote "+lib+"\n" || stderr != "" {
		t.Fatal(stdout, stderr)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
	if b, _ := os.ReadFile(lib); !bytes.HasPrefix(b, []byte("\x7fELF")) {
		t.Error("no library was written")
	}
	if _, stderr, ps := output(t, []string{"CC=false"}, "preload", "-o", lib); ps.ExitCode() != 2 || !strings.HasPrefix(stderr, "keepatch: preload: false: ") {
		t.Errorf("status %d, %q", ps.ExitCode(), stderr)
	}
}

// TestFallback starts run where filters are forbidden: it says so, uses the
// library where that works, and never starts the program unprotected.
func TestFallback(t *testing.T) {
	supervised(t)
	need(t, "python3", "cc")
	lib := library(t)
	const script = `import os, socket as s
x = s.socket(); print(x.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE), x.getsockopt(6, 4), os.environ.get("LD_PRELOAD"))`
	refused := func(env []string, args ...string) (string, string, int) {
		t.Helper()
		cmd := exec.Command(compile(t, "deny.c", "gcc"), append([]string{"seccomp", keepatch, "run"}, args...)...)
		cmd.Env = append(os.Environ(), env...)
		var out, errs strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &errs
		_ = cmd.Run()
		return out.String(), errs.String(), cmd.ProcessState.ExitCode()
	}
	out, stderr, status := refused(nil, "--", "python3", "-c", script)
	if out != "" || status != 2 || !strings.Contains(stderr, "the sandbox forbids seccomp filters") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("refusal: status %d, %q, %q", status, out, stderr)
	}
	out, stderr, status = refused([]string{"KEEPALIVE=off", "KEEPIDLE=3"}, "--idle", "71", "--fallback", "preload", "--shim", lib, "--", "python3", "-c", script)
	if want := "1 71 " + lib + "\n"; out != want || status != 0 || !strings.Contains(stderr, "using "+lib) {
		t.Errorf("fallback: status %d, %q, want %q\n%s", status, out, want, stderr)
	}
	cache := t.TempDir()
	out, _, status = refused([]string{"XDG_CACHE_HOME=" + cache}, "--fallback", "preload", "--", "python3", "-c", script)
	if !strings.HasPrefix(out, "1 7200 "+cache) || status != 0 {
		t.Errorf("fallback with a library of its own: status %d, %q", status, out)
	}
	out, _, _ = refused([]string{"LD_PRELOAD=" + lib}, "--fallback", "preload", "--shim", lib, "--", "python3", "-c", script)
	if !strings.HasSuffix(out, " "+lib+":"+lib+"\n") {
		t.Errorf("LD_PRELOAD is not appended to: %q", out)
	}
	for want, program := range map[string][]string{
		"is statically linked": {compile(t, "peer.c", "gcc -static -pthread"), "client", "plain", "1"},
		"is a Go program":      {compile(t, "gopeer", "go build"), "client", "plain", "1"},
	} {
		out, stderr, status := refused(nil, append([]string{"--fallback", "preload", "--shim", lib, "--"}, program...)...)
		if status != 2 || out != "" || !strings.Contains(stderr, want) {
			t.Errorf("%s: status %d, %q, %q", want, status, out, stderr)
		}
	}
	_, _, status = refused(nil, "--fallback", "preload", "--shim", lib, "--", "no-such-program")
	if status != 127 {
		t.Errorf("no such program: status %d", status)
	}
}

// TestLoadable: which programs the dynamic loader would leave unprotected.
func TestLoadable(t *testing.T) {
	lib := library(t)
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(p, mode); err != nil {
			t.Fatal(err)
		}
		return p
	}
	dynamic := compile(t, "peer.c", "gcc -pthread")
	static := compile(t, "peer.c", "gcc -static -pthread")
	binary, err := os.ReadFile(dynamic)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{dynamic, ""},
		{write("script", "#!/bin/sh\n", 0o755), ""},
		{write("plain", "exit\n", 0o755), ""},
		{write("envscript", "#!/usr/bin/env sh\n", 0o755), ""},
		{static, "statically linked"},
		{write("staticscript", "#!"+static+" x\n", 0o755), "statically linked"},
		{write("loop", "#!"+filepath.Join(dir, "loop")+"\n", 0o755), "too many interpreters"},
		{write("empty", "", 0o755), "is empty"},
		{write("setuid", string(binary), os.ModeSetuid|0o755), "set-user-ID"},
		{compile(t, "gopeer", "go build"), "Go program"},
		{filepath.Join(dir, "nothing"), "no such file"},
	} {
		err := shim.Loadable(c.path, lib)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.path, err, c.want)
		}
	}
	if err := shim.Loadable(dynamic, write("no.so", "text", 0o644)); err == nil {
		t.Error("a text file passes for a library")
	}
}
