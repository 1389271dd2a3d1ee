#!/usr/bin/env python3
"""Starting and not starting: one clear line and the right exit code."""
import os
import signal
import socket
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from harness import CTL, HANGATD, RULES, Daemon, Line, finish, ok

work = tempfile.mkdtemp(prefix="hangat-start-")


def run(*args, env=None):
    return subprocess.run([HANGATD, *args], capture_output=True, text=True, timeout=30, env=env)


def refused(name, code, word, *args):
    p = run(*args)
    lines = p.stderr.strip().splitlines()
    ok(p.returncode == code and word in p.stderr and len(lines) == 1 and lines[0], f"{name}: exit {code}, one line", f"{p.returncode} {p.stderr}")


state = os.path.join(work, "state")
empty = os.path.join(work, "empty")
os.mkdir(empty)
broken = os.path.join(work, "broken")
os.mkdir(broken)
open(os.path.join(broken, "a.json"), "w").write("{")
common = ("--state", state, "--tcp", "off")
held = socket.create_server(("127.0.0.1", 0))
refused("rules missing", 78, "--rules", "--rules", os.path.join(work, "none"), *common)
refused("rules empty", 78, "no rule file", "--rules", empty, *common)
refused("rules broken", 78, "a.json:1:", "--rules", broken, *common)
refused("port in use", 1, "in use", "--rules", RULES, "--state", state, "--tcp", "127.0.0.1:%d" % held.getsockname()[1])
refused("bad address", 1, "HOST:PORT", "--rules", RULES, "--state", state, "--tcp", "4264")
bad_db = os.path.join(work, "bad-db")
os.makedirs(os.path.join(bad_db, "hangat.db"))
refused("database not writable", 1, "hangat.db", "--rules", RULES, "--state", bad_db, "--tcp", "off")
garbage = os.path.join(work, "garbage")
os.makedirs(garbage)
open(os.path.join(garbage, "hangat.db"), "wb").write(b"this is no database" * 400)
refused("database corrupt", 1, "hangat.db", "--rules", RULES, "--state", garbage, "--tcp", "off")
blocked = os.path.join(work, "file")
open(blocked, "w").close()
refused("state is a file", 1, "state", "--rules", RULES, "--state", os.path.join(blocked, "x"), "--tcp", "off")
p = run("--nonsense")
ok(p.returncode == 2 and "usage" in p.stderr, "unknown option: exit 2", p.stderr)
p = run("--lease-s", "abc")
ok(p.returncode == 2 and "lease-s" in p.stderr, "bad number: exit 2", p.stderr)
conf = os.path.join(work, "c.json")
open(conf, "w").write('{ "lease": 5,\n  "max_connections": "x" }')
p = run("-c", conf, "-t", "--rules", RULES)
ok(p.returncode == 78 and 'c.json:1:3' in p.stderr and 'did you mean "lease_s"' in p.stderr and "c.json:2:" in p.stderr, "bad config: exit 78, every error", p.stderr)
open(conf, "w").write('{ "lease_s": 5, "tcp": "off" }')
p = run("-c", conf, "-t", "--rules", RULES)
ok(p.returncode == 0, "-t with good config", p.stderr)
p = run("--version")
ok(p.returncode == 0 and all(w in p.stdout for w in ("libevent", "pcre2", "jansson", "sqlite", "libsodium")), "--version names the libraries", p.stdout)
ok(run("--help").returncode == 0 and subprocess.run([CTL, "--help"], capture_output=True).returncode == 0, "--help")
commands = [l.split()[0] for l in subprocess.run([CTL, "--help"], capture_output=True, text=True).stdout.splitlines() if l.startswith("  ") and l[2] != " "]
ok(len(commands) >= 12 and all(subprocess.run([CTL, x, "--help"], capture_output=True, text=True).stdout.startswith("usage") for x in commands), "--help of every command", commands)
p = subprocess.run([CTL, "status", "--state", work], capture_output=True, text=True)
ok(p.returncode == 1 and "running" in p.stderr, "hangatctl without a daemon says so", p.stderr)

d = Daemon()
second = run("--rules", RULES, "--state", d.state, "--tcp", "off")
ok(second.returncode == 1 and "another hangatd" in second.stderr, "a second instance refuses", second.stderr)
ok(oct(os.stat(d.unix).st_mode & 0o777) == "0o660" and oct(os.stat(os.path.join(d.state, "admin.sock")).st_mode & 0o777) == "0o600", "socket modes")
c = Line(d.tcp)
c.say("halo", "m1")
c.until(re="m1")
d.kill()
ok(os.path.exists(d.unix), "kill -9 leaves a stale socket")
d.start()
c = Line(d.unix)
c.say("halo", "m1")
ok(c.until(re="m1")["decision"] == "answer", "which the next start replaces")
for i in range(120):  # less than fills the buffers of both sides
    c.say("harganya berapa", f"z{i}")
d.proc.send_signal(signal.SIGTERM)
got = c.rest().count('"re":"z')
ok(d.proc.wait(timeout=20) == 0, "SIGTERM drains and ends with 0")
print(f"# {got} of 120 were answered before the end")
ok(not os.path.exists(d.unix), "and takes its sockets away")
d.err.close()
d.clean()
finish()
