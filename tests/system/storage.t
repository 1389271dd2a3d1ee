#!/usr/bin/env python3
"""A database that cannot be written for a while: no false acknowledgement, no
end, and everything goes on afterwards."""
import os
import resource
import sqlite3
import sys
import time

sys.dont_write_bytecode = True
from harness import Daemon, Line, agent, finish, ok, wait_for

d = Daemon()
sari = agent(d, "Sari")
c = Line(d.tcp)
c.say("halo", "m1")
token = c.until(type="welcome")["resume"]
c.until(re="m1")

# locked by another process for longer than the writer waits
lock = sqlite3.connect(os.path.join(d.state, "hangat.db"), isolation_level=None)
lock.execute("BEGIN IMMEDIATE")
c.say("harganya berapa", "m2")
start = time.monotonic()
out = d.ctl("status")
ok(out.returncode == 0, "the loop goes on while the writer waits", out.stderr)
print(f"# status answered in {time.monotonic() - start:.2f} s")
e = c.until(re="m2")
ok(e["code"] == "storage" and e["retry_ms"] > 0, "a message that cannot be stored is not answered but refused", e)
lock.execute("ROLLBACK")
got = None


def again():
    global got
    c.say("harganya berapa", "m2")
    got = c.until(re="m2")
    return got["type"] == "message"


ok(wait_for(again) is not None, "sent again after the lock is gone, it is answered", got)
ok(got["seq"] == 4, "as if nothing had been", got)

# erased while the conversation is being read again
c.say("mau ngomong sama orang", "m3")
c.until(type="handoff")
ticket = sari.until(type="ticket", state="waiting")["ticket"]
sari.send({"type": "claim", "id": "a", "ticket": ticket})
sari.until(type="claimed")
lock.execute("BEGIN IMMEDIATE")
c.say("halo?", "m4")
c.until(re="m4")
lock.execute("ROLLBACK")
conv = token.split(".")[0]
out = d.ctl("forget", "--yes", conv)
ok(out.returncode == 0 and d.ctl("export", conv).returncode == 1, "what is forgotten meanwhile stays forgotten", out.stderr)
ok("nobody waits" in d.ctl("tickets").stdout, "and its ticket is gone", d.ctl("tickets").stdout)

# no room for files to grow: what a full disk looks like
c = Line(d.tcp)
c.say("halo", "f1")
c.until(re="f1")
size = os.path.getsize(os.path.join(d.state, "hangat.db-wal"))
resource.prlimit(d.proc.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
refused = None
for i in range(2000):
    c.say("harganya berapa " + "x" * 2000, f"g{i}")
    refused = c.until(re=f"g{i}")
    if refused["type"] == "error":
        break
ok(refused["code"] == "storage", "a full disk: refused, not lost", refused)
ok(d.proc.poll() is None and d.ctl("status").returncode == 0, "the daemon lives")
resource.prlimit(d.proc.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def goes_on():
    c.say("halo kak", "f2")
    return c.until(re="f2")["type"] == "message"


ok(wait_for(goes_on) is not None, "with room again, it goes on")

# somebody else is erased while a conversation that is not in memory is read
rina = Line(d.tcp)
rina.say("halo", "r")
token = rina.until(type="welcome")["resume"]
rina.until(re="r")
sari.close()
d.stop()
d.start()
other, writer, rina = Line(d.tcp), Line(d.tcp), Line(d.tcp)
other.say("halo", "o")
gone = other.until(type="welcome")["conversation"]
other.until(re="o")
admin = Line(os.path.join(d.state, "admin.sock"))
lock.execute("BEGIN IMMEDIATE")
writer.say("halo", "w")  # waits for the lock, and what is read behind it
rina.send({"type": "hello", "id": "b", "resume": token, "after": 1})
for i in range(9):  # each is a turn of the loop at least, in which it reads the others
    admin.ask({"type": "status"})
admin.send({"type": "forget", "id": "f", "customer": gone})
admin.ask({"type": "status"})
lock.execute("ROLLBACK")
admin.until(re="f")
m = rina.until(re="b")
ok(m["type"] == "welcome" and m["conversation"] == token.split(".")[0], "who resumes at that moment is let in", m)
ok(rina.recv()["seq"] == 2, "and gets what was missed")
lock.close()
d.end()
finish()
