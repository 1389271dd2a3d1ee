#!/usr/bin/env python3
"""The human desk: a real agent, a silent bot, leases, and a restart."""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
from harness import CTL, Daemon, Line, agent, finish, ok

d = Daemon(options=["--lease-s", "5"])
sari = agent(d, "Sari")
budi = agent(d, "Budi")

c = Line(d.tcp)
c.say("aku kesal, pelayanan untuk nomor pesanan 41770 mengecewakan", "m0")
c.until(re="m0")
c.say("sambungin ke CS beneran dong", "m1")
r = c.until(re="m1")
h = c.recv()
ok(r["handoff"] and r["intent"] == "contact_human_agent", "the wish for a person opens a ticket", r)
ok(h["type"] == "handoff" and h["state"] == "waiting" and h["position"] == 1, "the customer hears the position", h)
t = sari.until(type="ticket")
ok(t["reason"] == "wish" and t["state"] == "waiting", "agents hear of the ticket", t)

sari.send({"type": "claim", "id": "a1", "ticket": t["ticket"]})
got = sari.until(type="claimed")
budi.send({"type": "claim", "id": "b1", "ticket": t["ticket"]})
lost = budi.until(type="error")
ok(got["generation"] == 1 and got["lease_ms"] == 5000 and got["re"] == "a1", "the claim has a generation and a lease", got)
ok(lost["code"] == "taken" and "Sari" in lost["message"], "a second claim is refused by name", lost)
card = got["card"]
ok(card["reason"] == "wish" and card["slots"].get("order_id") == "41770" and card["moods"][0]["mood"] == "angry"
   and "sambungin" in card["messages"][-2]["text"] and card["tried"], "the card tells the whole story", card)
j = c.until(type="joined")
ok(j["from"] == {"kind": "human", "name": "Sari"}, "the customer sees who joined", j)
c.until(type="handoff", state="held")

c.say("halo, ada orang?", "m2")
a = c.recv()
ok(a["type"] == "ack" and a["re"] == "m2" and a["seq"] > 0, "the bot is silent while a person holds it", a)
m = sari.until(type="message")
ok(m["text"] == "halo, ada orang?" and m["from"]["kind"] == "customer", "the agent gets the message", m)
c.say("halo, ada orang?", "m2")
ok(c.recv() == a, "a resend is acknowledged the same way")
sari.send({"type": "message", "id": "a2", "ticket": t["ticket"], "generation": 1, "text": "Hai Kak, saya bantu ya\x1b[31m"})
ok(sari.until(re="a2")["type"] == "ack", "the agent's message is acknowledged")
m = c.recv()
ok(m["from"] == {"kind": "human", "name": "Sari"} and m["text"] == "Hai Kak, saya bantu ya[31m", "the customer gets it, marked human, without escapes", m)
sari.send({"type": "message", "id": "a2", "ticket": t["ticket"], "generation": 1, "text": "Hai Kak, saya bantu ya\x1b[31m"})
ok(sari.until(re="a2")["seq"] == m["seq"], "the agent's resend is stored once")
sari.send({"type": "claim", "id": "a2b", "ticket": t["ticket"]})
ok(sari.until(re="a2b")["generation"] == 1, "a holder who claims again gets the card again")
budi.send({"type": "message", "id": "b2", "ticket": t["ticket"], "generation": 1, "text": "x"})
ok(budi.until(re="b2")["code"] == "forbidden", "nobody else may write")
sari.send({"type": "note", "id": "a3", "ticket": t["ticket"], "generation": 1, "text": "sudah dicek"})
ok(sari.until(re="a3")["type"] == "ack", "a note")
sari.send({"type": "transfer", "id": "a4", "ticket": t["ticket"], "generation": 1, "to": "Budi", "text": "tolong"})
ok(sari.until(re="a4")["type"] == "ack", "hand over to a colleague")
b = budi.until(type="claimed")
ok(b["generation"] == 2, "who gets the card and a new generation", b["generation"])
sari.send({"type": "message", "id": "a5", "ticket": t["ticket"], "generation": 1, "text": "x"})
ok(sari.until(re="a5")["code"] == "stale_generation", "a late write is refused")
budi.send({"type": "return_to_bot", "id": "b3", "ticket": t["ticket"], "generation": 2})
budi.until(re="b3")
seen = [c.recv() for _ in range(5)]
ok([e["type"] for e in seen] == ["left", "joined", "left", "handoff", "message"] and seen[-1]["from"]["kind"] == "bot",
   "the customer sees every change, and the bot again", seen)
c.say("makasih ya", "m3")
ok(c.until(re="m3")["intent"] == "thanks", "the bot answers again")

# eight claims for one ticket at the same moment: one of them gets it
racer = Line(d.tcp)
racer.say("tolong sambungkan ke admin", "r1")
racer.until(type="handoff")
name = sari.until(type="ticket", state="waiting")["ticket"]
extra = [agent(d, f"Agen {i}") for i in range(6)]
desk = [sari, budi] + extra
for i, a in enumerate(desk):
    a.send({"type": "claim", "id": f"race{i}", "ticket": name})
got = [a.until(re=f"race{i}") for i, a in enumerate(desk)]
won = [g for g in got if g["type"] == "claimed"]
ok(len(won) == 1 and all(g.get("code") == "taken" for g in got if g not in won), "of eight claims one gets the ticket", [g["type"] for g in got])
winner = desk[got.index(won[0])]
winner.send({"type": "resolve", "id": "rr", "ticket": name, "generation": won[0]["generation"]})
winner.until(re="rr")
for a in extra:
    a.close()

angry = Line(d.tcp)
angry.say("parah banget, tukang tipu! mana paketnya", "x1")
angry.until(re="x1")
angry.say("KECEWA BANGET tidak ada kabar, penipuan", "x2")
r = angry.until(re="x2")
t2 = sari.until(type="ticket", state="waiting")
ok(r["handoff"] and t2["priority"] == "upset", "anger opens a ticket above the others", t2)
normal = Line(d.tcp)
normal.say("mau ngomong sama orang", "n1")
h = normal.until(type="handoff")
ok(h["position"] == 2, "who is calm stands behind", h)

sari.send({"type": "claim", "id": "a6", "ticket": "next"})
got = sari.until(type="claimed")
ok(got["ticket"] == t2["ticket"], "the next is the most urgent")
token = sari.token
sari.close()
budi_event = budi.until(type="ticket", ticket=t2["ticket"], state="waiting", generation=2)
ok(budi_event["generation"] == 2, "an agent who vanishes loses the lease", budi_event)
back = angry.until(type="handoff", state="waiting")
ok(back["position"] == 1, "and the customer is at the front again", back)
sari = Line(d.tcp)
sari.send({"type": "hello", "role": "agent", "token": token})
sari.until(type="queue")
sari.send({"type": "message", "id": "z", "ticket": t2["ticket"], "generation": 1, "text": "late"})
ok(sari.until(re="z")["code"] == "stale_generation", "the former holder's late write is refused")
wrong = Line(d.tcp)
wrong.send({"type": "hello", "role": "agent", "token": "no"})
ok(wrong.recv()["code"] == "bad_token", "a wrong agent token")

resume = None
keep = Line(d.tcp)
keep.say("halo", "k0")
resume = keep.recv()["resume"]
keep.until(re="k0")
keep.say("tolong sambungkan ke admin dong", "k1")
keep.until(type="handoff")
d.kill()
d.start()
rows = d.ctl("tickets").stdout.splitlines()
ok(len(rows) == 3 and all("waiting" in r for r in rows), "after kill -9 the queue is there", rows)
keep = Line(d.tcp)
keep.send({"type": "hello", "resume": resume, "after": 0})
keep.recv()
seen = [keep.recv() for _ in range(5)]
ok([e["seq"] for e in seen] == [1, 2, 3, 4, 5], "and the conversation", seen)
keep.say("kapan ya", "k2")
ok(not keep.until(re="k2")["handoff"], "which knows that it waits")

p = subprocess.Popen([CTL, "agent", "--state", d.state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                     env=dict(os.environ, HANGAT_TOKEN="bad"))
shown = p.stdout.read()
ok(p.wait(timeout=20) == 1 and "not an agent's" in shown, "hangatctl agent with a bad token says so", shown)
p.stdin.close()
p = subprocess.Popen([CTL, "agent", "--state", d.state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                     env=dict(os.environ, HANGAT_TOKEN=token))

def see(word):
    got = ""
    for line in p.stdout:
        got += line
        if word in line:
            return got
    return None

def type_in(line):
    p.stdin.write(line + "\n")
    p.stdin.flush()

shown = see("open tickets")
type_in("/claim")
shown = see("is yours")
ok(shown is not None, "hangatctl agent claims the next")
shown = see("reason")
type_in("Hai, dari terminal")
type_in("/resolve beres")
shown = see("resolved")
ok(shown is not None, "writes and resolves")
type_in("/quit")
p.stdin.close()
ok(p.wait(timeout=20) == 0, "and quits")
out = d.ctl("agents", "disable", "Sari")
ok(out.returncode == 0 and "disabled" in d.ctl("agents", "list").stdout, "agents disable", out.stderr)
sari2 = Line(d.tcp)
sari2.send({"type": "hello", "role": "agent", "token": token})
ok(sari2.recv()["code"] == "bad_token", "a disabled agent's token counts no more")
# who waits may change their mind; danger waits on
watch = agent(d, "Wati")
for text, kept in [("mau bicara dengan orang", False), ("aku mau bunuh diri", True)]:
    w = Line(d.tcp)
    w.say(text, "1")
    w.until(type="handoff", state="waiting")
    name = watch.until(type="ticket", state="waiting")["ticket"]
    w.say("ga jadi deh", "2")
    r = w.until(re="2")
    waits = name in [t["ticket"] for t in json.loads(d.ctl("tickets", "--json").stdout)]
    ok(waits == kept, "danger is not called off" if kept else "a customer may leave the line", r)
    if not kept:
        ok(w.until(type="handoff")["state"] == "back" and watch.until(type="ticket", ticket=name)["state"] == "back", "everybody hears of it")
    w.close()
d.end()
finish()
