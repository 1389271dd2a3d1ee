#!/usr/bin/env python3
"""Customers: both transports, both protocols, resume, ids, and bad input."""
import json
import sys

sys.dont_write_bytecode = True
from harness import Daemon, Gone, Line, finish, ok

d = Daemon()

for name, address in (("TCP", d.tcp), ("a Unix socket", d.unix)):
    c = Line(address)
    c.send("kak paketku blm dateng udah seminggu\n")
    c.shut()
    lines = c.rest().splitlines()
    ok(len(lines) >= 2 and lines[0].startswith("Hani (bot): ") and "bot" in lines[0] and "nomor pesanan" in lines[1],
       f"half-close over {name} loses nothing: disclosure, then the reply", lines)
hits = json.loads(d.ctl("status", "--json").stdout)["counters"]["limit_hits"]
ok(hits == 0, "making JIT code, at the first messages, takes nothing from their time", hits)
c = Line(d.tcp)
c.send("halo")
c.shut()
ok(len(c.rest().splitlines()) == 2, "a last line without line end counts")

c = Line(d.tcp)
c.say("paketku blm sampai!!", "m1")
w = c.recv()
r = c.recv()
ok(w["type"] == "welcome" and w["bot"] == {"kind": "bot", "name": "Hani"} and "bot" in w["disclosure"] and w["seq"] == 0,
   "a message without hello gets its welcome first", w)
need = {"type": "message", "seq": 2, "re": "m1", "from": {"kind": "bot", "name": "Hani"}, "intent": "late_delivery",
        "decision": "answer", "handoff": False, "lang": "id"}
ok(all(r.get(k) == v for k, v in need.items()) and 0 < r["confidence"] <= 1 and r["quick_replies"], "the full reply object", r)
c.say("paketku blm sampai!!", "m1")
again = c.recv()
ok(again == r, "the same id is answered with the same reply", again)
c.say("lain", "m1")
ok(c.recv()["code"] == "conflict", "the same id with another text is a conflict")
c.say("ongkir ke bandung berapa", "m2")
r2 = c.recv()
ok(r2["seq"] == 4 and r2["intent"] == "shipping_cost", "seq goes on without a gap", r2)

e = Line(d.tcp)
e.send({"type": "message", "id": "e1", "text": "bukan mau batalin kak, mau gantiii alamat", "explain": True})
x = e.until(re="e1").get("explain", {})
top = (x.get("candidates") or [{}])[0]
ok(x.get("normal", "") == "bukan mau batalin kak mau ganti alamat" and top.get("intent") == "change_shipping_address"
   and {"pattern", "file", "line", "weight", "from", "to"} <= set(top["evidence"][0]) and x["stage"] == "intent"
   and any(v["intent"] == "cancel_order" and v["by"]["file"].endswith(".json") for v in x["vetoed"]) and "answer" in x["thresholds"],
   "explain tells normal form, evidence, what vetoed, thresholds and stage", x)
e.say("ongkir ke bandung berapa", "e2")
ok("explain" not in e.until(re="e2"), "and only when it is asked for")
quiet = Daemon(options=["--explain", "off"])
q = Line(quiet.tcp)
q.send({"type": "message", "id": "e3", "text": "halo", "explain": True})
ok("explain" not in q.until(re="e3"), "never when the operator turned it off")
quiet.end()

token = w["resume"]
c.close()
c = Line(d.unix)
c.send({"type": "hello", "id": "h", "resume": token, "after": 1})
w2 = c.recv()
missed = [c.recv() for _ in range(3)]
ok(w2["conversation"] == w["conversation"] and w2["re"] == "h" and w2["seq"] == 4, "resume finds the conversation", w2)
ok([m["seq"] for m in missed] == [2, 3, 4] and missed[1]["from"]["kind"] == "customer" and missed[1]["id"] == "m2",
   "after replays what was missed, in order", missed)
c.say("paketku blm sampai!!", "m1")
ok(c.recv()["seq"] == 2, "ids are remembered over a reconnect")
other = Line(d.tcp)
other.send({"type": "hello", "resume": w["conversation"] + ".wrong"})
ok(other.recv()["code"] == "bad_token", "a wrong token is refused")
other.send({"type": "hello", "resume": "nonsense"})
ok(other.recv()["code"] == "bad_token", "a malformed token too")
other.send({"type": "hello", "lang": "en", "name": "Rina", "id": "x"})
w3 = other.until(type="welcome")
ok(w3["re"] == "x" and "I'm Hani" in w3["disclosure"], "and the connection goes on, in the language asked for", w3)
two = Line(d.tcp)
two.send({"type": "hello", "resume": token})
two.recv()
c.say("terima kasih ya kak", "m3")
mine, theirs = c.until(re="m3"), [two.recv(), two.recv()]
ok(theirs[0]["from"]["kind"] == "customer" and theirs[1]["seq"] == mine["seq"], "two tabs see the same conversation", theirs)

bad = [
    ("invalid UTF-8", b'{"type":"message","text":"\xff"}\n', "bad_utf8"),
    ("NUL in JSON", b'{"type":"message","text":"a\\u0000b"}\n', "bad_json"),
    ("unknown type", b'{"type":"mesage","text":"a"}\n', "unknown_type"),
    ("deep JSON", b'{"a":' + b"[" * 50 + b"]" * 50 + b"}\n", "too_deep"),
    ("duplicate keys", b'{"type":"bye","type":"hello"}\n', "bad_json"),
    ("no text", b'{"type":"message"}\n', "missing_field"),
    ("blank text", b'{"type":"message","text":"  "}\n', "missing_field"),
    ("broken JSON", b'{"type":\n', "bad_json"),
    ("a long text", b'{"type":"message","text":"' + b"a" * 5000 + b'"}\n', "too_long"),
    ("an agent's verb", b'{"type":"claim","ticket":"t_1"}\n', "forbidden"),
    ("another's conversation", b'{"type":"message","conversation":"c_x","text":"a"}\n', "not_found"),
]
for name, data, code in bad:
    c.send(data)
    e = c.until(type="error")
    ok(e["code"] == code and e["message"], f"{name}: {code}, in one line", e)
c.say("halo", "m4")
ok(c.until(re="m4")["intent"] == "greeting", "and the connection goes on after all that")

def closed(name, data, word):
    x = Line(d.tcp)
    try:
        x.send(data)
    except (BrokenPipeError, ConnectionResetError):
        pass
    lines = [l for l in x.rest().splitlines() if l]
    ok(len(lines) == 1 and word in lines[0], f"{name}: one line, then closed", lines)

closed("1 MB line of text", b"a" * 1000000, "4096")
closed("1 MB object", b'{"type":"message","text":"' + b"a" * 1000000, "too_long")
closed("HTTP", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP")
closed("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "TLS")
x = Line(d.tcp)
x.send(b"halo\x00 kak\n\xff\xfe\nhalo\n")
lines = [x.line() for _ in range(4)]
ok(lines[0].startswith("! ") and lines[1].startswith("! ") and lines[3].startswith("Hani"), "NUL and bad UTF-8 on a text line are told, and it goes on", lines)
x.send("/help\n")
ok("/human" in x.line(), "/help")
x.send("\x1b[31mhalo\x1b[0m kak\n")
ok(x.line().startswith("Hani"), "escapes in text are data")
x.send("/quit\n")
ok("Hani" not in x.rest(), "/quit closes")

x = Line(d.tcp)
x.send("halo\n/quit\n")
ok("Hani" in x.rest(), "/quit right behind a message does not lose the reply")
x = Line(d.tcp)
x.say("halo", "q1")
x.send({"type": "bye"})
ok('"re":"q1"' in x.rest(), "nor does bye")

long = Line(d.tcp)
for i in range(120):
    long.say("harganya berapa " + "x" * 3500, f"l{i}")
w4 = long.recv()
for i in range(120):
    long.until(re=f"l{i}")
x = Line(d.tcp)
x.send({"type": "hello", "resume": w4["resume"], "after": 0})
x.shut()
got = [json.loads(l) for l in x.rest().splitlines()[1:]]
# on a slow machine a message may run out of its time and bring a person: more events than replies
ok([m["seq"] for m in got] == list(range(1, len(got) + 1)) and sum(m.get("re") is not None for m in got) == 120,
   "a long conversation is replayed whole, to a half-closed reader too", got[-3:])

burst = Line(d.tcp)
for i in range(200):
    burst.say("harganya berapa kak", f"b{i}")
seqs = [burst.recv() for _ in range(201)][1:]
ok([m["re"] for m in seqs] == [f"b{i}" for i in range(200)] and [m["seq"] for m in seqs] == list(range(2, 402, 2)),
   "200 pipelined messages are answered in order")

out = d.ctl("export", w["conversation"])
ok(out.returncode == 0 and "paketku blm sampai" in out.stdout and "\"why\"" in out.stdout, "export shows all, with the why", out.stderr)
out = d.ctl("forget", "--yes", w["conversation"])
ok(out.returncode == 0, "forget", out.stderr)
e = c.until(type="error")
ok(e["code"] == "closed", "who is on it is told", e)
c.say("halo lagi", "m9")
ok(c.until(type="welcome")["conversation"] != w["conversation"], "what comes next starts anew")
out = d.ctl("export", w["conversation"])
ok(out.returncode == 1 and "nothing is stored" in out.stderr, "it is gone", out.stdout[:200])
again = Line(d.tcp)
again.send({"type": "hello", "resume": token})
ok(again.recv()["code"] == "bad_token", "its token too")
import os
data = b"".join(open(os.path.join(d.state, f), "rb").read() for f in ("hangat.db", "hangat.db-wal") if os.path.exists(os.path.join(d.state, f)))
ok(b"paketku blm sampai" not in data, "no byte of it is left in the database files")
try:
    c.close()
except Gone:
    pass
d.end()
finish()
