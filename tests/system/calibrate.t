#!/usr/bin/env python3
"""Fitting confidence to labelled messages, and the figures about them."""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from harness import finish, ok

ctl = os.path.join(os.environ["top_builddir"], "hangatctl")
work = tempfile.mkdtemp(prefix="hangat-calibrate-")
rules = os.path.join(work, "rules")
path = os.path.join(work, "own.jsonl")


def run(*args):
    return subprocess.run([ctl, *args], capture_output=True, text=True)


# two small packs: "sure" words that hit, and "weak" ones that are right only now and then
WORDS = {
    "id": {"cancel_order": ("batal", "batalin", "nggak jadi"), "change_shipping_address": ("ganti alamat", "pindah alamat", "alamat baru"),
           "track_order": ("sampai mana", "resi", "lacak"), "warranty": ("garansi", "klaim", "servis")},
    "en": {"cancel_order": ("cancel", "call off", "never mind"), "change_shipping_address": ("change the address", "move the address", "new address"),
           "track_order": ("where is", "tracking", "trace"), "warranty": ("warranty", "claim", "repair")},
}
FILL = {"id": ["kak", "min", "tolong ya", "halo gan", "ini gimana", "pesananku", "boleh", "kemarin itu"],
        "en": ["please", "hello there", "hi guys", "can you", "what about", "for my order", "yesterday i", "quick question"]}
OTHER = {"id": "di kebun tetangga", "en": "in the garden of"}
base = json.load(open(os.path.join(os.environ["top_srcdir"], "tests", "cases", "base", "pack.json")))
rows = []
for lang in ("id", "en"):
    pack = json.loads(json.dumps(base))
    pack["language"] = lang
    pack["words"] = [" ".join([*FILL[lang], OTHER[lang], *(w for words in WORDS[lang].values() for w in words)])]
    for name, words in WORDS[lang].items():
        body = {"title": name, "replies": {"default": ["ok", "baik"], "again": ["sip"]}, "examples": [words[0], words[1]],
                "patterns": [{"match": words[0], "weight": 0.9}, {"match": words[1], "weight": 0.8}, {"match": words[2], "weight": 0.4}]}
        if name == "cancel_order":
            body["unless"] = [WORDS[lang]["change_shipping_address"][0]]
        pack["intents"][name] = body
        for i, fill in enumerate(FILL[lang]):
            rows += [{"text": f"{fill} {w}", "label": name, "origin": lang} for w in words[:2]]
            weak = {"text": f"{fill} {words[2]}", "origin": "near"}
            rows.append({**weak, "label": name if i % 2 else "out_of_scope"})
            rows.append({"text": f"{fill} {i} {OTHER[lang]} {name}", "label": "out_of_scope", "origin": "near"})
    os.makedirs(os.path.join(rules, lang))
    json.dump(pack, open(os.path.join(rules, lang, "pack.json"), "w"), indent=1)
with open(path, "w") as f:
    f.writelines(json.dumps(r) + "\n" for r in rows)

out = run("calibrate", "--rules", rules, "--dry-run", path)
made = [os.path.join(rules, lang, "calibration.json") for lang in ("id", "en")]
ok(out.returncode == 0 and not any(os.path.exists(m) for m in made), "a dry run writes nothing", out.stderr)
out = run("calibrate", "--rules", rules, path)
ok(out.returncode == 0 and all(os.path.exists(m) for m in made) and "calibration error" in out.stdout, "a map for each pack", out.stdout + out.stderr)
fit = json.load(open(made[0]))["calibration"]
shares = [p[1] for p in fit["top"]]
ok(shares == sorted(shares) and 0.5 <= fit["answer"] <= 1 and fit["clarify"] <= fit["answer"] and fit["fitted_on"] == ["own.jsonl"],
   "it never falls, and says what it was fitted on", fit)
out = run("check", "--rules", rules)
ok("calibration-old" not in out.stderr, "check has nothing to say of a fresh fit", out.stderr)
edited = os.path.join(rules, "id", "pack.json")
text = open(edited).read()
open(edited, "w").write(text.replace('"weight": 0.', '"weight": 0.1', 1))
out = run("check", "--rules", rules)
ok("id/calibration.json:" in out.stderr and "calibration-old" in out.stderr and "en/calibration.json" not in out.stderr,
   "but it has when a weight has changed", out.stderr)
open(edited, "w").write(text)
out = run("test", "--rules", rules, "--labelled", path)
need = ["strict", "lenient", "coverage", "wrong among answered", "risk-coverage", "calibration error", "confusions", "near"]
ok(out.returncode == 0 and all(n in out.stdout for n in need), "test --labelled prints all its figures", out.stdout)
out = run("calibrate", "--rules", rules, "--accept", "5", path)
ok(out.returncode == 2 and "over 0 and under 1" in out.stderr, "a share is a share", out.stderr)
open(path, "a").write('{"text": "x"}\n')
out = run("test", "--rules", rules, "--labelled", path)
ok(out.returncode == 1 and f"own.jsonl:{len(rows) + 1}: no " in out.stderr, "a bad row is told with its line", out.stderr)
out = run("why", "--rules", rules, "--not", "cancel_order", "bukan mau batalin, mau ganti alamat")
ok("vetoed by" in out.stdout and "change_shipping_address" in out.stdout, "why --not tells what took an intent back", out.stdout)
out = run("why", "--rules", rules, "--not", "warranty", "halo kak")
ok("none of its" in out.stdout, "or that nothing of it matches", out.stdout)
finish()
