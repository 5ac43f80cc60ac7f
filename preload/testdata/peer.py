"""The Python twin of peer.c: peer.py client|server plain [PORT]."""
import socket
import sys

if sys.argv[1] == "server":
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    s.listen(16)
    print("port", s.getsockname()[1], flush=True)
    c, _ = s.accept()
else:
    c = socket.create_connection(("127.0.0.1", int(sys.argv[3])))
print("ready", flush=True)
sys.stdin.read()
