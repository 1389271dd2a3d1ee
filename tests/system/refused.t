#!/usr/bin/env python3
"""What the desk refuses: each with a stable code and one line, noted in the audit log, and without effect elsewhere."""
import hashlib
import hmac
import http.client
import json
import os
import sqlite3
import sys
import time

sys.dont_write_bytecode = True
from harness import LIMIT, Daemon, Line, agent, finish, ok

d = Daemon(options=["--http", "127.0.0.1:0", "--lease-s", "600"])
sari, budi = agent(d, "Sari"), agent(d, "Budi")
def customer(name="Rina"):
    c = Line(d.tcp)
    c.send({"type": "hello", "lang": "id", "name": name})
    c.until(type="welcome")
    c.say("mau bicara dengan orang", "m1")
    c.until(type="handoff")
    return c


def audit(**want):
    out = d.ctl("audit", "--since", "1h", "--json")
    return [x for x in json.loads(out.stdout) if x["what"] == "refused" and all(x[k] == v for k, v in want.items())]


def picture():
    """All that the desk stores, but the audit log."""
    db = sqlite3.connect(f"file:{d.state}/hangat.db?mode=ro", uri=True)
    rows = [db.execute(f"SELECT * FROM {t} ORDER BY 1, 2").fetchall() for t in ("conversation", "event", "ticket", "note", "agent", "draft")]
    db.close()
    return rows


rina, joko = customer(), customer("Joko")
mine = sari.ask({"type": "claim", "ticket": "t_1"})
g = mine["generation"]
old = budi.ask({"type": "claim", "ticket": "t_2"})
budi.ask({"type": "release", "ticket": "t_2", "generation": old["generation"]})
other = sari.ask({"type": "claim", "ticket": "t_2"})
sari.ask({"type": "resolve", "ticket": "t_2", "generation": other["generation"]})
before = picture()

table = [
    ("a ticket that is taken", budi, {"type": "claim", "ticket": "t_1"}, "taken"),
    ("a ticket that has ended", budi, {"type": "claim", "ticket": "t_2"}, "not_found"),
    ("a ticket that never was", budi, {"type": "claim", "ticket": "t_77"}, "not_found"),
    ("a name that is none", budi, {"type": "claim", "ticket": "t_-1"}, "not_found"),
    ("taking over without the right", budi, {"type": "claim", "ticket": "t_1", "take_over": True}, "taken"),
    ("writing without holding", budi, {"type": "message", "ticket": "t_1", "generation": g, "text": "x"}, "forbidden"),
    ("a late write", budi, {"type": "message", "ticket": "t_1", "generation": g - 1, "text": "x"}, "stale_generation"),
    ("a write after the end", budi, {"type": "message", "ticket": "t_2", "generation": old["generation"], "text": "x"}, "not_found"),
    ("a write of a generation to come", sari, {"type": "message", "ticket": "t_1", "generation": g + 1, "text": "x"}, "stale_generation"),
    ("a write without a generation", sari, {"type": "message", "ticket": "t_1", "text": "x"}, "stale_generation"),
    ("an empty note", sari, {"type": "note", "ticket": "t_1", "generation": g, "text": " \x07 "}, "missing_field"),
    ("an empty message", sari, {"type": "message", "ticket": "t_1", "generation": g, "text": " \x07 "}, "missing_field"),
    ("resolving another's", budi, {"type": "resolve", "ticket": "t_1", "generation": g}, "forbidden"),
    ("giving away another's", budi, {"type": "transfer", "ticket": "t_1", "generation": g, "to": "Budi"}, "forbidden"),
    ("handing over to nobody", sari, {"type": "transfer", "ticket": "t_1", "generation": g, "to": "Nobody"}, "not_found"),
    ("handing over to oneself", sari, {"type": "transfer", "ticket": "t_1", "generation": g, "to": "Sari"}, "not_found"),
    ("putting off for no time", sari, {"type": "snooze", "ticket": "t_1", "generation": g}, "missing_field"),
    ("a draft on another's", budi, {"type": "draft", "ticket": "t_1", "generation": g, "text": "x"}, "forbidden"),
    ("looking at what is not there", budi, {"type": "view", "ticket": "t_77"}, "not_found"),
    ("the audit log, for an agent", budi, {"type": "audit"}, "forbidden"),
    ("the admin's work", budi, {"type": "forget", "customer": "c_x"}, "forbidden"),
    ("adding an agent", budi, {"type": "agent_add", "name": "Eka"}, "forbidden"),
    ("a second hello", budi, {"type": "hello", "role": "agent", "token": "x"}, "forbidden"),
]
for name, who, m, code in table:
    a = who.ask(m)
    ok(a.get("code") == code and a["message"] and "\n" not in a["message"], f"{name}: {code}", a)
noted = [x["detail"].split(":")[0] for x in audit(who="Budi")] + [x["detail"].split(":")[0] for x in audit(who="Sari")]
ok(len(noted) == len(table) and set(noted) == {c for *_, c in table}, "each is in the audit log", (len(noted), len(table)))

# strangers
for name, m in [("a foreign token", {"type": "hello", "role": "agent", "token": "x" * 43}), ("no token", {"type": "hello", "role": "agent"}),
                ("a customer's verb", {"type": "claim", "ticket": "t_1"})]:
    c = Line(d.unix)
    c.send(m)
    a = c.recv()
    ok(a["code"] in ("bad_token", "forbidden"), f"{name}: {a['code']}", a)
    c.close()
ok(len(audit(who="nobody")) == 2, "foreign tokens are in the audit log", audit(who="nobody"))

# sessions of pages
d.ctl("agents", "passwd", "Sari", input="sandi yang panjang\n")
sari = Line(d.unix)
sari.send({"type": "hello", "role": "agent", "token": d.ctl("agents", "token", "Sari").stdout.strip()})
sari.until(type="queue")


def session(method, body=None, **headers):
    c = http.client.HTTPConnection("127.0.0.1", d.http, timeout=LIMIT)
    c.request(method, "/v1/desk/session", json.dumps(body) if body else None, {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}})
    r = c.getresponse()
    text = r.read().decode()
    return r.status, r.headers.get("Set-Cookie", "").split(";")[0], json.loads(text) if text else {}


status, cookie, body = session("POST", {"name": "Sari", "text": "sandi yang panjang"})
ok(status == 200, "signed in")
db = sqlite3.connect(f"file:{d.state}/hangat.db?mode=ro", uri=True)
password = db.execute("SELECT password FROM agent WHERE name = 'Sari'").fetchone()[0]
db.close()
end = int(time.time() * 1000) - 1000
key = d.ctl("secret").stdout.strip().encode()
mac = hmac.new(key, f"session\nSari\n{end}\n{password}".encode(), hashlib.sha256).hexdigest()
expired = f"hangat_desk={'Sari'.encode().hex()}.{end}.{mac}"
later = int(time.time() * 1000) + 60000
mac = hmac.new(key, f"session\nSari\n{later}\n{password}".encode(), hashlib.sha256).hexdigest()
ok(session("GET", Cookie=f"hangat_desk={'Sari'.encode().hex()}.{later}.{mac}")[0] == 200, "the test signs as the daemon does")
ok(session("GET", Cookie=expired)[0] == 401, "an expired cookie: 401")
ok(session("DELETE", Cookie=expired, X_CSRF_Token=body["result"]["csrf"])[0] == 401, "signing out with it, too")
ok(session("DELETE", Cookie=cookie)[0] == 403 and session("DELETE", Cookie=cookie, X_CSRF_Token="0" * 64)[0] == 403, "a missing or foreign CSRF token: 403")
ok(session("POST", {"name": "Sari", "text": "sandi yang panjang"}, Origin="https://evil.example")[0] == 403, "a page of another origin: 403")
details = " ".join(x["detail"] for x in audit())
ok("has ended" in details and "X-CSRF-Token" in details and "another origin" in details, "they are in the audit log", details[-600:])

# who signs in on a connection that is an agent's already does not become another
ws = Line(d.unix)
ws.send({"type": "hello", "role": "agent", "token": budi.token})
ws.until(type="queue")
ws.send({"type": "sign_in", "id": "s1", "name": "Sari", "text": "salah sekali ini"})
ok(ws.until(re="s1")["code"] == "forbidden", "an agent's connection does not sign in again")
ws.close()

# 100 wrong passwords: the name rests after five, nobody else does, and the log says so without filling up
codes = [session("POST", {"name": "Budi", "text": f"salah nomor {i}"})[0] for i in range(100)]
ok(codes[:5] == [401] * 5 and set(codes[5:]) == {429}, "100 wrong passwords: five are tried", codes[:8])
ok(session("GET", Cookie=cookie)[0] == 200 and session("POST", {"name": "Sari", "text": "sandi yang panjang"})[0] == 200, "others sign in meanwhile")
tries = audit(who="Budi")
ok(sum("do not fit" in x["detail"] for x in tries) == 5 and any("too many" in x["detail"] for x in tries) and len(audit()) < 200, "and the log has it, within bounds", len(audit()))
ok("salah nomor" not in json.dumps(audit()), "without the passwords")

# markup and terminal escapes in every field
bad = "<img src=x onerror=alert(1)>\x1b[31m\u202e"
joko.say(bad, "b1")
joko.until(re="b1")
g = sari.ask({"type": "claim", "ticket": "t_1"})["generation"]
ok(sari.ask({"type": "note", "ticket": "t_1", "generation": g, "text": bad})["type"] == "ack", "a note with markup is a text")
ok(sari.ask({"type": "draft", "ticket": "t_1", "generation": g, "text": bad})["type"] == "ack", "so is a draft")
ok(sari.ask({"type": "transfer", "ticket": "t_1", "generation": g, "to": bad[:40]})["code"] == "not_found", "and a name")
ok(sari.ask({"type": "claim", "ticket": bad[:30]})["code"] == "not_found", "and a ticket's name")
card = sari.ask({"type": "view", "ticket": "t_1"})["card"]
ok("\x1b" not in json.dumps(card, ensure_ascii=False) and card["notes"][0]["text"].startswith("<img"), "the card has the words without the escapes", card["notes"])
ok(sari.ask({"type": "resolve", "ticket": "t_1", "generation": g, "outcome": "x\x1b[31m"})["type"] == "ack", "an outcome is a text")
for out in (d.ctl("tickets"), d.ctl("audit"), d.ctl("agents", "list"), d.ctl("stats")):
    ok(out.returncode == 0 and "\x1b" not in out.stdout and "\u202e" not in out.stdout, "no escape reaches the terminal", repr(out.stdout[-200:]))

# what was refused has changed nothing of what was there
same = [[r for r in rows if r in now] == rows for rows, now in list(zip(before, picture()))[1:2]]
ok(all(same), "nothing that was stored has changed")
d.end()
finish()
