#!/usr/bin/env python3
"""Danger is heard in every message of the project's own tables, and hyperbole is
hardly ever taken for it."""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
from harness import finish, ok

top = os.environ["top_srcdir"]
ctl = os.path.join(os.environ["top_builddir"], "hangatctl")
for lang in ("id", "en"):
    rows = [json.loads(line) for line in open(os.path.join(top, "tests", "eval", f"crisis_{lang}.jsonl"))]
    text = "".join(json.dumps({"text": r["text"]}) + "\n" for r in rows)
    out = subprocess.run([ctl, "classify", "--rules", os.path.join(top, "rules")], input=text, capture_output=True, text=True)
    got = [json.loads(line) for line in out.stdout.splitlines()]
    crisis = [(r, g) for r, g in zip(rows, got) if r["label"] == "crisis"]
    other = [(r, g) for r, g in zip(rows, got) if r["label"] != "crisis"]
    missed = [r["text"] for r, g in crisis if g["intent"] != "crisis" or not g["handoff"]]
    taken = [r["text"] for r, g in other if g["intent"] == "crisis" and g["handoff"]]
    ok(len(got) == len(rows) and len(crisis) >= 60 and len(other) >= 60, f"{lang}: a table of {len(crisis)} and {len(other)}")
    ok(not missed, f"{lang}: no crisis message is missed, each calls a person", missed)
    ok(len(taken) <= 0.05 * len(other), f"{lang}: hyperbole taken for crisis {len(taken)} of {len(other)}", taken)
finish()
