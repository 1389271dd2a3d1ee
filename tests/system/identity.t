#!/usr/bin/env python3
"""Who somebody is: gateways, operators, customers whom the shop signs for."""
import hashlib
import hmac
import http.client
import json
import os
import sqlite3

from harness import Daemon, LIMIT, Line, agent, finish, ok

d = Daemon(options=["--http", "127.0.0.1:0"])


def get(path, token=None):
    c = http.client.HTTPConnection("127.0.0.1", d.http, timeout=LIMIT)
    c.request("GET", path, headers={"Authorization": "Bearer " + token} if token else {})
    r = c.getresponse()
    return r.status, r.headers.get("Content-Type", ""), r.read().decode()


# tokens
op = d.ctl("tokens", "add", "operator", "prometheus").stdout.strip()
gw = d.ctl("tokens", "add", "gateway", "wa").stdout.strip()
ok(len(op) == 43 and len(gw) == 43, "tokens are made", (op, gw))
out = d.ctl("tokens", "list").stdout
ok("operator prometheus" in out and "gateway wa" in out and op not in out, "and listed without themselves", out)
ok("wa" not in d.ctl("agents", "list").stdout, "they are no agents")
bad = d.ctl("tokens", "add", "king", "x")
ok(bad.returncode == 1 and "operator" in bad.stderr, "a wrong role is refused", bad.stderr)
ok(d.ctl("tokens", "add", "gateway", "prometheus").returncode == 1, "a name is used once")

# metrics
s = get("/metrics")
ok(s[0] == 401 and "hangatctl tokens add operator" in s[2], "metrics need a token", s)
ok(get("/metrics", gw)[0] == 401, "a gateway's is not enough")
s = get("/metrics", op)
lines = s[2].splitlines()
names = [x.split()[2] for x in lines if x.startswith("# TYPE")]
ok(s[0] == 200 and s[1].startswith("application/openmetrics-text") and lines[-1] == "# EOF" and len(names) == len(set(names)) > 15,
   "metrics in OpenMetrics form", s)
samples = [x for x in lines if not x.startswith("#")]
ok(all(len(x.split()) == 2 and x.split()[1].lstrip("-").isdigit() for x in samples) and
   all((n + "_total" in s[2]) for n in names if f"# TYPE {n} counter" in s[2]), "each has its sample")

# a gateway
g = Line(d.tcp)
g.send({"type": "hello", "id": "h", "role": "gateway", "token": "x" * 43})
ok(g.recv()["code"] == "bad_token", "a gateway needs its token")
g.send({"type": "hello", "id": "h", "role": "gateway", "token": gw})
w = g.recv()
ok(w["type"] == "welcome" and w["role"] == "gateway" and w["name"] == "wa", "a gateway is welcome", w)
g.send({"type": "message", "id": "m", "text": "halo"})
ok(g.recv()["code"] == "missing_field", "a message must name its conversation")
people = {}
for name in ["Rina", "Budi", "Sari"]:
    g.send({"type": "hello", "id": name, "name": name, "lang": "id"})
    w = g.until(type="welcome", re=name)
    people[name] = (w["conversation"], w["resume"])
ok(len({c for c, _ in people.values()}) == 3, "each customer has a conversation")
for i in range(20):
    for name, (c, _) in people.items():
        g.send({"type": "message", "id": f"{name}{i}", "conversation": c, "text": "jam buka toko?"})
seen = {}
for _ in range(60):
    m = g.until(type="message")
    seen.setdefault(m["conversation"], []).append(m["re"])
ok(seen == {c: [f"{n}{i}" for i in range(20)] for n, (c, _) in people.items()}, "answers name their conversation, in its order", seen)
g.send({"type": "message", "id": "z", "conversation": "c_0", "text": "halo"})
ok(g.recv()["code"] == "not_found", "another conversation is not there")
g.send({"type": "hello", "id": "again", "resume": people["Rina"][1]})
ok(g.recv()["code"] == "conflict", "a conversation is carried once")
g.send({"type": "hello", "id": "bad", "resume": "c_0.x"})
ok(g.until(re="bad")["code"] == "bad_token", "a wrong resume token is refused")
g.send({"type": "bye", "conversation": people["Budi"][0]})
g.send({"type": "message", "id": "y", "conversation": people["Budi"][0], "text": "halo"})
ok(g.recv()["code"] == "not_found", "bye ends one of them")
g.send({"type": "hello", "id": "back", "resume": people["Budi"][1], "after": 38})
w = g.until(type="welcome", re="back")
got = [g.recv() for _ in range(2)]
ok([m["seq"] for m in got] == [39, 40] and all(m["conversation"] == people["Budi"][0] for m in got), "and it can be resumed", got)

# a person takes one of them
a = agent(d, "Ayu")
g.send({"type": "message", "id": "p", "conversation": people["Sari"][0], "text": "mau bicara dengan orang"})
g.until(type="handoff", state="waiting", conversation=people["Sari"][0])
a.send({"type": "claim", "id": "c", "ticket": "next"})
t = a.until(type="claimed")
g.until(type="joined", conversation=people["Sari"][0])
g.send({"type": "message", "id": "q", "conversation": people["Sari"][0], "text": "halo kak"})
ok(g.until(re="q")["type"] == "ack", "a held conversation is acknowledged")
a.send({"type": "message", "id": "m", "ticket": t["ticket"], "generation": t["generation"], "text": "Aku Ayu."})
ok(g.until(type="message", text="Aku Ayu.")["conversation"] == people["Sari"][0], "a person's words name the conversation")
for i in range(200):  # leave in the middle of it
    g.send({"type": "message", "id": f"x{i}", "conversation": people["Rina"][0], "text": "halo"})
g.close()
d.ctl("tokens", "revoke", "gateway", "wa")
g = Line(d.tcp)
g.send({"type": "hello", "role": "gateway", "token": gw})
ok(g.recv()["code"] == "bad_token", "a revoked token is none")
new = d.ctl("tokens", "renew", "gateway", "wa").stdout.strip()
g.send({"type": "hello", "role": "gateway", "token": new})
ok(g.recv()["type"] == "welcome", "a renewed one is")
d.ctl("tokens", "revoke", "gateway", "wa")
ok(g.rest() == "", "and its connection ends when it is revoked")

# customers whom the shop signs for
key = d.ctl("secret").stdout.strip()
ok(len(key) == 64 and os.stat(os.path.join(d.state, "secret")).st_mode & 0o777 == 0o600, "the secret is private")


def sign(who):
    return hmac.new(key.encode(), who.encode(), hashlib.sha256).hexdigest()


def visit(**hello):
    c = Line(d.tcp)
    c.send({"type": "hello", "id": "h", **hello})
    return c, c.recv()


c, w = visit(customer="cust-7", signature="0" * 64)
ok(w["code"] == "bad_token" and "secret" in w["message"], "a wrong signature is refused", w)
c, w = visit(customer="cust-7", signature=sign("cust-8"))
ok(w["code"] == "bad_token", "another's signature is refused")
first, w = visit(customer="cust-7", signature=sign("cust-7"), name="Rina", lang="id", remember=True)
id1 = w["conversation"]
first.say("paketku belum sampai, nomornya HG-77012", "1")
first.until(re="1")
first.close()
c, w = visit(customer="cust-7", signature=sign("cust-7"))
c.say("apa saja yang kamu simpan tentang aku?", "1")
m = c.until(re="1")
ok("HG-77012" in m["text"] and "Rina" in m["text"], "who agreed is remembered at the next visit", m)
c.close()
# somebody else is erased while the customer's last conversation is read
other, w = visit()
writer, _ = visit()
admin = Line(os.path.join(d.state, "admin.sock"))
lock = sqlite3.connect(os.path.join(d.state, "hangat.db"), isolation_level=None)
lock.execute("BEGIN IMMEDIATE")
writer.say("halo", "w")  # waits for the lock, and what is read behind it
c = Line(d.tcp)
c.send({"type": "hello", "customer": "cust-7", "signature": sign("cust-7")})
for i in range(9):  # each is a turn of the loop at least, in which it reads the others
    admin.ask({"type": "status"})
admin.send({"type": "forget", "id": "f", "customer": w["conversation"]})
admin.ask({"type": "status"})
lock.execute("ROLLBACK")
admin.until(re="f")
c.recv()
c.say("apa saja yang kamu simpan tentang aku?", "1")
m = c.until(re="1")
ok("HG-77012" in m["text"] and "Rina" in m["text"], "and is, whoever is erased at that moment", m)
c.say("hapus dataku ya", "2")
c.until(re="2")
c.close()
c, w = visit(customer="cust-7", signature=sign("cust-7"))
c.say("apa saja yang kamu simpan tentang aku?", "1")
ok("HG-77012" not in c.until(re="1")["text"], "who took it back is not")
c.close()
c, w = visit(customer="cust-7", name="Orang")
c.say("apa saja yang kamu simpan tentang aku?", "1")
ok("HG-77012" not in c.until(re="1")["text"], "nor is an unsigned one ever")
c.close()
shy, w = visit(customer="cust-9", signature=sign("cust-9"), name="Budi")
shy.say("paketku belum sampai, nomornya HG-99012", "1")
shy.until(re="1")
shy2, w = visit(customer="cust-9", signature=sign("cust-9"))
shy2.say("apa saja yang kamu simpan tentang aku?", "1")
ok("HG-99012" not in shy2.until(re="1")["text"], "who did not agree is not remembered")
out = json.loads(d.ctl("export", "cust-7").stdout)
ok(len(out) == 4 and id1 in [x["conversation"] for x in out], "all of a customer's conversations are exported", [x["conversation"] for x in out])
ok(d.ctl("forget", "--yes", "cust-9").returncode == 0, "a customer is forgotten")
ok(shy.until(type="error")["code"] == "closed" and shy2.until(type="error")["code"] == "closed", "in all conversations")
ok(d.ctl("export", "cust-9").returncode == 1 and d.ctl("export", "cust-7").returncode == 0, "and nobody else")
# what the page knows need not be asked
c = Line(d.tcp)
c.send({"type": "hello", "lang": "id"})
c.recv()
c.send({"type": "attributes", "id": "a", "attributes": {"order_id": "HG-55001", "page": "/keranjang"}})
ok(c.recv() == {"type": "ack", "re": "a"}, "attributes are kept")
c.say("aku mau refund barang yang kemarin", "1")
m = c.until(re="1")
ok("HG-55001" in m["text"] or m["handoff"], "a form does not ask for what the page has said", m)
for bad in [{"attributes": {"A": "x"}}, {"attributes": {"a": 1}}, {"attributes": {"a": "x" * 200}}, {"attributes": []}, {"attributes": {f"a{i}": "x" for i in range(9)}}]:
    c.send({"type": "attributes", "id": "b", **bad})
    ok(c.until(type="error")["code"] == "bad_json", f"refused: {str(bad)[:40]}")
c.send({"type": "attributes", "id": "b"})
ok(c.recv()["code"] == "missing_field", "attributes without any are refused")
c.close()
# agents with a password
d.ctl("agents", "add", "Wulan")
ok(d.ctl("agents", "passwd", "Wulan", input="pendek\n").returncode == 1, "a short password is refused")
ok(d.ctl("agents", "passwd", "Wulan", input="sandi yang panjang\n").returncode == 0, "a password is set")


def session(method, body=None, **headers):
    c = http.client.HTTPConnection("127.0.0.1", d.http, timeout=LIMIT)
    c.request(method, "/v1/desk/session", json.dumps(body) if body else None, {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}})
    r = c.getresponse()
    text = r.read().decode()
    return r.status, r.headers.get("Set-Cookie", ""), json.loads(text) if text else {}


own = f"http://127.0.0.1:{d.http}"
ok(session("POST", {"name": "Wulan", "text": "sandi yang panjang"}, Origin="https://evil.example")[0] == 403, "no other page may sign in")
status, cookie, body = session("POST", {"name": "Wulan", "text": "sandi yang panjang"}, Origin=own)
ok(status == 200 and body["result"]["name"] == "Wulan" and "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Secure" not in cookie, "signed in, with a cookie", (status, cookie))
mine = cookie.split(";")[0]
csrf = body["result"]["csrf"]
status, _, body = session("GET", Cookie="a=b; " + mine)
ok(status == 200 and body["name"] == "Wulan" and body["csrf"] == csrf, "the session says who it is", body)
for name, bad in [("no cookie", ""), ("half a cookie", mine[:-1]), ("another name", mine.replace("57756c616e", "417975")), ("a later end", mine.replace(".", ".9", 1)), ("rubbish", "hangat_desk=..x")]:
    ok(session("GET", Cookie=bad)[0] == 401, f"{name}: 401")
ok(session("DELETE", Cookie=mine)[0] == 403 and session("DELETE", Cookie=mine, X_CSRF_Token="0" * 64)[0] == 403, "signing out needs the page's token")
status, cookie, _ = session("DELETE", Cookie=mine, X_CSRF_Token=csrf)
ok(status == 204 and "Max-Age=0" in cookie, "and then the cookie goes")
wrong = [session("POST", {"name": "Wulan", "text": f"salah {i} panjang"}) for i in range(6)]
ok([w[0] for w in wrong] == [401] * 5 + [429], "five wrong passwords, and the name rests", [w[0] for w in wrong])
ok(session("POST", {"name": "Nobody", "text": "sandi yang panjang"})[2]["message"] == wrong[0][2]["message"], "a name that is not there looks the same")
ok(session("GET", Cookie=mine)[0] == 200, "who was signed in stays so")
d.ctl("agents", "passwd", "Wulan", input="sandi baru yang lain\n")
ok(session("GET", Cookie=mine)[0] == 401, "a new password ends old sessions")
log = d.log()
ok("panjang" not in log and mine.split("=")[1] not in log, "neither passwords nor sessions are in the log")
# fragments: whatever happens while one waits
def burst():
    c = Line(d.tcp)
    c.send({"type": "hello", "lang": "id", "burst": True})
    return c, c.recv()["conversation"]


c, name = burst()
c.say("kak", "1")
ok(d.ctl("forget", "--yes", name).returncode == 0, "a conversation is forgotten while a fragment waits")
ok(c.until(type="error")["code"] in ("closed", "storage"), "and says so")
c.close()
c, name = burst()
c.say("jam buka toko " + "ya kak " * 160, "1")
c.say("aku mau bunuh diri", "2")
ok(c.until(re="2")["intent"] == "crisis", "danger behind a long fragment is heard")
c.close()
c, name = burst()
c.say("jam buka toko?", "1")
c.shut()
ok('"re":"1"' in c.rest(), "who says no more gets what is owed")
a = agent(d, "Eka")
c, name = burst()
c.say("mau bicara dengan orang", "1")
c.until(type="handoff", state="waiting")
mine = a.until(type="ticket", state="waiting")
while mine["conversation"] != name:
    mine = a.until(type="ticket", state="waiting")
c.say("kak", "2")
a.send({"type": "claim", "id": "c", "ticket": mine["ticket"]})
a.until(type="claimed")
c.say("pesananku salah", "3")
ok([a.until(type="message")["text"] for _ in range(2)] == ["kak", "pesananku salah"], "a fragment that waited reaches the agent")
c.close()
# a gateway that is refused while much is asked
new = d.ctl("tokens", "add", "gateway", "wa2").stdout.strip()
g = Line(d.tcp)
g.send({"type": "hello", "role": "gateway", "token": new})
g.recv()
g.send("".join(json.dumps(m) + "\n" for m in [{"type": "hello", "id": "x", "resume": "c_0.x"}] + [{"type": "hello", "id": f"h{i}"} for i in range(200)]))
seen = [g.recv()["type"] for _ in range(201)]
ok(seen.count("welcome") == 200 and seen.count("error") == 1, "a refused conversation among 200 others", seen[:3])
g.send({"type": "hello", "id": "y", "resume": 'c_1","type":"x.y'})
ok(g.until(re="y")["type"] == "error", "a name that is none is not repeated")
g.close()
d.end()
finish()
