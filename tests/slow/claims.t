#!/usr/bin/env python3
"""Eight agents claim from 2,000 tickets at once, by name and by "next": each ticket goes to one of them."""
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests/system"))
sys.dont_write_bytecode = True
from harness import Daemon, Line, agent, finish, ok

TICKETS, AGENTS = 2000, 8
d = Daemon(options=["--lease-s", "600"])
token = d.ctl("tokens", "add", "gateway", "load").stdout.strip()
g = Line(d.tcp)
g.send({"type": "hello", "role": "gateway", "token": token})
g.until(type="welcome")
for at in range(0, TICKETS, 50):
    names = []
    for i in range(at, at + 50):
        g.send({"type": "hello", "id": f"h{i}", "lang": "id"})
    for i in range(at, at + 50):
        names.append(g.until(type="welcome")["conversation"])
    for i, c in enumerate(names):
        g.send({"type": "message", "id": f"m{at + i}", "conversation": c, "text": "mau bicara dengan orang"})
    waiting = 0
    while waiting < 50:
        waiting += g.recv().get("state") == "waiting"

agents = [agent(d, f"A{i}") for i in range(AGENTS)]
got, taken, failed = [[] for _ in agents], [0] * AGENTS, []


def work(i):
    a = agents[i]
    try:
        n = 0
        while True:
            # by turns the first that waits, and one that all eight want
            name = "next" if n % 2 else f"t_{n // 2 * AGENTS + 1}"
            a.send({"type": "claim", "id": f"c{n}", "ticket": name})
            n += 1
            m = a.recv()
            while m.get("re") != f"c{n - 1}":
                m = a.recv()
            if m["type"] == "claimed":
                got[i].append(m["ticket"])
            elif m["code"] == "taken":
                taken[i] += 1
            elif m["code"] == "not_found" and name == "next":
                return
    except Exception as e:  # told below
        failed.append(repr(e))


threads = [threading.Thread(target=work, args=(i,)) for i in range(AGENTS)]
for t in threads:
    t.start()
for t in threads:
    t.join(300)
every = [x for g in got for x in set(g)]  # who claims what they hold gets the card again
print(f"# claimed {[len(set(x)) for x in got]}, refused as taken {sum(taken)}")
ok(not failed and not any(t.is_alive() for t in threads), "all come to an end", failed)
ok(len(every) == len(set(every)), "no ticket goes to two", len(every) - len(set(every)))
ok(set(every) == {f"t_{i}" for i in range(1, TICKETS + 1)}, "and none is left", len(set(every)))
ok(sum(taken) > 0, "they did want the same ones", taken)
d.end()
finish()
