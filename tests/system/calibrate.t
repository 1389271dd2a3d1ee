#!/usr/bin/env python3
"""Fitting confidence to labelled messages, and the figures about them."""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from harness import copy_rules, finish, ok

ctl = os.path.join(os.environ["top_builddir"], "hangatctl")
work = tempfile.mkdtemp(prefix="hangat-calibrate-")
rules = copy_rules(work)


def run(*args):
    return subprocess.run([ctl, *args], capture_output=True, text=True)


rows = []
for lang in ("id", "en"):
    for name in sorted(os.listdir(os.path.join(rules, lang))):
        pack = json.load(open(os.path.join(rules, lang, name)))
        for intent, body in pack.get("intents", {}).items():
            rows += [{"text": t, "label": intent, "origin": lang} for t in body.get("examples", [])]
            rows += [{"text": t, "label": "out_of_scope", "origin": "near"} for t in body.get("not_examples", [])[:1]]
path = os.path.join(work, "own.jsonl")
with open(path, "w") as f:
    f.writelines(json.dumps(r) + "\n" for r in rows)

for lang in ("id", "en"):
    old = os.path.join(rules, lang, "calibration.json")
    if os.path.exists(old):
        os.unlink(old)
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
social = os.path.join(rules, "id", "social.json")
text = open(social).read()
open(social, "w").write(text.replace('"weight": 0.', '"weight": 0.1', 1))
out = run("check", "--rules", rules)
ok("id/calibration.json:" in out.stderr and "calibration-old" in out.stderr and "en/calibration.json" not in out.stderr,
   "but it has when a weight has changed", out.stderr)
open(social, "w").write(text)
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
