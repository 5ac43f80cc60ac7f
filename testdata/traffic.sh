#!/bin/sh
# Runs patched packages of the corpus under strace with real traffic on
# loopback, and wants a successful SO_KEEPALIVE on every TCP socket that they
# accept or connect. Build them first: builds.sh tinyproxy redir simpleproxy
# rinetd mini-httpd tcputils
#
# BUILDS is the folder that builds.sh worked in. Needs strace and python3.
set -u
work=${BUILDS:-${TMPDIR:-/tmp}/keepatch-builds}
dir=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$dir"' EXIT
echo hello >"$dir/index.html"
cat >"$dir/answer.sh" <<'EOF'
while read -r line && [ "${#line}" -gt 1 ]; do :; done
printf 'HTTP/1.0 200 OK\r\n\r\nhello\n'
EOF
chmod 755 "$dir"
(cd "$dir" && exec python3 -m http.server --bind 127.0.0.1 18080 >/dev/null 2>&1) &
pids=$!
sleep 1

cat >"$dir/tinyproxy.conf" <<EOF
Port 18101
Listen 127.0.0.1
Timeout 10
Allow 127.0.0.1
EOF
echo "127.0.0.1 18104 127.0.0.1 18080" >"$dir/rinetd.conf"

fetch() { # PORT [proxy]
	python3 - "$1" "${2:-}" <<'EOF'
import sys, urllib.request
port, proxy = sys.argv[1:]
url = "http://127.0.0.1:%s/index.html" % ("18080" if proxy else port)
handler = urllib.request.ProxyHandler({"http": "http://127.0.0.1:" + port} if proxy else {})
print(urllib.request.build_opener(handler).open(url, timeout=5).read().decode().strip())
EOF
}

failed=0
one() { # NAME PORT PROXY COMMAND...
	name=$1 port=$2 proxy=$3
	shift 3
	[ -x "$1" ] || { echo "$name: $1 is not built"; return; }
	(cd "$dir" && exec strace -ff -e trace=network -o "$dir/$name" "$@" >/dev/null 2>&1) &
	pid=$!
	sleep 2
	got=$(fetch "$port" "$proxy" 2>&1 | tail -n 1)
	sleep 1
	# strace ends with the last process it traces.
	kill $(cd "$dir" && ls "$name".*[0-9] | sed 's/.*\.//') 2>/dev/null
	wait $pid 2>/dev/null
	python3 - "$name" "$got" "$dir" <<'EOF' || failed=$((failed + 1))
import glob, re, sys
name, got, where = sys.argv[1:]
sockets = bare = 0
for log in glob.glob("%s/%s.*[0-9]" % (where, name)):
    lines = open(log, errors="replace").read().split("\n")
    for i, l in enumerate(lines):
        a = re.match(r"accept4?\(.*= (\d+)$", l)
        c = re.match(r"connect\((\d+), \{sa_family=AF_INET", l)
        if not a and not c:
            continue
        fd = (a or c).group(1)
        near = lines[i:i + 40] if a else lines[max(0, i - 40):i]
        sockets += 1
        if not any(re.match(r"setsockopt\(%s, SOL_SOCKET, SO_KEEPALIVE, \[1\], 4\)\s+= 0" % fd, x) for x in near):
            bare += 1
            print("  without:", l)
print("%s: answer %r, %d sockets accepted or connected, %d without keepalive" % (name, got, sockets, bare))
sys.exit(got != "hello" or bare > 0 or sockets == 0)
EOF
}

one tinyproxy 18101 proxy "$work/tinyproxy/b/src/tinyproxy" -d -c "$dir/tinyproxy.conf"
one redir 18102 "" "$work/redir/b/redir" -n 127.0.0.1:18102 127.0.0.1:18080
one simpleproxy 18103 "" "$work/simpleproxy/b/simpleproxy" -L 18103 -R 127.0.0.1:18080
one rinetd 18104 "" "$work/rinetd/b/rinetd" -f -c "$dir/rinetd.conf"
one mini-httpd 18105 "" "$work/mini-httpd/b/mini_httpd" -D -p 18105 -h 127.0.0.1 -d "$dir" -u nobody
one mini-inetd 18106 "" "$work/tcputils/b/mini-inetd" 18106 /bin/sh sh "$dir/answer.sh"
[ $failed -eq 0 ]
