#!/usr/bin/env python3
"""Rule files at and over their bounds: told with place and mend, or loaded."""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "system"))
from harness import finish, ok

ctl = os.path.join(os.environ["top_builddir"], "hangatctl")
base = os.path.join(os.environ["top_srcdir"], "tests", "cases", "base")


def classify(rules, text):
    return subprocess.run([ctl, "classify", "--rules", base, "--rules", rules], input=json.dumps({"text": text}) + "\n",
                          capture_output=True, text=True)


def write(rules, name, patterns, first):
    intents = {f"i{first + i}": {"title": "t", "patterns": [f"kata{first + i}x{j} lagi" for j in range(5)], "replies": {"default": ["ok"]}}
               for i in range(patterns // 5)}
    with open(os.path.join(rules, name), "w") as f:
        json.dump({"language": "id", "intents": intents}, f)


work = tempfile.mkdtemp(prefix="hangat-big-")
for k in range(20):
    write(work, f"f{k:02}.json", 5000, k * 1000)
out = classify(work, "tolong kata19999x4 lagi ya")
ok(out.returncode == 0 and '"intent":"i19999"' in out.stdout, "100,000 patterns are loaded, and the last is found", out.stderr + out.stdout)
for k in range(20, 41):
    write(work, f"f{k:02}.json", 5000, k * 1000)
out = classify(work, "x")
ok(out.returncode == 1 and "more than 200000 patterns in all; take some out" in out.stderr and "f40.json:1:" in out.stderr,
   "over 200,000 it is told where, and to take some out", out.stderr[:300])

work = tempfile.mkdtemp(prefix="hangat-big-")
note = "a" * (4 * 1024 * 1024 - 100)
with open(os.path.join(work, "big.json"), "w") as f:
    f.write('{"language":"id","note":"' + note + '"}')
out = classify(work, "darurat")
ok(out.returncode == 0, "a file of nearly 4 MiB is read", out.stderr[:300])
with open(os.path.join(work, "big.json"), "w") as f:
    f.write('{"language":"id","note":"' + note + "b" * 200 + '"}')
with open(os.path.join(work, "other.json"), "w") as f:
    f.write('{"language":"id","intnets":{}}')
out = classify(work, "x")
ok(out.returncode == 1 and "big.json:1:1: is larger than 4194304 bytes; split it" in out.stderr and 'did you mean "intents"' in out.stderr,
   "a larger one is refused, together with what is wrong elsewhere", out.stderr[:300])
finish()
