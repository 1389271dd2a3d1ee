#!/usr/bin/env python3
"""Slow and stuck HTTP clients: each ends within its deadline, and nobody else waits for them."""
import json
import os
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests/system"))
sys.dont_write_bytecode = True
from harness import Daemon, Line, agent, finish, ok, read_to_end

d = Daemon(options=["--http", "127.0.0.1:0"])
PATIENCE = 45.0


def connect():
    s = socket.create_connection(("127.0.0.1", d.http), timeout=PATIENCE)
    return s


def end_of(s):
    """What came until the other side closed, and how long that took."""
    start = time.monotonic()
    got = read_to_end(s)
    return got.decode(errors="replace"), time.monotonic() - start


def drip(s, data, every):
    """Send a byte at a time until the other side has had enough."""
    def run():
        try:
            for b in data:
                s.sendall(bytes([b]))
                time.sleep(every)
        except OSError:
            pass
    threading.Thread(target=run, daemon=True).start()


HEAD = b"POST /v1/conversations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
results = {}


def case(name, data, every):
    s = connect()
    if data:
        drip(s, data, every)
    results[name] = end_of(s)
    s.close()


cases = [("silence", b"", 0), ("a dripping head", b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 50, .5),
         ("a dripping body", HEAD + b" " * 60000, .02), ("a head that never ends", HEAD[:40], 0)]
threads = [threading.Thread(target=case, args=c) for c in cases]
for t in threads:
    t.start()

# meanwhile everybody else is served
slowest = 0
for _ in range(100):
    s, start = connect(), time.monotonic()
    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    got, _ = end_of(s)
    slowest = max(slowest, time.monotonic() - start)
    if "200 OK" not in got:
        break
ok("200 OK" in got, "others are served meanwhile")
print(f"# slowest of 100 others: {slowest * 1000:.0f} ms")
for t in threads:
    t.join()
for name, status in [("silence", None), ("a dripping head", "408"), ("a dripping body", "408"), ("a head that never ends", "408")]:
    got, took = results[name]
    print(f"# {name}: {took:.1f} s")
    ok(took < PATIENCE - 5 and (status is None or got.startswith(f"HTTP/1.1 {status} ")), f"{name} is ended" + (f" with {status}" if status else ""), got[:120])

# kept alive, then forgotten
s = connect()
s.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
got, took = end_of(s)
ok("200 OK" in got and took < PATIENCE - 5, "an idle connection is closed", took)

# who asks for much and reads nothing
s = connect()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.settimeout(2)
sent = 0
ask = b"GET /widget.js HTTP/1.1\r\nHost: a\r\n\r\n" * 50
try:
    while sent < 50_000_000:
        sent += s.send(ask)
except (TimeoutError, OSError):
    pass
rss = int([x for x in open(f"/proc/{d.proc.pid}/status") if x.startswith("VmRSS")][0].split()[1])
ok(sent < 50_000_000, f"a client that does not read is not read either ({sent} bytes taken)")
print(f"# RSS {rss} kB")
s.close()

# a page that stops reading while a person writes to it: it is dropped, and gets all of it when it is back
UPGRADE = (b"GET /v1/chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


def frame(value):
    """A masked text frame, with a mask of zeros."""
    data = json.dumps(value).encode()
    return bytes([0x81, 0x80 | len(data)]) + bytes(4) + data if len(data) < 126 else None


s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.settimeout(PATIENCE)
s.connect(("127.0.0.1", d.http))
s.sendall(UPGRADE + frame({"type": "hello", "lang": "id"}))
seen = b""
while b'"resume":"' not in seen:
    seen += s.recv(4096)
token = seen.split(b'"resume":"')[1].split(b'"')[0].decode()
s.sendall(frame({"type": "message", "id": "m1", "text": "mau bicara dengan orang"}))
sari = agent(d, "Sari")
sari.send({"type": "claim", "id": "c", "ticket": "next"})
card = sari.until(type="claimed")
PAGE, wrote = "isi " * 750, 0


def dropped():
    return json.loads(d.ctl("status", "--json").stdout)["counters"]["dropped"]


while wrote < 4000:
    wrote += 1
    sari.send({"type": "message", "id": f"a{wrote}", "ticket": card["ticket"], "generation": card["generation"], "text": f"{wrote} {PAGE}"})
    sari.until(re=f"a{wrote}")
    if wrote % 50 == 0 and dropped() == 1:
        break
ok(wrote < 4000, "a reader that lets over 256 KiB lie is dropped", wrote)
rss = int([x for x in open(f"/proc/{d.proc.pid}/status") if x.startswith("VmRSS")][0].split()[1])
print(f"# dropped within {wrote} messages of 3 kB; RSS {rss} kB")
try:
    read_to_end(s)
    gone = True
except TimeoutError:
    gone = False
except OSError:
    gone = True  # reset, as a reader that does not read is let go
ok(gone, "its connection is closed")
c = Line(d.tcp)
c.send({"type": "hello", "resume": token, "after": 0})
c.until(type="welcome")
got = []
while len(got) < wrote:
    m = c.recv()
    if m.get("from", {}).get("kind") == "human" and m["type"] == "message":
        got.append(int(m["text"].split()[0]))
ok(got == list(range(1, wrote + 1)), "and back again it has all of it, in order, once", got[:5])

# a page that is gone without a word: pings find out
s = connect()
s.sendall(UPGRADE)
s.settimeout(70)
start = time.monotonic()
got = read_to_end(s)
took = time.monotonic() - start
ok(b"\x89\x00" in got and 20 < took < 65, "a silent WebSocket is pinged, and dropped at the second silence", (took, got[-20:]))
d.end()
finish()
