#!/usr/bin/env python3
"""Editing rules while people talk: live soon, never broken."""
import os
import signal
import sys
import tempfile

sys.dont_write_bytecode = True
from harness import Daemon, Line, copy_rules, finish, ok, wait_for

work = tempfile.mkdtemp(prefix="hangat-rules-")
rules = copy_rules(work)
d = Daemon(rules=rules)
path = os.path.join(rules, "id", "social.json")
good = open(path).read()
c = Line(d.tcp)
n = 0


def ask():
    global n
    n += 1
    c.say("halo kak", f"m{n}")
    return c.until(re=f"m{n}")["text"]


def write_in_place(text):
    with open(path, "w") as f:
        f.write(text)


def write_rename(text):
    with open(path + ".new", "w") as f:
        f.write(text)
    os.rename(path + ".new", path)


def edited(word):
    import json
    j = json.loads(good)
    j["intents"]["greeting"]["replies"]["default"] = [f"{word} satu", f"{word} dua"]
    return json.dumps(j)


for name, write, word in (("in place", write_in_place, "Kata baru"), ("by rename", write_rename, "Kata lain")):
    write(edited(word))
    took = wait_for(lambda: ask().startswith(word))
    ok(took is not None, f"a reply edited {name} is live on the open connection", took)
    print(f"# took {took:.2f} s")



def loads():
    d.ctl("reload")  # answered after those before it
    return d.log().count("rules loaded")


before = loads()
write_rename(edited("Sekali"))
for _ in range(5):
    d.proc.send_signal(signal.SIGHUP)
    d.ctl("status")  # the signal has been taken
ok(wait_for(lambda: ask().startswith("Sekali")) is not None and loads() == before + 1, "hints that come while rules are read load nothing twice", f"{before} before, {loads()} after")
write_rename(edited("Kata lain"))
wait_for(lambda: ask().startswith("Kata lain"))

for lang in ("id", "en"):  # what was learnt takes long to read, and the rest is the same without
    for name in ("classifier", "detector", "calibration"):
        os.remove(os.path.join(rules, lang, f"{name}.json"))
out = d.ctl("reload")
ok(out.returncode == 0 and ask().startswith("Kata lain"), "patterns go on when what was learnt is taken away", out.stderr)

write_rename('{ "language": "id", "intents": { "x": { ')
ok(wait_for(lambda: "FAILED" in d.ctl("status").stdout) is not None, "status tells of a broken file")
shown = d.ctl("status").stdout
ok("social.json:1:" in shown, "with its place", shown)
ok(ask().startswith("Kata lain"), "the old rules stay in use")
out = d.ctl("reload")
ok(out.returncode == 1 and "social.json" in out.stderr and "old rules stay" in out.stderr, "reload answers the error to who asked", out.stderr)
ok("not loaded" in d.log(), "and it is logged")
write_rename(good)
ok(wait_for(lambda: "FAILED" not in d.ctl("status").stdout and not ask().startswith("Kata")) is not None, "a mended file is taken")
out = d.ctl("reload")
ok(out.returncode == 0 and "unchanged" in out.stdout, "reload of the same rules changes nothing", out.stdout)

extra = os.path.join(rules, "id", "extra.json")
before = d.ctl("status").stdout.split("rules: ")[1].split(" ")[0]
open(extra, "w").write('{ "language": "id", "words": [ "baru" ] }')
d.proc.send_signal(signal.SIGHUP)
ok(wait_for(lambda: d.ctl("status").stdout.split("rules: ")[1].split(" ")[0] == str(int(before) + 1)) is not None, "a new file, and SIGHUP")

table = os.path.join(rules, "tables", "orders.csv")
open(extra, "w").write("""{ "language": "id", "intents": { "cek_nomor": { "title": "cek nomor", "priority": 3, "patterns": [ { "match": "lonceng pesanan", "weight": 1 } ],
  "lookup": { "table": "orders", "slot": "order_id", "found": [ "Pesanan {{row.order_id}} {{row.status}}." ], "missing": [ "{{order_id}} tidak ada." ] },
  "replies": { "default": [ "Nomornya?" ] } } } }""")


def look_up(number):
    global n, c
    if n % 2 == 0:
        c = Line(d.tcp)  # asked three times in one conversation, it would offer a person
    n += 1
    c.say(f"lonceng pesanan {number}", f"m{n}")
    return c.until(re=f"m{n}")["text"]


ok(wait_for(lambda: look_up("HG-2210").startswith("Nomornya?")) is not None, "a look-up without its table gives the usual reply")
open(table, "w").write("order_id,status\nHG-2210,sudah dikirim\nHG-2211,tiba\n")
ok(wait_for(lambda: look_up("hg-2210") == "Pesanan HG-2210 sudah dikirim.") is not None, "a table is read when it appears, and its row answers", look_up("hg-2210"))
ok(look_up("HG-9999") == "HG-9999 tidak ada.", "no such row is said honestly", look_up("HG-9999"))
open(table, "w").write("order_id,status\nHG-2210,sampai di Bandung\n")
ok(wait_for(lambda: look_up("HG-2210") == "Pesanan HG-2210 sampai di Bandung.") is not None, "an edited table is live")
open(table, "w").write("order_id,status\nHG-2210,\n")
ok(wait_for(lambda: "orders.csv:2:1" in d.ctl("status").stdout) is not None, "a row with a mistake is told with its place")
ok(look_up("HG-2210") == "Pesanan HG-2210 sampai di Bandung.", "and the old table stays")
open(table, "w").write("order_id,status\nHG-2210,tiba\n")
ok(wait_for(lambda: "FAILED" not in d.ctl("status").stdout) is not None, "until it is mended")

for i in range(60):
    write_in_place(edited(f"R{i}") if i % 2 else "{ broken")
    ask()
write_rename(edited("Akhir"))
ok(wait_for(lambda: ask().startswith("Akhir")) is not None, "a storm of good and broken saves ends with the last good one")
# opening hours, from a file of the shop's own
hours = os.path.join(rules, "hours.json")
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
with open(hours, "w") as f:
    f.write('{ "language": "any", "business": { "hours": { %s } } }' % ", ".join(f'"{x}": "closed"' for x in days))
d.ctl("reload")
late = Line(d.tcp)
late.say("mau bicara dengan orang", "1")
text = late.until(re="1")["text"]
ok("sekarang urutan" not in text.lower() and ("tutup" in text or "jam" in text), "a closed shop does not promise somebody now", text)
with open(hours, "w") as f:
    f.write('{ "language": "any", "business": { "utc_offset": "7", "hours": { "mon": "9-17" }, "holidays": [ "soon" ] } }')
out = d.ctl("reload").stdout + d.ctl("reload").stderr
ok(all(x in out for x in ["no offset from UTC", "hours.json"]), "wrong hours are told", out)
with open(hours, "w") as f:
    f.write('{ "language": "any", "business": { "hours": { %s } } }' % ", ".join(f'"{x}": "00:00-24:00"' for x in days))
d.ctl("reload")
early = Line(d.tcp)
early.say("mau bicara dengan orang", "1")
ok("tutup" not in early.until(re="1")["text"], "an open one does not say it is closed")
d.end()
finish()
