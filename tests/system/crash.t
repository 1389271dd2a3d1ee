#!/usr/bin/env python3
"""Nothing acknowledged is lost: kill -9 at random moments under load, and the
same with un-synced writes taken back, as a power cut would.  The oracle is
what clients saw acknowledged.  CRASH_ROUNDS sets the number of rounds."""
import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
from harness import TOP, Daemon, Gone, Line, agent, finish, ok

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "40"))
SEED = int(os.environ.get("CRASH_SEED", "1"))
rng = random.Random(SEED)
print(f"# seed {SEED}, {ROUNDS} rounds of each kind")


class Customer(threading.Thread):
    """Writes as fast as it is answered, and keeps what was acknowledged."""

    def __init__(self, number):
        super().__init__(daemon=True)
        self.number = number
        self.resume = None
        self.acked = {}  # id -> seq of the reply
        self.tickets = 0
        self.sent = 0
        self.again = None
        self.fail = None

    def begin(self, address):
        self.address = address
        threading.Thread.__init__(self, daemon=True)
        self.start()

    def run(self):
        try:
            c = Line(self.address)
            hello = {"type": "hello"}
            if self.resume:
                hello["resume"] = self.resume
            c.send(hello)
            w = c.recv()
            if w["type"] != "welcome":
                self.fail = f"resume refused: {w}"
                return
            self.resume = self.resume or w["resume"]
            while True:
                mid = self.again or f"m{self.sent}"
                text = "mau ngomong sama orang" if mid.endswith("7") else "paketku belum sampai juga " + mid
                self.again = mid
                c.say(text, mid)
                got = c.until(re=mid)
                if got["type"] == "error":
                    continue
                if mid in self.acked and self.acked[mid] != got["seq"]:
                    self.fail = f"{mid} was answered twice: {self.acked[mid]} and {got['seq']}"
                self.acked[mid] = got["seq"]
                self.tickets += got.get("handoff", False)
                self.again = None
                self.sent += 1
        except (Gone, OSError, ValueError):
            pass


def put_back(undo_dir, state):
    """Take back what was written and not synced.  Returns how many writes."""
    n = 0
    for name in os.listdir(undo_dir):
        path = os.path.join(undo_dir, name)
        data = open(path, "rb").read()
        notes, at = [], 0
        while at < len(data):
            where, old, size = struct.unpack_from("qqq", data, at)
            at += 24
            notes.append((where, data[at:at + old], size))
            at += old
        with open(os.path.join(state, name[:-len(".undo")]), "r+b") as f:
            for where, old, size in reversed(notes):
                f.seek(where)
                f.write(old)
                f.truncate(size)
        n += len(notes)
        os.unlink(path)
    shm = os.path.join(state, "hangat.db-shm")
    if os.path.exists(shm):
        os.unlink(shm)
    return n


def check(d, customers):
    """What was acknowledged against what is in the file."""
    db = sqlite3.connect(f"file:{d.state}/hangat.db?mode=ro", uri=True)
    bad = []
    if db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        bad.append("integrity")
    for c in customers:
        if not c.resume:
            continue
        conv = c.resume.split(".")[0]
        row = db.execute("SELECT id, seq FROM conversation WHERE public_id = ?", (conv,)).fetchone()
        if row is None:
            bad.append(f"{conv} lost")
            continue
        rows = db.execute("SELECT seq, client_id, reply_seq FROM event WHERE conversation = ? ORDER BY seq", (row[0],)).fetchall()
        if [r[0] for r in rows] != list(range(1, row[1] + 1)):
            bad.append(f"{conv}: seq has gaps")
        stored = {r[1]: r[2] for r in rows if r[1]}
        lost = [m for m, seq in c.acked.items() if stored.get(m) != seq]
        if lost:
            bad.append(f"{conv}: lost {lost[:3]}")
        n = db.execute("SELECT count(*) FROM ticket WHERE conversation = ? AND state IN ('waiting','held')", (conv,)).fetchone()[0]
        if n > 1 or (c.tickets and n == 0):
            bad.append(f"{conv}: {n} open tickets, {c.tickets} acknowledged")
    db.close()
    return bad


def storm(name, env, undo_dir=None):
    d = Daemon(env=env)
    customers = [Customer(i) for i in range(8)]
    bad, taken_back = [], 0
    slowest = 0.0
    for _ in range(ROUNDS):
        for c in customers:
            c.begin(d.tcp)
        time.sleep(rng.uniform(0.02, 0.25))
        d.kill()
        for c in customers:
            c.join()
        if undo_dir:
            taken_back += put_back(undo_dir, d.state)
        bad += [c.fail for c in customers if c.fail]
        start = time.monotonic()
        d.start()
        slowest = max(slowest, time.monotonic() - start)
        bad += check(d, customers)
    acked = sum(len(c.acked) for c in customers)
    ok(not bad, f"{name}: nothing acknowledged is lost or doubled", "\n".join(map(str, bad[:10])))
    ok(acked > ROUNDS * 8, f"{name}: there was load")
    print(f"# {name}: {ROUNDS} rounds, {acked} acknowledged messages, {taken_back} un-synced writes taken back, slowest start {slowest:.2f} s")
    d.end()


storm("kill -9", {})

import shutil
import tempfile
work = tempfile.mkdtemp(prefix="hangat-unsynced-")
shim = os.path.join(work, "unsynced.so")
subprocess.run(["cc", "-D_GNU_SOURCE", "-shared", "-fPIC", "-O1", "-o", shim, os.path.join(TOP, "tests/system/unsynced.c"), "-ldl"], check=True)
undo = os.path.join(work, "undo")
os.mkdir(undo)

# the shim can lose things: a database without sync must lose its commits
control = os.path.join(work, "control")
os.mkdir(control)
code = f"""
import os, sqlite3
db = sqlite3.connect({os.path.join(control, 'hangat.db')!r}, isolation_level=None)
db.execute("PRAGMA journal_mode=WAL")
db.execute("CREATE TABLE t(x)")
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
db.execute("PRAGMA synchronous=OFF")
for i in range(100):
    db.execute("INSERT INTO t VALUES(?)", (i,))
os.kill(os.getpid(), 9)
"""
subprocess.run([sys.executable, "-c", code], env=dict(os.environ, LD_PRELOAD=shim, UNSYNCED_DIR=undo))
n = put_back(undo, control)
left = sqlite3.connect(os.path.join(control, "hangat.db")).execute("SELECT count(*) FROM t").fetchone()[0]
ok(n > 0 and left == 0, "without sync the same kill loses 100 of 100 commits", f"{n} writes taken back, {left} rows left")

storm("power cut", {"LD_PRELOAD": shim, "UNSYNCED_DIR": undo}, undo)
shutil.rmtree(work, ignore_errors=True)
finish()
