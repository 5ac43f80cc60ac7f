#!/usr/bin/env python3
"""Runs patched programs with their new option, and their other options before
and after.

usage: switch.py [PROGRAM...]

Build them first, as they are and patched (folders a and b of each package):

  APPLY=--switch testdata/builds.sh [PACKAGE...]
  APPLY='--switch --switch-short x --switch-main svr-main.c,cli-main.c' testdata/builds.sh dropbear
  APPLY='--switch --switch-main testcode/streamtcp.c' testdata/builds.sh unbound
  BUILDS=/tmp/keepatch-env APPLY=--switch=env testdata/builds.sh simpleproxy ucspi-tcp

BUILDS and BUILDS_ENV are the folders that builds.sh worked in. Needs strace.
For each program: the sockets that it accepts and connects, how many of them
have SO_KEEPALIVE without the option (before and after the patch) and with it,
in front of the other options and behind them, how many have the three timers,
what a wrong argument and an unknown option end with; then whether every other
way to call it says and returns the same before and after, its usage aside.
"""
import difflib
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

WORK = os.environ.get("BUILDS", os.path.join(os.environ.get("TMPDIR", "/tmp"), "keepatch-builds"))
ENV = os.environ.get("BUILDS_ENV", os.path.join(os.environ.get("TMPDIR", "/tmp"), "keepatch-env"))
DIR = tempfile.mkdtemp()
os.chmod(DIR, 0o755)
BACK, PORT, NRPE = 18080, 18100, 18090

# name, program in its package, how it is called, what the test does, the
# option, further ways to call it. @ stands for where the option goes: it is
# tried in front of the other arguments and behind the options. "-k=" is one whose times
# stand behind a "=". What the test
# does: "serve" connects to it ("serve:PORT" to a port of its own), "proxy" asks it for a page as a proxy,
# "connect" lets it connect to a server of the test.
PROGRAMS = [
    ("tinyproxy", "tinyproxy/src/tinyproxy", "@ -d -c {dir}/tinyproxy.conf @", "proxy", "-k",
     ["-h", "-v", "-c", "-z", "-c /nonexistent", "-d -c /nonexistent", "-dv", "x", "-c {dir}/tinyproxy.conf -h"]),
    ("simpleproxy", "simpleproxy/simpleproxy", "@ -L {port} -R 127.0.0.1:{back} @", "serve", "-k",
     ["-h", "-V", "-L", "-Z", "-L x", "-v", "-R nowhere", "-vL", "-L 1 -R x -V"]),
    ("redir", "redir/redir", "@ -n 127.0.0.1:{port} 127.0.0.1:{back} @", "serve", "-k --tcp-keepalive",
     ["-h", "--help", "-v", "--version", "--vers", "-l", "--loglevel", "--lo", "-Z", "--nope", "-l nope :1 :2", "--t", "--tim", "-nh", "x"]),
    ("rinetd", "rinetd/rinetd", "@ -f -c {dir}/rinetd.conf @", "serve", "-k --tcp-keepalive",
     ["-h", "--help", "-v", "--version", "--vers", "-c", "--conf", "-Z", "--nope", "-fh", "-f -c /nonexistent", "--foregr -c /nonexistent", "--h"]),
    ("nrpe", "nagios-nrpe/src/nrpe", "@ -c {dir}/nrpe.cfg -f @", "serve", "-k --tcp-keepalive",
     ["-h", "--help", "--lic", "-V", "--version", "-c", "-Z", "--nope", "-c /nonexistent -f", "--conf=/nonexistent --no-f", "-nV", "-i"]),
    ("check_nrpe", "nagios-nrpe/src/check_nrpe", "@ -H 127.0.0.1 -p {port} -n @", "connect", "-k --so-keepalive",
     ["-h", "--help", "-V", "--version", "-H", "-Z", "--nope", "--t=3", "--timeout=x", "-4 -6", "-u -V", "--comm", "-t"]),
    ("ncat", "nmap/ncat/ncat", "@ -l 127.0.0.1 {port} @", "serve", "--tcp-keepalive",
     ["-h", "--help", "--version", "--vers", "-l -p", "-Z", "--nope", "--send-o", "--tz", "-w x 127.0.0.1 1", "127.0.0.1 1", "-lk -e", "-vv --proxy-type nope 127.0.0.1 1", "-4 -6 127.0.0.1 1"]),
    ("zabbix_agentd", "zabbix/src/zabbix_agent/zabbix_agentd", "@ -c {dir}/zabbix.conf -f @", "serve", "-k --keepalive",
     ["-h", "--help", "--he", "-V", "--version", "-c", "-Z", "--nope", "-c /nonexistent -f", "-pt x", "-c a -c b", "-R", "-c {dir}/zabbix.conf -t agent.ping", "x"]),
    ("zabbix_get", "zabbix/src/zabbix_get/zabbix_get", "@ -s 127.0.0.1 -p {port} -k agent.ping @", "connect", "--tcp-keepalive",
     ["-h", "--help", "-V", "-s", "-Z", "--nope", "-s 127.0.0.1 -p 1 -k x", "-k x -k y -s z", "-t 99 -s x -k y", "--tls-connect x -s 127.0.0.1 -k y", "--tz 3", "-K"]),
    ("zabbix_sender", "zabbix/src/zabbix_sender/zabbix_sender", "@ -z 127.0.0.1 -p {port} -s h -k key -o 1 @", "connect", "--tcp-keepalive",
     ["-h", "--help", "-V", "-z", "-Z", "--nope", "-z 127.0.0.1 -p 1 -s h -k key -o 1", "-k x -k y -z 127.0.0.1", "-vV", "-T -z x", "-i /nonexistent -z 127.0.0.1"]),
    ("inetd (OpenBSD)", "openbsd-inetd/inetd", "@ -d -i {dir}/inetd.conf @", "serve", "-k",
     ["-h", "-R", "-Z", "-R x", "-EZ", "-d /nonexistent/x -R", "-q x -R y"]),
    ("rpcapd", "libpcap/rpcapd/rpcapd", "@ -n -4 -b 127.0.0.1 -p {port} @", "serve", "-k",
     ["-h", "-p", "-Z", "-nh", "-b 127.0.0.1 -p nope -n", "-l", "-s", "-vh"]),
    ("mini-inetd", "tcputils/mini-inetd", "@ 127.0.0.1:{port} /bin/echo echo hello", "serve", "-k",
     ["", "-Z", "-m", "-m x 1", "-d", "-V", "-dV"]),
    ("tcpconnect", "tcputils/tcpconnect", "@ 127.0.0.1 {port}", "connect", "-k",
     ["", "-Z", "-V", "-v", "-l", "-vr 127.0.0.1 1", "-i -v 127.0.0.1 1", "127.0.0.1 nope"]),
    ("tcplisten", "tcputils/tcplisten", "@ {port}", "serve", "-k",
     ["", "-Z", "-V", "-v", "-a", "-vr nope", "-i -v nope"]),
    ("streamtcp", "unbound/streamtcp", "@ -f 127.0.0.1@{port} example.net A IN", "connect", "-k",
     ["-h", "-f", "-Z", "-af", "x A", "-su -h", "-d x -h"]),
    ("mini_httpd", "mini-httpd/mini_httpd", "@ -D -p {port} -h 127.0.0.1 -d {dir} -u nobody @", "serve", "-k",
     ["-V", "-z", "-p", "--help", "x", "-C /nonexistent", "-D -V", "-p 80 -V", "-u nosuchuser -p 18199", "-DV", "-kk"]),
    ("icecast", "icecast2/src/icecast", "@ -c {dir}/icecast.xml @", "connect", "-k",
     ["-h", "-v", "-c", "-z", "", "-c /nonexistent", "-b -v", "-kk", "--help"]),
    ("gss-client", "krb5/src/appl/gss-sample/gss-client", "@ -port {port} 127.0.0.1 host hello", "connect", "-tcp-keepalive",
     ["", "-h", "-port", "-nope x y z", "-port 1 127.0.0.1 host hello", "-d -seq 127.0.0.1", "-mech {{1}} -port 1 127.0.0.1 a b", "-tcp-keepalivex a b c"]),
    ("dropbear", "dropbear/dropbear", "@ -F -E -p 127.0.0.1:{port} -r {dir}/hostkey @", "serve", "-x",
     ["-h", "-V", "-p", "-Z", "-FZ", "x", "-FEh", "-K x", "-T 0", "-Wx", "-b /nonexistent"]),
    ("dbclient", "dropbear/dbclient", "@ -y -p {port} 127.0.0.1 @", "connect", "-x",
     ["-h", "-V", "-p", "-Z", "-yqV", "", "-p 1 -y 127.0.0.1", "-Z -yp1 127.0.0.1", "-K x 127.0.0.1", "-o help", "-i /nonexistent -p 1 127.0.0.1"]),
    ("openvpn (server)", "openvpn/src/openvpn/openvpn",
     "@ --dev null --proto tcp-server --local 127.0.0.1 --port {port} --secret {dir}/vpn.key --cipher AES-128-CBC @", "serve", "--tcp-keepalive",
     ["--help", "--version", "--nope", "--port", "--port x --dev null", "--dev null --port 1 2 3", "nothing", "--verb 3 --version", "--verb --version",
      "--tcp-nodelay --nope", "--keepalive 1", "--show-ciphers", "--tz", "/nonexistent", "--config /nonexistent"]),
    ("openvpn (client)", "openvpn/src/openvpn/openvpn",
     "@ --dev null --proto tcp-client --remote 127.0.0.1 {port} --secret {dir}/vpn.key --cipher AES-128-CBC @", "connect", "--tcp-keepalive", []),
    ("ftp", "inetutils/ftp/ftp", "@ -n 127.0.0.1 {port}", "connect", "-k --keepalive",
     ["--help", "--version", "--usage", "--vers", "--nope", "-Z", "-V", "-p", "--prompt", "--t", "--tr", "-nVd", "--prog"]),
    ("whois", "inetutils/whois/whois", "@ -h 127.0.0.1 -p {port} x", "connect", "-k --tcp-keepalive",
     ["--help", "--version", "--usage", "--vers", "--nope", "-Z", "-V", "-p", "--server", "--tz", "-h 127.0.0.1 -p 1 x", "--verb --version", ""]),
    ("rexec", "inetutils/src/rexec", "@ -u x -p y -h 127.0.0.1 -P {port} -n echo", "connect", "-k --tcp-keepalive",
     ["--help", "--version", "--usage", "--vers", "--nope", "-Z", "-V", "-P", "--port", "--tz", "-u x -h 127.0.0.1 -P 1 -p y -n echo", ""]),
    ("inetd (inetutils)", "inetutils/src/inetd", "@ -d {dir}/inetd.conf @", "serve", "-k --tcp-keepalive",
     ["--help", "--version", "--usage", "--vers", "--nope", "-Z", "-V", "-R", "--rate", "--tz", "--deb --version", "-dV"]),
    ("telnet", "inetutils/telnet/telnet", "@ -K 127.0.0.1 {port}", "connect", "--tcp-keepalive",
     ["--help", "--version", "--usage", "--vers", "--nope", "-Z", "-V", "-l", "--user", "--tz", "--escape --version", "-E -K 127.0.0.1 1", "-8LV"]),
    ("bgpq3", "bgpq3/bgpq3", "@ -h 127.0.0.1:{port} @ AS1", "connect", "-k",
     ["", "-h", "-Z", "-l", "-4 -6 AS1", "-X -J AS1", "-m 99 AS1", "-3 -x", "-a x", "--help", "-dv"]),
    ("bgpq4", "bgpq4/bgpq4", "@ -h 127.0.0.1:{port} @ AS1", "connect", "-k",
     ["", "-h", "-Z", "-l", "-4 -6 AS1", "-X -J AS1", "-m 99 AS1", "-v", "-a x", "--help", "-dv"]),
    ("dmitry", "dmitry/dmitry", "@ -p @ 127.0.0.1", "connect:100", "-k",
     ["", "-Z", "-v", "-t", "-t x", "-h", "-vZ", "-o", "--help", "-n", "-pZ"]),
    ("dopewars", "dopewars/src/dopewars", "@ -s -f {dir}/score -p {port} @", "serve", "-k --keepalive",
     ["-h", "--help", "-v", "--version", "--vers", "-Z", "--nope", "-g", "--plu", "-ahv", "-t -o"]),
    ("fiche", "fiche/fiche", "@ -p {port} -o {dir}/fiche @", "serve", "-k",
     ["-h", "-Z", "-p", "-d", "-6Z", "-SZ", "-b", "-s", "-o", "-e -Z", "-u nosuchuser -Z"]),
    ("hopm", "hopm/src/hopm", "@ -d -c ../../..{dir}/hopm @", "connect", "-k",
     ["-d -c nope", "-c nope", "-Z -c nope", "-ddc nope", "-c", "-d -c /", "-dd -c nope", "-cnope", "-Zc nope", "x -c nope"]),
    ("htpdate", "htpdate/htpdate", "@ -q @ http://127.0.0.1:{port}", "connect", "-k",
     ["-h", "-Z", "-p", "-p x", "-m 1", "-M 99 x", "", "-hq", "-u nosuchuser -q x", "-P", "-vZ"]),
    ("imapfilter", "imapfilter/src/imapfilter", "@ -c {dir}/imapfilter.lua @", "connect", "-k",
     ["-V", "-Z", "-c", "-c /nonexistent", "-vV", "-n -c /nonexistent", "-e", "-t", "-i -V", "-?"]),
    ("knock", "knock/knock", "@ 127.0.0.1 {port} @", "connect", "-k --tcp-keepalive",
     ["-h", "--help", "-V", "--version", "--vers", "-Z", "--nope", "", "127.0.0.1", "-d", "--de", "-u -V", "127.0.0.1 99999"]),
    ("iksroster", "libiksemel/tools/iksroster", "@ -b me:pw@127.0.0.1/x -f {dir}/roster @", "connect:5222", "-k --keepalive",
     ["-h", "--help", "-V", "--version", "--vers", "-Z", "--nope", "", "-b", "--ba", "-lV"]),
    ("mspdebug", "mspdebug/mspdebug", "@ -q -d 127.0.0.1:{port} @ gdbc", "connect", "-k --tcp-keepalive",
     ["--help", "--version", "--vers", "-Z", "--nope", "", "nodriver", "--usb-list -q", "-d", "--fet-l", "-q nodriver", "-n -q sim exit"]),
    ("rlogin (rsh-redone)", "rsh-redone/rlogin", "@ -p {port} @ 127.0.0.1", "connect", "-k",
     ["", "-Z", "-l", "-p", "-vZ", "-p 1 127.0.0.1", "-4 -p 1 127.0.0.1", "-l x -p 1 127.0.0.1", "-46Z", "--help"]),
    ("rsh (rsh-redone)", "rsh-redone/rsh", "@ -p {port} @ 127.0.0.1 ls", "connect", "-k",
     ["", "-Z", "-l", "-p", "-vZ", "-p 1 127.0.0.1 ls", "-4 -p 1 127.0.0.1 ls", "-n -Z", "-46Z", "--help"]),
    ("tpm_server (ibmswtpm2)", "ibmswtpm2/src/tpm_server", "@ -port {port} @", "serve", "-k",
     ["-h", "-Z", "-port", "-port x", "x", "-rm -Z", "-v -h", "-ver", "-port 99999999", "--help"]),
    ("qcp", "network/qcp/qcp", "@ -s 127.0.0.1 -p {port} @ {dir}/index.html", "connect", "-k",
     ["", "-h", "-Z", "-s", "-p", "-vZ", "-s 127.0.0.1 -p 1 /nonexistent", "-w", "--help", "-vvh"]),
    ("qcps", "network/qcp/qcps", "@ -p {port} @", "serve", "-k",
     ["-h", "-Z", "-p", "-vZ", "-vh", "--help", "-d", "-vv -Z", "-p 1 -h", "-p x -Z"]),
    ("epoll-server", "network/tcp/server/epoll-server", "@ -p {port} @", "serve", "-k",
     ["-h", "-Z", "-p", "-vZ", "-vh", "--help", "-a", "-vv -Z", "-p 1 -h", "-a 1 -Z"]),
    ("sigio-server", "network/tcp/server/sigio-server", "@ -p {port} @", "serve", "-k",
     ["-h", "-Z", "-p", "-vZ", "-vh", "--help", "-a", "-vv -Z", "-p 1 -h", "-a 1 -Z"]),
    ("udpxy", "udpxy/chipmunk/udpxy", "@ -T -a 127.0.0.1 -p {port} @", "serve", "-k",
     ["", "-h", "-Z", "-p", "-c x -p 1", "-T -Z", "-vZ", "-m nope -p 1 -T", "--help", "-B", "-n 99 -p 1 -T"]),
    ("gntp-send", "gntp-send/gntp-send", "@ -s 127.0.0.1:{port} @ title message", "connect", "-k!",
     ["", "-h", "-Z", "-s", "title", "-u", "-a x", "-p", "a b c d e", "--help"]),
    ("netrik", "netrik/netrik", "@ --dump @ http://127.0.0.1:{port}/", "connect", "--keepalive",
     ["--nope", "--dum", "--dump /nonexistent", "--no", "-Z", "--bw --dump /nonexistent", "--term", "--dump --nope", "--dump=x", "--xterm --dump /nonexistent"]),
    ("mfssupervisor (moosefs)", "moosefs/mfsmaster/mfssupervisor", "@ -H 127.0.0.1 -P {port} @", "connect", "-y",
     ["-h", "-v", "-Z", "-H", "-P", "-?", "-xv", "-H nowhere.invalid", "-P x -v", "--help"]),
    ("powerman", "powerman/src/powerman/powerman", "@ -h 127.0.0.1:{port} @ -q", "connect", "-k --tcp-keepalive",
     ["--help", "-V", "--version", "--vers", "-Z", "--nope", "-h", "-L", "-R x -V", "-q -h 127.0.0.1:1", "--re"]),
    ("rpost (suck)", "suck/rpost", "127.0.0.1 @ -N {port} @", "connect", "-k",
     ["", "-h", "127.0.0.1 -Z", "127.0.0.1 -N", "127.0.0.1 -N 1", "-V", "127.0.0.1 -S", "127.0.0.1 -b", "127.0.0.1 x", "127.0.0.1 -q -N 1"]),
    ("unworkable", "unworkable/unworkable", "@ -t {dir}/trace @ {dir}/x.torrent", "connect", "-k",
     ["", "-h", "-Z", "-t", "-g", "-p", "-sZ", "/nonexistent", "-s /nonexistent", "--help", "-p 1 -Z"]),
    ("guacd", "guacamole-server/src/guacd/guacd", "@ -f -b 127.0.0.1 -l {port} @", "serve", "-k",
     ["-h", "-v", "-Z", "-l", "-L nope -f", "-vZ", "-p", "--help", "-C", "-b -Z -v"]),
    ("socketcandcl", "socketcand/bld/src/socketcandcl", "@ -s 127.0.0.1 -p {port} -i vcan0,vcan0 @", "connect", "-k --tcp-keepalive",
     ["-h", "-z", "-Z", "--nope", "--vers", "-p", "-hz", "--ser", "--tz", "-i"]),
    ("tcpser", "tcpser/tcpser", "@ -v 25299 -p {port} -s 2400 -l 1 @", "serve", "-k",
     ["-h", "-Z", "-p", "-s", "-S x -Z", "-t x -Z", "-L", "-IZ", "-N -Z", "--help", "-v"]),
    ("poolcounterd", "poolcounter/poolcounterd", "@ -l 127.0.0.1 @", "serve:7531", "-k",
     ["-h", "-Z", "-l", "-l x", "-lx -Z", "--help", "-?", "-l 1.2.3.4.5", "-Zl", "-l 0 -Z"]),
    ("mrtg-apache (mrtgutils)", "mrtgutils/mrtg-apache", "@ -p {port} @ 127.0.0.1", "connect", "-k",
     ["", "-Z", "-p", "-m", "-qZ", "-p x nowhere.invalid", "-p 1 127.0.0.1", "-m 2 -p 1 127.0.0.1", "-s x -p 1 127.0.0.1", "--help"]),
    ("tunslip6 (contiki-ng)", "contiki-ng/tools/serial-io/tunslip6", "@ -a 127.0.0.1 -p {port} -t keepatch0 @ fd00::1/64", "connect", "-k",
     ["", "-Z", "-B", "-h", "-a", "-B x fd00::1/64", "-v9 -Z", "-LZ", "-T -Z", "--help", "-a 127.0.0.1 -p 1 fd00::1/64"]),
    ("gg (gmid)", "gmid/gg", "@ -P 127.0.0.1:{port} @ gemini://127.0.0.1/", "connect", "-k",
     ["", "-h", "-Z", "-C", "-d x gemini://x/", "-T 0 gemini://x/", "-2Z", "-P 127.0.0.1:1 gemini://x/", "nowhere", "--help"]),
    ("titan (gmid)", "gmid/titan", "@ titan://127.0.0.1:{port}/x {dir}/index.html", "connect", "-k",
     ["", "-h", "-Z", "-C", "-m", "-t", "x", "titan://127.0.0.1:1/x /nonexistent", "titan://127.0.0.1:1/x {dir}/index.html", "--help"]),
    ("gemexp (gmid)", "gmid/gemexp", "@ -p {port} @ {dir}", "serve", "-k --tcp-keepalive",
     ["-h", "-Z", "-p", "-p x", "--help", "--nope", "-H", "-p 99999 /", "/nonexistent -p", "-V"]),
    ("moo (lambdamoo)", "lambdamoo/moo", "@ {dir}/Minimal.db {dir}/moo.db {port}", "serve", "-k",
     ["", "-h", "-Z", "-l", "-e", "x", "x y z w v", "-l /nonexistent/x a b", "--help", "-ex"]),
    ("tang (nagios-tang)", "nagios-tang/tang", "@ -u http://127.0.0.1:{port} @", "connect", "-k --tcp-keepalive",
     ["", "-h", "--help", "-Z", "-u", "--url", "--nope", "-u x", "--ur http://127.0.0.1:1", "-u http://127.0.0.1:1"]),
    ("fence_zvmip (fence-agents)", "fence-agents/fence_zvmip", "@ -a 127.0.0.1 -u x -p y -n z -o status @", "connect:44444", "-k --keepalive",
     ["-h", "--help", "-Z", "-V", "--nope", "-a", "--ip", "-o x", "--versio", "-a 127.0.0.1 -n z", "-a nowhere.invalid -u x -p y -n z -o status"]),
    ("controller (openflow)", "openflow/controller/controller", "@ ptcp:{port} @", "serve", "--tcp-keepalive",
     ["", "-h", "--help", "-Z", "-V", "--version", "--nope", "x", "--max-idle", "--max-idle=0 ptcp:1", "-H -V"]),
    ("whois (rfc1036)", "whois/whois", "@ -h 127.0.0.1 -p {port} @ x", "connect", "-y --tcp-keepalive",
     ["", "--help", "--version", "-Z", "--nope", "-p", "--vers", "-h nowhere.invalid x", "--t", "-h 127.0.0.1 -p 1 x", "-h", "-q"]),
    ("netsed", "netsed/netsed", "@ tcp {port} 127.0.0.1 {back} s/and/or @", "serve", "-k --tcp-keepalive",
     ["", "-h", "--help", "-Z", "--nope", "tcp", "tcp 1 2 3", "x 1 127.0.0.1 1 s/a/b", "-4 -6 tcp", "--ipa tcp", "--zz tcp"]),
    ("supdup", "supdup/supdup", "@ -T 127.0.0.1 {port}", "connect", "-k",
     ["-z x", "-loc", "-T nowhere.invalid", "-T 127.0.0.1 1", "-d -T 127.0.0.1 1", "-u -T 127.0.0.1 1", "-U -T nowhere.invalid", "-C nowhere.invalid", "-t -T 127.0.0.1 1", "-s -T 127.0.0.1 1"]),
    ("supdupd (supdup)", "supdup/supdupd", "@ 46150", "serve:46150", "-k",
     ["x", "-z", "-d x", "0", "-1", "x y", "--help", "-d -z", "-h", "-d 0"]),
    ("tcpc (ucspi)", "ucspi/tcpc", "@ 127.0.0.1 {port} /bin/true", "connect", "-k",
     ["", "-h", "-Z", "127.0.0.1", "127.0.0.1 1 true", "-4 nowhere.invalid 1 true", "-p", "-r x", "--help", "-46Z"]),
    ("tcps (ucspi)", "ucspi/tcps", "@ 127.0.0.1 {port} /bin/echo hello", "serve", "-k",
     ["", "-h", "-Z", "127.0.0.1", "-4 nowhere.invalid 1 true", "-6d", "--help", "-46Z", "x", "-d"]),
    ("cli (picotls)", "picotls/cli", "@ 127.0.0.1 {port}", "connect", "-x!",
     ["", "-h", "-Z", "-p", "127.0.0.1", "-N nope 127.0.0.1 1", "-y nope 127.0.0.1 1", "127.0.0.1 1", "-V /nonexistent 127.0.0.1 1", "--help"]),
    ("editor-server (infon)", "infon/edserv", "@ -o {dir}/map.lua @", "serve:1234", "-k!",
     ["-z", "-w", "-h", "-o", "-w x -z", "-h 3 -z", "x", "--help", "-w 5 -o", "-zz"]),
    ("wiringpid (WiringPi)", "WiringPi/wiringPiD/wiringpid", "@ -z -p {port} @ secret", "serve", "-k",
     ["", "-h", "-Z", "-p", "-p x secret", "-p 99999 secret", "-z", "short", "-z -p 1 x", "--help", "-x"]),
    ("openrsync", "openrsync/openrsync", "@ --port={port} @ rsync://127.0.0.1/x {dir}/", "connect", "--tcp-keepalive",
     ["", "-h", "--help", "-V", "--version", "--nope", "-Z", "--port", "--timeout=x a b", "--t", "-n nowhere.invalid::x /nonexistent"]),
    ("h1load", "h1load/h1load", "@ -n 1 @ http://127.0.0.1:{port}/", "connect", "-k",
     ["", "-h", "-Z", "-c", "--nope", "-n 1 nowhere.invalid", "-e -n 1 http://127.0.0.1:1/", "-n 0 -Z", "-s", "-A -h", "--cipher-list"]),
    ("mcrcon", "mcrcon/mcrcon", "@ -H 127.0.0.1 -P {port} -p x @ list", "connect", "-k",
     ["", "-h", "-Z", "-v", "-p", "-H nowhere.invalid -p x list", "-w 0 -p x", "--help", "-P 1 -p x list", "-rtZ", "-c -P 99999 -p x list"]),
    ("tiny (tiny-web-server)", "tiny-web-server/tiny", "@ {dir} {port}", "serve", "-k",
     ["/nonexistent", "/nonexistent 1", "/nonexistent x", "/nonexistent 1 2", "-h", "--help", "-Z", "-Z 1", "x", "-"]),
    ("minihttp (MiniHTTP)", "MiniHTTP/minihttp", "@ -p {port} -d {dir} @", "serve", "-k",
     ["-Z -p x", "-h -p x", "-p", "-d", "-b", "--help -p x", "-p x", "-l", "-f", "-p 99999999 -Z"]),
    ("simple-chat", "simple-chat/simple_chat", "@ {port}", "serve", "-k",
     ["x", "99999999", "-h", "--help", "-Z", "nope", "x y", "-v", "-p 1", "1x"]),
    ("Raptor (raptor)", "raptor/bin/Raptor", "@ -h 127.0.0.1 -p {back} -r {port} -w 4 -o {dir}/raptor.log @", "serve", "-k --tcp-keepalive",
     ["", "-h", "--help", "-Z", "--nope 1 2 3 4 5 6 7", "-p x", "--red", "-h a -p 123456 1 2 3 4", "-w 9 -o x", "--ho=x --p=1 2", "-r 1234567 1 2 3 4 5 6"]),
    ("telnet (muhstik)", "muhstik/src/telnet", "@ 127.0.0.1 {port}", "connect", "-k",
     ["", "x", "-Z", "-h", "--help", "127.0.0.1", "127.0.0.1 1", "nowhere.invalid 1", "-v 1", "127.0.0.1 x"]),
    ("cgo", "cgo/cgo", "@ 127.0.0.1:{port}", "connect", "-k",
     ["-v", "-h", "-Z", "-H -v", "-vH", "--help", "-Hv x", "--", "-z x", "-v -Z"]),
    ("gameserver (vitetris)", "vitetris/src/netw/gameserver", "@ {port}", "serve", "-k",
     ["1 /nonexistent/x", "0 /nonexistent/x", "-1 /nonexistent/x", "99999 /nonexistent/x", "x /nonexistent/x", "-v /nonexistent/x",
      "-h /nonexistent/x y", "--help /nonexistent/x", "1 /nonexistent/x z", "1x /nonexistent/x"]),
    ("dmc-imap4 (dmc)", "dmc/dmc-imap4", "@ 127.0.0.1 {port}", "connect", "-k",
     ["", "x", "-Z", "-h", "--help", "127.0.0.1 1", "127.0.0.1 x", "nowhere.invalid 1", "127.0.0.1 1 1", "-v 1"]),
    ("dmc-pop3 (dmc)", "dmc/dmc-pop3", "@ 127.0.0.1 {port}", "connect", "-k",
     ["", "x", "-Z", "-h", "--help", "127.0.0.1 1", "127.0.0.1 x", "nowhere.invalid 1", "127.0.0.1 1 1", "-v 1"]),
    ("cnet (WAMPES)", "WAMPES/util/cnet", "@ 127.0.0.1:{port}", "connect", "-k",
     ["-Z", "x y", "-c", "nowhere", "127.0.0.1:1", "-h 127.0.0.1:1", "-hZ", "--help", "-c x 127.0.0.1:1", "-hc x y z"]),
    ("conversd (WAMPES)", "WAMPES/convers/conversd", "@ -d -a *:{port} -c {dir}/none @", "serve", "-k",
     ["-Z", "-a", "-c", "-p", "-h", "--help", "x", "-d x", "-dZ", "-c x y"]),
    ("convers (WAMPES)", "WAMPES/convers/convers", "@ -s 127.0.0.1:{port} @", "connect", "-K",
     ["-Z", "-c", "-n", "-s", "x", "-s nowhere", "-s 127.0.0.1:1", "--help", "-hZ", "-k -l -Z", "-wu -s 127.0.0.1:1"]),
    ("obsidian", "obsidian/_b/obsidian", "@ --port {port} @", "serve", "--tcp-keepalive",
     ["--version", "--vers", "--dump-nbt", "--dump-nbt /nonexistent", "--port", "--max-players", "--port x --version", "--nope --version", "--d", "-Z --version"]),
    ("fircd", "fircd/fircd", "@ -f -c {dir}/fircdrc @", "connect", "-k --tcp-keepalive",
     ["-h", "--help", "-v", "--version", "-Z", "--nope", "-c", "--net", "-hv", "--co", "-f -Z"]),
    ("glrecvd (groundlift)", "groundlift/build/glrecvd", "@ -l 127.0.0.1 -p {port} -y @", "serve", "-k!",
     ["-h", "-Z", "-l", "-p", "-yh", "-y -Z", "-l nowhere.invalid -h", "--help", "-l 1.2.3.4.5", "-ph -h"]),
    ("npost", "npost/npost", "@ -s 127.0.0.1 -o {port} -u x -p y -f n -e m@x -n a.b @ {dir}/index.html", "connect", "-k --keepalive",
     ["", "-h", "--help", "-Z", "--nope", "-s", "--ver", "-v", "-t 0 x", "--se", "-s nowhere.invalid x"]),
    ("rs225 (RS225-C)", "RS225-C/bin/rs225", "@", "serve:43594", "-k", []),
    ("server (ppnetwork)", "ppnetwork/server", "@ {dir}/ 127.0.0.1 {port} 0 0 0", "serve", "-k",
     ["x", "a b", "a b c d e", "a b 0 d e f", "a b 1 x e f", "a b 1 1 x f", "a b 1 1 1 x", "-h", "--help", "a b x"]),
    ("client (ppnetwork)", "ppnetwork/client", "@ 1 0 127.0.0.1 {port} mhttp://127.0.0.1:1/x", "connect", "-k",
     ["x", "a b", "a b c d", "-h", "--help", "-Z", "1 2 3", "1 0 127.0.0.1", "1 0", "-v 1"]),
    ("tracker (psnet)", "psnet/tracker/pstrackd", "@ --listen-port {port} @", "serve", "-k --tcp-keepalive",
     ["--listen-port", "--listen-port x", "--max-threads", "-t x", "-l x", "-t 0", "--l x", "--max x", "-t 1x", "-l 0"]),
    ("router (psnet)", "psnet/router/psrouted", "@ -a 127.0.0.1 -p {port} -l 46160 @", "connect", "-k --tcp-keepalive",
     ["-l x", "-l 0", "-t x", "-t 0", "-p x", "--dir x -l 0", "--max x", "-t 1x", "--listen x", "-Z -l 0"]),
    ("websocksy", "websocksy/websocksy", "@ -l 127.0.0.1 -p {port}", "serve", "--tcp-keepalive",
     ["-Z", "-p", "/nonexistent", "x y", "-c x", "-l", "-p 1 -l", "-b /nonexistent", "-c", "--help"]),
    ("client (wsg)", "wsg/src/client", "@ 127.0.0.1", "connect:9090", "-k",
     ["", "a b", "-h -h", "a b c", "-Z x", "-k=1 a b", "--help x", "x y", "1 2 3", "- -"]),
    ("noose", "noose/noose", "@ check", "connect:119", "--tcp-keepalive",
     ["", "-Z", "-n", "-r", "x", "check x y", "read", "read x", "read x y", "-qv", "-n 127.0.0.1"]),
    ("bicchierino", "bicchierino/bicchierino", "@ --config {dir}/bic.conf @", "serve", "--tcp-keepalive",
     ["--version", "--config", "--nope", "-Z", "x", "--config /nonexistent", "--insecure --nope", "--tcp-keepalivex", "--insecure --config", "-h"]),
    ("vfingerd", "vfingerd/vfingerd", "@ -a 127.0.0.1 -p {port} -c {dir}/vfingerd.conf @", "serve", "-k",
     ["-h", "-Z", "-a", "-a x", "-p", "-p x", "-c", "-c /nonexistent", "--help", "-p 99999 -a x"]),
    ("pop3 (tp-protos-pop3)", "tp-protos-pop3/pop3", "@ -p {port} -P 46170 -u a:b -d {dir} @", "serve", "-k",
     ["-h", "-Z", "-p", "-p x", "-P 99999", "--nope", "-u", "-u x", "-d", "-v -Z"]),
    ("server (unix-chat-app)", "unix-chat-app/bin/server", "@ 46172", "serve:46172", "-k",
     ["x", "0", "99999", "-h", "-Z", "x y", "1 2 3", "--help", "-1", "1x 2"]),
    ("client (unix-chat-app)", "unix-chat-app/bin/client", "@ 127.0.0.1 {port}", "connect", "-k",
     ["", "x", "x y z", "-h", "-Z", "--help", "127.0.0.1", "127.0.0.1 1", "nowhere 1", "1 2 3 4"]),
    ("chat --server (term_chat)", "term_chat/chat", "@ --server {port}", "serve", "--tcp-keepalive",
     ["--serve 1", "--client 1", "x y", "--server x y", "-h y", "--help y", "x y z", "-- y", "--x 1 2", "1 2"]),
    ("chat --client (term_chat)", "term_chat/chat", "@ --client 127.0.0.1 {port}", "connect", "--tcp-keepalive", []),
    ("otp_enc_d (basic-server)", "basic-server/otp_enc_d", "@ 46173", "serve:46173", "-k", []),
    ("otp_enc (basic-server)", "basic-server/otp_enc", "@ {dir}/plain.txt {dir}/key.txt {port}", "connect", "-k", []),
    ("socks5d (socks5-server)", "socks5-server/bin/socks5d", "@ -p {port} -P 46171 -u a:b @", "serve", "-k",
     ["-h", "-Z", "-v", "-p", "-p x", "-P", "-l", "-u", "--help", "-vZ"]),
    ("client (socks5-server)", "socks5-server/bin/client", "@ 127.0.0.1 {port}", "connect", "-k=",
     ["", "x", "x y z", "-h", "-Z", "--help", "127.0.0.1", "127.0.0.1 1", "nowhere 1", "1 2 3 4"]),
    ("wrap (tcpauth)", "tcpauth/tcpauth-wrap", "@ -H 127.0.0.1 -p {port} -P {dir}/index.html @ -- /bin/echo hello", "serve", "-k",
     ["", "-h", "-Z", "-H", "-p", "-P", "-P /nonexistent", "--nope", "-p 1", "-hZ"]),
    ("client-proxy (tcpauth)", "tcpauth/tcpauth-client-proxy", "@ -P {dir}/index.html @ 127.0.0.1 {port}", "connect", "-k",
     ["", "-h", "-Z", "-P", "-P /nonexistent", "--nope", "x", "-hZ", "x y z", "-P /nonexistent x y"]),
    ("server (poker)", "poker/server", "@ 46174 2", "serve:46174", "-k", []),
    ("simpleproxy (env)", "simpleproxy/simpleproxy", "-L {port} -R 127.0.0.1:{back}", "serve", "env",
     ["-h", "-V", "-Z", "-L"]),
    ("tcpclient (env)", "ucspi-tcp/tcpclient", "-RHl0 127.0.0.1 {port} /bin/sh -c :", "connect", "env",
     ["", "-Z", "-RHl0 127.0.0.1 1 true", "-T", "-v"]),
]


def files():
    """The configuration of the servers."""
    def put(name, text):
        with open(os.path.join(DIR, name), "w") as f:
            f.write(text)
        os.chmod(os.path.join(DIR, name), 0o644)
    put("index.html", "hello\n")
    put("tinyproxy.conf", f"Port {PORT}\nListen 127.0.0.1\nTimeout 10\nAllow 127.0.0.1\n")
    put("rinetd.conf", f"127.0.0.1 {PORT} 127.0.0.1 {BACK}\n")
    put("nrpe.cfg", f"server_port={PORT}\nserver_address=127.0.0.1\nnrpe_user=nobody\nnrpe_group=nogroup\nallowed_hosts=127.0.0.1\npid_file={DIR}/nrpe.pid\n")
    put("zabbix.conf", f"AllowRoot=1\nUser=root\nServer=127.0.0.1\nListenPort={PORT}\nListenIP=127.0.0.1\nHostname=h\nLogType=console\nPidFile={DIR}/z.pid\nStartAgents=1\n")
    put("inetd.conf", f"127.0.0.1:{PORT} stream tcp nowait root /bin/echo echo hello\n")
    put("vpn.key", "-----BEGIN OpenVPN Static key V1-----\n" + "0123456789abcdef0123456789abcdef\n" * 16 + "-----END OpenVPN Static key V1-----\n")
    os.chmod(DIR + "/vpn.key", 0o600)
    put("icecast.xml", f"""<icecast><hostname>localhost</hostname><authentication><source-password>x</source-password><admin-password>y</admin-password></authentication>
<limits><sources>2</sources></limits><listen-socket><port>{PORT + 1}</port><bind-address>127.0.0.1</bind-address></listen-socket>
<relay><server>127.0.0.1</server><port>{PORT}</port><mount>/x</mount><local-mount>/x</local-mount><on-demand>0</on-demand></relay>
<paths><basedir>{DIR}</basedir><logdir>{DIR}/log</logdir><webroot>{DIR}</webroot><adminroot>{DIR}</adminroot></paths>
<logging><accesslog>-</accesslog><errorlog>-</errorlog></logging><security><chroot>0</chroot><changeowner><user>nobody</user><group>nogroup</group></changeowner></security></icecast>""")
    fresh_files(put)
    os.makedirs(DIR + "/log", exist_ok=True)
    os.chmod(DIR + "/log", 0o777)
    key = glob.glob(WORK + "/dropbear/a/dropbearkey")
    if key and os.access(key[0], os.X_OK):
        subprocess.run([key[0], "-t", "ecdsa", "-f", DIR + "/hostkey"], capture_output=True, check=False)


def fresh_files(put):
    """The configuration of more of them."""
    os.makedirs(DIR + "/fiche", exist_ok=True)
    os.makedirs(DIR + "/config", exist_ok=True)
    for name in glob.glob(WORK + "/raptor/a/config/*"):
        shutil.copy(name, DIR + "/config")
    put("fircdrc", f"""stay-in-forground = true
auto-login = {{"n"}}
root-directory = {DIR}/fircd
network n {{
    server = 127.0.0.1
    port = {PORT}
    nickname = n
    realname = n
}}
""")
    put("settings.ini", "[server]\nname = o\nmotd = o\nverifynames = false\nheartbeat = false\n"
        "[world]\nname = w\ngenerator = classic\nwidth = 16\ndepth = 16\nheight = 16\n")
    put("vfingerd.conf", "[root]\nname=r\nplan=p\n")
    put("plain.txt", "HELLO\n")
    put("key.txt", "ABCDEFGH\n")
    put("bic.conf", f"grappa-url http://127.0.0.1:{BACK}\nbind 127.0.0.1 {PORT} plain\n")
    for name in glob.glob(WORK + "/lambdamoo/a/Minimal.db"):
        shutil.copy(name, DIR)
    put("x.torrent", f"d8:announce31:http://127.0.0.1:{PORT}/announce4:infod6:lengthi5e4:name1:x12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee")
    put("imapfilter.lua", f"account = IMAP {{ server = '127.0.0.1', port = {PORT}, username = 'u', password = 'p' }}\naccount.INBOX:check_status()\n")
    put("hopm.conf", f"""options {{ pidfile = "{DIR}/hopm.pid"; }};
irc {{ nick = "h"; realname = "h"; username = "h"; server = "127.0.0.1"; port = {PORT}; tls = no; readtimeout = 15 minutes;
channel {{ name = "#h"; }}; connregex = "x"; kline = "x"; }};
scanner {{ name = "default"; protocol = HTTP:80; }};
user {{ mask = "*!*@*"; scanner = "default"; }};
exempt {{ mask = "*!*@127.0.0.1"; }};
""")


def backend(port, stop):
    """A server that answers everything with a page."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", port))
    s.listen(16)
    s.settimeout(0.2)

    def answer(c):
        try:
            c.settimeout(1)
            c.sendall(b"HTTP/1.0 200 OK\r\n\r\nhello\n")
            c.recv(1000)
        except OSError:
            pass
        time.sleep(0.3)
        c.close()
    while not stop.is_set():
        try:
            c, _ = s.accept()
        except OSError:
            continue
        threading.Thread(target=answer, args=(c,), daemon=True).start()
    s.close()


def ask(port, proxy):
    """Connects to a server and takes what it says."""
    for _ in range(50):
        try:
            c = socket.create_connection(("127.0.0.1", port), 1)
            break
        except OSError:
            time.sleep(0.1)
    else:
        return
    try:
        c.settimeout(1.5)
        c.sendall((f"GET http://127.0.0.1:{BACK}/ HTTP/1.0\r\n\r\n" if proxy else "GET / HTTP/1.0\r\n\r\n").encode())
        while c.recv(1000):
            pass
    except OSError:
        pass
    c.close()


def sockets(logs):
    """What strace saw of the TCP sockets accepted and connected: pairs of
    SO_KEEPALIVE and the three timers."""
    out = []
    for log in logs:
        state = {}
        for line in open(log, errors="replace"):
            m = re.match(r"socket\(AF_INET6?, (SOCK_\w+)[^=]*\)\s+= (\d+)", line)
            if m:
                state[m[2]] = {"tcp": m[1] == "SOCK_STREAM"}
                continue
            m = re.match(r"accept4?\(\d+, .*sa_family=AF_INET.*= (\d+)$", line) or re.match(r"accept4?\(\d+, NULL, NULL.*\)\s+= (\d+)$", line)
            if m:
                state[m[1]] = {"tcp": True}
                out.append(state[m[1]])
                continue
            m = re.match(r"connect\((\d+), \{sa_family=AF_INET6?, .*\)\s+= (0|-1 EINPROGRESS)", line)
            if m and state.get(m[1], {}).get("tcp", True):
                s = state.setdefault(m[1], {"tcp": True})
                if s not in out or not any(s is x for x in out):
                    out.append(s)
                continue
            m = re.match(r"setsockopt\((\d+), \w+, (SO_KEEPALIVE|TCP_KEEP\w+), \[(\d+)\], 4\)\s+= 0", line)
            if m and m[1] in state:
                state[m[1]][m[2]] = m[3]
    return [(s.get("SO_KEEPALIVE") == "1", tuple(s.get("TCP_KEEP" + x) for x in ("IDLE", "INTVL", "CNT"))) for s in out]


def words(call, option, first=True):
    out = []
    spots = call.split().count("@")
    n = 0
    for w in call.format(dir=DIR, port=PORT, back=BACK).split():
        if w == "@":
            n += 1
            if first == (n == 1) or spots == 1:
                out += option
        else:
            out.append(w)
    return out


def traffic(prog, args, kind, extra_env):
    """Runs the program with a real connection."""
    stop = threading.Event()
    threads = [threading.Thread(target=backend, args=(BACK, stop), daemon=True)]
    kind, _, port = kind.partition(":")
    if kind == "connect":
        threads.append(threading.Thread(target=backend, args=(int(port or PORT), stop), daemon=True))
    for t in threads:
        t.start()
    time.sleep(0.2)
    log = tempfile.mkdtemp(dir=DIR)
    os.chmod(log, 0o777)
    p = subprocess.Popen(["strace", "-ff", "-e", "trace=network", "-o", log + "/t", prog] + args, stdin=subprocess.PIPE,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=DIR, env={**os.environ, **extra_env}, start_new_session=True)
    if kind == "connect":
        try:
            time.sleep(1)
            p.stdin.close()
            p.wait(4)
        except (subprocess.TimeoutExpired, OSError):
            pass
    else:
        ask(int(port or PORT), kind == "proxy")
        time.sleep(0.5)
    for t in glob.glob(log + "/t.*"): # what it left running
        try:
            os.kill(int(t.rsplit(".", 1)[1]), signal.SIGKILL)
        except OSError:
            pass
    try:
        p.wait(3)
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        p.wait()
    stop.set()
    for t in threads:
        t.join()
    return sockets(sorted(glob.glob(log + "/t.*")))


def call(prog, args, extra_env=None):
    """What a program says and returns when it is called."""
    p = subprocess.Popen([prog] + args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=DIR,
                         env={**os.environ, **(extra_env or {})}, start_new_session=True)
    try:
        out, _ = p.communicate(timeout=3)
        code = p.returncode
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        out, _ = p.communicate()
        code = "runs on"
    return code, out.decode(errors="replace")


def plain(text, prog):
    """A text without what differs from run to run."""
    text = text.replace(os.path.dirname(prog), "")
    text = re.sub(r" '--[\w-]*keepalive'", "", text) # among the possibilities of an ambiguous word
    text = re.sub(r"\b\d+:\d\d(:\d\d)?(\.\d+)?\b", "TIME", text)
    text = re.sub(r"\b20\d\d[-/]\d\d[-/]\d\d\b|\b\d{8}\b|\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d+\b|\b\w{3} +\d+ \d{4}\b", "DAY", text)
    text = re.sub(r"(\.c:)\d+", r"\1LINE", text) # in a log
    text = re.sub(r"TIME:\d{8,}:", "TIME:THREAD:", text)
    return re.sub(r"\[\d+\]|\(\d{3,}\)|\b\d{3,7}:DAY:TIME|^ *\d+:", "[PID]", text, flags=re.M)


def same(a, b):
    """Whether two texts differ in the option's usage only: a line more, or a
    group in brackets."""
    if a == b:
        return True
    tight = lambda l: re.sub(r"\s+", "", l)
    groups = lambda l: re.sub(r"\[-k\]|\[-+\w[\w-]*\[[= ]*idle\[:interval\[:count\]\]\]\]", "", l, flags=re.I)
    if tight(groups(b)) == tight(a):
        return True
    known = {tight(l) for l in a.split("\n")}
    left = []
    for l in b.split("\n"):
        bare = groups(l)
        if tight(l) in known:
            left.append(l)
        elif tight(bare) in known:
            left.append(bare)
        elif "keepalive" not in l.lower() and "idle[:" not in re.sub("[<>]", "", l.lower()):
            left.append(bare)
    # The line may have been filled anew.
    return tight("".join(left)) == tight(a)


def main():
    files()
    wanted, failed, calls = sys.argv[1:], 0, 0
    for name, path, how, kind, option, others in PROGRAMS:
        if wanted and name.split()[0] not in wanted and name not in wanted:
            continue
        package, rest = path.split("/", 1)
        env = option == "env"
        flag = option.endswith("!") # without an argument
        progs = [os.path.join(ENV if env else WORK, package, t, rest) for t in "ab"]
        if not all(os.access(p, os.X_OK) for p in progs):
            print(f"{name}: not built")
            continue
        names = option.rstrip("!").split()
        option = option.rstrip("=")
        on, timed, bad = {}, {}, {}
        if env:
            on, timed = {"KEEPALIVE": "on"}, {"KEEPALIVE": "on", "KEEPIDLE": "60", "KEEPINTVL": "10", "KEEPCNT": "6"}
            bad = {"KEEPALIVE": "on", "KEEPIDLE": "0", "KEEPINTVL": "x", "KEEPCNT": "99999"}
        spell = lambda v, n=0: [] if env else spelled(names[n], v, how, package)
        before = traffic(progs[0], words(how, []), kind, {})
        off = traffic(progs[1], words(how, []), kind, {})
        with_on = traffic(progs[1], words(how, spell("")), kind, on)
        with_times = [] if flag else [traffic(progs[1], words(how, spell("60:10:6")), kind, timed)]
        if not flag and how.split().count("@") > 1:
            with_times.append(traffic(progs[1], words(how, spell("60:10:6"), False), kind, timed))
        if len(names) > 1:
            with_times.append(traffic(progs[1], words(how, spell("60:10:6", 1)), kind, timed))
        refused = (1, "keepalive") if flag else call(progs[1], words(how, spell("0:x:99999")), bad)
        unknown = "-" if env else call(progs[0], words(how, ["-" + "Zz"] if not package == "openvpn" else ["--nope"]))[0]
        differ = []
        for o in others:
            args = o.format(dir=DIR, port=PORT, back=BACK).split()
            a, b = call(progs[0], args), call(progs[1], args)
            calls += 1
            if a[0] != b[0] or not same(plain(a[1], progs[0]), plain(b[1], progs[1])):
                differ.append((o, a, b))
        timers = [all(s == (True, ("60", "10", "6")) for s in run) and len(run) for run in with_times]
        good = (len(before) == len(off) == len(with_on) > 0 and not any(s[0] for s in before + off) and all(s[0] for s in with_on)
                and all(t == len(before) for t in timers) and refused[0] not in (0, "runs on") and "keepalive" in refused[1].lower() and not differ)
        failed += not good
        if flag:
            refused = ("-", "keepalive")
        print(f"| {name} | {'/'.join(names)} | {len(before)} | {sum(s[0] for s in before)} before, {sum(s[0] for s in off)} after | {sum(s[0] for s in with_on)} "
              f"| {' '.join(str(t) for t in timers)} | {refused[0]} / {unknown} | {len(others) - len(differ)} of {len(others)} |{'' if good else ' TROUBLE'}", flush=True)
        if not good and "keepalive" not in refused[1].lower():
            print("   the refusal says:", refused[1][:300])
        for o, a, b in differ:
            print(f"   {o}: {a[0]} / {b[0]}")
            for l in list(difflib.unified_diff(plain(a[1], progs[0]).split("\n"), plain(b[1], progs[1]).split("\n"), lineterm="", n=0))[2:12]:
                print("     ", l)
    print(f"{calls} other calls tried before and after, {failed} programs with trouble")
    shutil.rmtree(DIR, ignore_errors=True)
    return failed > 0


def spelled(name, value, how, package):
    """The option with an argument, as its kind of program wants it."""
    if not value:
        return [name.rstrip("=")]
    if name.endswith("="):
        return [name + value]
    if package == "openvpn":
        return [name, value]
    if len(name) > 2 or package in ("mini-httpd", "icecast2", "ibmswtpm2", "supdup", "WiringPi",
                                     "h1load", "tiny-web-server", "simple-chat", "muhstik", "vitetris", "dmc", "RS225-C", "ppnetwork", "wsg",
                                     "unix-chat-app", "term_chat", "basic-server", "poker"):
        return [name + "=" + value]
    return [name + value]


if __name__ == "__main__":
    sys.exit(main())
