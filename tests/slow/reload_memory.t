#!/usr/bin/env python3
"""Rules that are edited again and again take the memory of one set of rules, once the old ones are gone."""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests/system"))
sys.dont_write_bytecode = True
from harness import HANGATD, Daemon, copy_rules, finish, ok, wait_for

if "libasan" in subprocess.run(["ldd", HANGATD], capture_output=True, text=True).stdout:
    print("1..0 # SKIP sanitizers keep what is freed")
    sys.exit(0)
work = tempfile.mkdtemp(prefix="hangat-reload-")
rules = copy_rules(work)
d = Daemon(rules=rules)


def rss():
    with open(f"/proc/{d.proc.pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


def size(*folders):
    return sum(os.path.getsize(os.path.join(at, name)) for folder in folders for at, _, names in os.walk(folder) for name in names) // 1024


start = rss()
ok(start < 10 * size(rules), "the rules in memory are less than ten times their files", f"{start} kB of {size(rules)} kB")
for i in range(1, 5):
    with open(os.path.join(rules, "id", "talk.json"), "a") as f:
        f.write("\n" * i)
    out = d.ctl("reload")
    ok(out.returncode == 0, f"reload {i}", out.stdout + out.stderr)
    settled = wait_for(lambda: rss() < 1.5 * start)
    ok(settled is not None, f"after reload {i} memory is what it was", f"{rss()} kB, {start} kB at the start")
d.end()
finish()
