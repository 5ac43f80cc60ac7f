#!/usr/bin/env bash
# usage: need.sh
#
# Installs the programs that preload/programs_test.go starts, and the C library that it builds
# with, on Debian and its kin when run as root; none of them is started by that. What is missing
# elsewhere is skipped, by name, by the tests, so the status is 0 either way.
set -u
missing=()
while read -r tool package; do
  case $tool in
    /*) [ -e "$tool" ] || missing+=("$package") ;;
    *) command -v "$tool" >/dev/null || missing+=("$package") ;;
  esac
done <<'EOF'
redis-server redis-server
redis-cli redis-tools
memcached memcached
nginx nginx-light
lighttpd lighttpd
haproxy haproxy
stunnel4 stunnel4
mosquitto mosquitto
tinyproxy tinyproxy
/usr/lib/postgresql postgresql
rsync rsync
sshd openssh-server
ssh openssh-client
socat socat
nc netcat-openbsd
ncat ncat
busybox busybox-static
telnet telnet
curl curl
wget wget
openssl openssl
ab apache2-utils
musl-gcc musl-tools
/usr/lib/libkeepalive.so.0 libkeepalive0
/usr/lib32/libc.so gcc-multilib
EOF
[ ${#missing[@]} -eq 0 ] && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # services are not started at this level
  install() { apt-get install -y -qq --no-install-recommends "${missing[@]}"; }
  if install >/dev/null 2>&1 || { apt-get update -qq && install; } >/dev/null 2>&1; then
    exit 0
  fi
fi
echo "missing: ${missing[*]} (Debian packages); the tests that need them are skipped" >&2
