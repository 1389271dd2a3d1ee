#!/usr/bin/env python3
"""The desk beyond claiming: skills, capacity, putting off, who knows the customer, places that move, words about
delays, cards of any ticket, drafts, canned replies, figures, supervisors, the audit log, and the shop's own command."""
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from harness import Daemon, Line, agent, finish, ok, wait_for

work = tempfile.mkdtemp(prefix="hangat-notify-")
rang = os.path.join(work, "rang")
ring = os.path.join(work, "ring.sh")
with open(ring, "w") as f:
    f.write('#!/bin/sh\necho "$1 $HANGAT_TICKET $HANGAT_PRIORITY $HANGAT_WAITED_S $HANGAT_WAITING" >>"%s"\nls /proc/self/fd | wc -l >>"%s"\n' % (rang, rang))
os.chmod(ring, 0o755)
d = Daemon(options=["--lease-s", "5", "--delay-s", "5", "--notify", ring + " loud", "--notify-after-s", "2"])


def sign_in(name, *profile):
    out = d.ctl("agents", "add", name, *profile)
    c = Line(d.unix)
    c.token = out.stdout.strip()
    c.send({"type": "hello", "role": "agent", "token": c.token})
    c.welcome = c.until(type="welcome")
    c.until(type="queue")
    return c


def customer(text, lang="id"):
    c = Line(d.tcp)
    c.send({"type": "hello", "lang": lang})
    c.token = c.until(type="welcome")["resume"]
    c.say(text, "m1")
    c.until(re="m1")
    c.place = c.until(type="handoff")
    return c


# somebody waits, and nobody comes: the place is told, the shop's command is run, a word about the delay
a = customer("halo kak, mau bicara dengan orang")
ok(a.place["state"] == "waiting" and a.place["position"] == 1, "the first waits", a.place)
ok(wait_for(lambda: os.path.exists(rang) and open(rang).read().count("\n") == 2) is not None, "the shop's command is run", d.log()[-500:])
line, fds = open(rang).read().split("\n")[:2]
words = line.split()
ok(words[:3] == ["loud", "t_1", "normal"] and int(words[3]) >= 2 and words[4] == "1", "it is told which ticket, how pressing, how long, how many", line)
ok(int(fds) <= 4, "it has none of the daemon's descriptors", fds)
late = a.until(type="message")
ok(late["from"]["kind"] == "bot" and late["seq"] > a.place["seq"] and "urutan" in late["text"].lower(), "a word about the delay comes unasked", late)
b = customer("tolong sambungkan ke orang")
ok(b.place["position"] == 2, "the second is second", b.place)

# supervisors and agents
sari = sign_in("Sari", "--supervisor")
ok(sari.welcome.get("supervisor") is True, "a supervisor is welcomed as one", sari.welcome)
budi = sign_in("Budi", "--capacity", "1", "--langs", "id", "--topics", "get_refund,damaged_item")
here = sari.until(type="presence")
ok({x["name"] for x in here["agents"]} >= {"Sari"}, "who is here is told", here)

# looking without taking
card = sari.ask({"type": "view", "ticket": "t_1"})
ok(card["type"] == "card" and card["state"] == "waiting" and card["card"]["messages"] and card["card"]["suggestions"], "a card can be looked at", card)
seen = next((m for m in iter(lambda: budi.recv(), None) if m["type"] == "presence" and any(x["viewing"] for x in m["agents"])), None)
ok(seen and [x["viewing"] for x in seen["agents"] if x["name"] == "Sari"] == [["t_1"]], "and others see who looks", seen)
ok(sari.ask({"type": "view", "ticket": "t_99"})["code"] == "not_found", "no such ticket")
ok(sari.ask({"type": "view", "ticket": "x"})["code"] == "not_found", "no ticket's name")
ok(sari.ask({"type": "view"})["type"] == "ack", "looking at none")

# capacity
got = budi.ask({"type": "claim", "ticket": "t_1"})
ok(got["type"] == "claimed" and got["generation"] == 1, "one ticket is within the capacity", got)
moved = b.until(type="handoff")
ok(moved["position"] == 1 and "seq" not in moved, "who waits hears that the place has moved", moved)
full = budi.ask({"type": "claim", "ticket": "t_2"})
ok(full["code"] == "busy" and "as many" in full["message"], "the second is not", full)
ok(budi.ask({"type": "claim", "ticket": "next"})["code"] == "not_found", "nor the next")
crisis = customer("aku mau bunuh diri, udah ga sanggup")
c3 = budi.ask({"type": "claim", "ticket": "next"})
ok(c3["type"] == "claimed" and c3["card"]["priority"] == "crisis", "danger is taken beyond it", c3)
ok(budi.ask({"type": "resolve", "ticket": c3["ticket"], "generation": c3["generation"]})["type"] == "ack", "and done")

ok(got["card"]["candidates"] and 0 <= got["card"]["candidates"][0]["confidence"] <= 1 and got["card"]["topic"] == "", "the card says what the bot took the last message for", got["card"])
all_ = budi.ask({"type": "claim", "ticket": "t_1", "after": 0})["card"]["messages"]
ok([e["seq"] for e in all_] == list(range(1, len(all_) + 1)) and {"handoff", "joined"} <= {e["type"] for e in all_}, "with after, a claim brings every event", all_)
ok([e["seq"] for e in budi.ask({"type": "view", "ticket": "t_1", "after": len(all_) - 1})["card"]["messages"]] == [len(all_)], "so does a look")

# drafts and canned replies
ok(budi.ask({"type": "draft", "ticket": "t_1", "generation": 1, "text": "Kak, aku lagi"})["type"] == "ack", "a draft is kept")
list_ = budi.ask({"type": "canned", "ticket": "t_1", "text": "ref"})["result"]
ok(list_ and list_[0]["name"] == "refund" and "{{" not in list_[0]["text"], "canned replies by their first letters", list_)
everything = budi.ask({"type": "canned", "ticket": "t_1"})["result"]
ok(len(everything) == 30 and all("{{" not in x["text"] for x in everything), "and all of them, filled in", len(everything))
a.say("nomor pesanannya HG-77012, aku kesal banget nunggu lama!!", "m2")
heard = budi.until(type="message")
ok(heard["mood"] == "angry", "the agent sees the mood of each message", heard)

# the daemon dies: the draft and the mood are there
d.kill()
d.start()
again = Line(d.unix)
again.send({"type": "hello", "role": "agent", "token": budi.token})
again.until(type="queue")
got = again.ask({"type": "claim", "ticket": "t_1"})
ok(got["type"] == "claimed" and got["card"].get("draft") == "Kak, aku lagi", "after a kill the draft is on the card", got)
ok(got["card"]["slots"].get("order_id") == "HG-77012" and got["card"]["moods"][-1]["mood"] == "angry", "with what was said while the person held it", got["card"])
budi = again
sari = Line(d.unix)
token = d.ctl("agents", "token", "Sari").stdout.strip()
sari.send({"type": "hello", "role": "agent", "token": token})
sari.until(type="queue")

# putting off
ok(budi.ask({"type": "snooze", "ticket": "t_1", "generation": 1, "wait_s": 5})["code"] == "missing_field", "not for five seconds")
ok(budi.ask({"type": "note", "ticket": "t_1", "generation": 1, "text": "kurir ditelepon"})["type"] == "ack", "a note")
ok(budi.ask({"type": "snooze", "ticket": "t_1", "generation": 1, "wait_s": 3600})["type"] == "ack", "it is put off for an hour")
t = sari.until(type="ticket", ticket="t_1", state="waiting")
ok(t["snoozed_until_ms"] > 0 and t["prefer"] == "Budi", "and will be kept for the same agent", t)
first = sari.ask({"type": "claim", "ticket": "next"})
ok(first["ticket"] == "t_2", "meanwhile it is not in the queue", first["ticket"])
ok(sari.ask({"type": "release", "ticket": "t_2", "generation": first["generation"]})["type"] == "ack", "released")
a2 = Line(d.tcp)
a2.send({"type": "hello", "resume": a.token, "after": 0})
a2.until(type="left")
back = a2.until(type="message")
ok(back["from"]["kind"] == "bot" and "Budi" in back["text"] and "kembali" in back["text"], "the customer has been told that the agent comes back", back)
a2.say("kak, sudah ada kabar?", "m3")
a2.until(re="m3")
t = sari.until(type="ticket", ticket="t_1", state="waiting")
ok("snoozed_until_ms" not in t, "the customer writes, and it is in the queue again", t)
sari_next = sari.ask({"type": "claim", "ticket": "next"})
ok(sari_next["ticket"] == "t_2", "it is kept for who knows it", sari_next["ticket"])
got = budi.ask({"type": "claim", "ticket": "next"})
ok(got["ticket"] == "t_1" and [x["text"] for x in got["card"]["notes"]] == ["kurir ditelepon"], "who takes it with the notes", got)

# danger does not wait until a ticket that was put off comes back
sofi = customer("mau bicara dengan orang")
name = sari.until(type="ticket", state="waiting")["ticket"]
while name == "t_1" or name == "t_2":
    name = sari.until(type="ticket", state="waiting")["ticket"]
off = sari.ask({"type": "claim", "ticket": name})
ok(sari.ask({"type": "snooze", "ticket": name, "generation": off["generation"], "wait_s": 86400})["type"] == "ack", "another is put off for a day")
sofi.say("aku mau bunuh diri, udah ga sanggup", "k1")
sofi.until(re="k1")
danger = sari.ask({"type": "claim", "ticket": "next"})
ok(danger["type"] == "claimed" and danger["ticket"] == name and danger["card"]["priority"] == "crisis", "but danger is the next at once", danger)
ok(sari.ask({"type": "return_to_bot", "ticket": name, "generation": danger["generation"]})["type"] == "ack", "and back")

# a supervisor takes over; the one before is refused
ok(budi.ask({"type": "claim", "ticket": "t_2", "take_over": True})["code"] == "taken", "an agent may not take over")
taken = sari.ask({"type": "claim", "ticket": "t_1", "take_over": True})
ok(taken["type"] == "claimed" and taken["generation"] == got["generation"] + 1, "a supervisor may", taken)
ok(budi.until(type="lease_lost")["ticket"] == "t_1", "who had it is told")
ok(budi.ask({"type": "message", "ticket": "t_1", "generation": got["generation"], "text": "x"})["code"] == "stale_generation", "and writes no more")

# done, rated, seen again
ok(sari.ask({"type": "resolve", "ticket": "t_1", "generation": taken["generation"], "outcome": "kurir dikirim ulang"})["type"] == "ack", "resolved")
a2.until(type="handoff", state="resolved")
a2.send({"type": "feedback", "id": "f1", "rating": 4})
a2.until(re="f1")
ended = sari.ask({"type": "ended"})["result"]
ok([(x["ticket"], x["state"], x["rating"]) for x in ended if x["ticket"] == "t_1"] == [("t_1", "resolved", 4)], "it is among the ended, with its rating", ended)
old = budi.ask({"type": "view", "ticket": "t_1"})
ok(old["type"] == "card" and old["state"] == "resolved" and any("kabar" in m["text"] for m in old["card"]["messages"]), "and can be read again", old)
a2.say("sambungin ke orang lagi dong", "m4")
a2.until(re="m4")
t = sari.until(type="ticket", state="waiting", reason="wish")
ok(t["prefer"] == "Sari", "the customer comes back: who helped them comes first", t)

# figures
stats = budi.ask({"type": "stats"})["result"]
ok(stats["since"]["opened"] == 5 and stats["since"]["resolved"] == 2 and stats["since"]["rating"] == 4.0 and stats["since"]["first_response_ms"] > 0
   and stats["now"]["waiting"] >= 1 and stats["since"]["mood_open"], "figures of the day", stats)
out = d.ctl("stats", "--since", "1d")
ok(out.returncode == 0 and "tickets in the span: opened 5" in out.stdout and "4.0 of 5" in out.stdout, "hangatctl stats", out.stdout + out.stderr)

# the audit log
ok(budi.ask({"type": "audit"})["code"] == "forbidden", "the audit log is not for agents")
log = sari.ask({"type": "audit", "ticket": "t_1"})["result"]
ok([(x["who"], x["what"]) for x in log if x["what"] not in ("delay_told", "notify")] == [
    ("customer", "open"), ("Budi", "claim"), ("Budi", "note"), ("Budi", "snooze"), ("daemon", "wake"), ("Budi", "claim"), ("Sari", "take_over"), ("Sari", "resolve")],
   "the audit log of one ticket", log)
out = d.ctl("audit", "--ticket", "t_1")
ok(out.returncode == 0 and out.stdout.count("\n") >= 8 and "take_over" in out.stdout, "hangatctl audit", out.stdout + out.stderr)
print("# the audit log of t_1:\n" + "".join("#   " + x + "\n" for x in out.stdout.splitlines()), end="")
out = d.ctl("audit", "--who", "Budi", "--json")
refused = [x["detail"].split(":")[0] for x in json.loads(out.stdout) if x["what"] == "refused"]
ok({"busy", "stale_generation", "taken", "forbidden", "missing_field"} - {"busy"} <= set(refused), "what was refused is there", refused)
import sqlite3
db = sqlite3.connect(os.path.join(d.state, "hangat.db"))
kept = 0
for sql in ("UPDATE audit SET who = 'x'", "DELETE FROM audit"):
    try:
        db.execute(sql)
    except sqlite3.Error as e:
        kept += "only added to" in str(e)
db.close()
ok(kept == 2, "the database itself refuses to change or erase a line")

# profiles
ok(d.ctl("agents", "set", "Budi", "--capacity", "3", "--langs", "").returncode == 0, "a profile is changed")
out = d.ctl("agents", "list").stdout
ok("Sari" in out and "supervisor, enabled, signed in" in out and "at most 3" in out and "topics get_refund damaged_item" in out, "and listed", out)
ok(d.ctl("agents", "set", "Budi", "--capacity", "many").returncode == 2, "a capacity is a number")
ok("small letters" in d.ctl("agents", "add", "Eka", "--langs", "ID!").stderr, "languages are codes")
ok(d.ctl("audit", "--since", "soon").returncode == 2, "a span is a span")
again = customer("mau ngobrol sama orang")
for name in (t["ticket"], sari.until(type="ticket", state="waiting", reason="wish")["ticket"]):
    ok(budi.ask({"type": "claim", "ticket": name})["type"] == "claimed", "a larger capacity counts at once, on the open connection")

# forgetting takes drafts and notes along, and leaves the audit log
conv = sari.ask({"type": "view", "ticket": "t_1"})["conversation"]
ok(d.ctl("forget", "--yes", conv).returncode == 0, "forgotten")
ok(sari.ask({"type": "audit", "ticket": "t_1"})["result"] == log, "the audit log stays, since no word of the customer's is in it")
ok(sari.ask({"type": "view", "ticket": "t_1"})["code"] == "not_found", "the ticket does not")
d.end()
finish()
