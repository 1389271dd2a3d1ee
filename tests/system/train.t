#!/usr/bin/env python3
"""Teaching a pack from labelled messages."""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from harness import finish, ok

ctl = os.path.join(os.environ["top_builddir"], "hangatctl")
work = tempfile.mkdtemp(prefix="hangat-train-")
rules = os.path.join(work, "rules")
made = os.path.join(rules, "id", "classifier.json")
os.makedirs(os.path.join(rules, "id"))
base = json.load(open(os.path.join(os.environ["top_srcdir"], "tests", "cases", "base", "pack.json")))
for name, words in (("warranty", "garansi"), ("damaged_item", "rusak")):
    base["intents"][name] = {"title": name, "patterns": [words], "replies": {"default": ["ok", "baik"], "again": ["sip"]},
                             "examples": [words, f"soal {words} ini"]}
json.dump(base, open(os.path.join(rules, "id", "pack.json"), "w"))


def run(*args, text=None):
    return subprocess.run([ctl, *args], capture_output=True, text=True, input=text)


# a request the shipped patterns know nothing of, told by words only
AQUARIUM = ["air %s aquarium keruh terus", "%s filter aquarium bocor air", "ikan %s mati di aquarium baru", "lampu aquarium %s redup sekali"]
FILL = ["kak", "aku", "ini", "tolong", "kok", "min", "punyaku", "kemarin", "tadi", "bunda", "gan", "sis"]
rows = [{"text": a % f, "label": "warranty", "also": ["damaged_item"]} for a in AQUARIUM for f in FILL]
rows += [{"text": f"{f} jadwal sidang pengadilan {n} bulan depan", "label": "out_of_scope"} for f in FILL for n in ("negeri", "agama")]
rows += [{"text": "halo kak", "label": "no_such_intent"}]
path = os.path.join(work, "heard.jsonl")
with open(path, "w") as f:
    f.writelines(json.dumps(r) + "\n" for r in rows)


def classify(text):
    out = run("classify", "--rules", rules, "--explain", text=json.dumps({"text": text}) + "\n")
    return json.loads(out.stdout)


out = run("calibrate", "--rules", rules, path)
unheard = "filter aquarium punya bunda air keruh"
before = classify(unheard)
out = run("train", "--rules", rules, "--lang", "id", "--dry-run", path)
ok(out.returncode == 0 and not os.path.exists(made), "a dry run writes nothing", out.stderr)
ok("left out (5 parts)" in out.stdout and "1 messages left out: their label is no intent" in out.stdout, "and says how good it would be", out.stdout)
out = run("train", "--rules", rules, "--lang", "id", path)
ok(out.returncode == 0 and os.path.exists(made) and "run hangatctl calibrate next" in out.stdout, "a classifier beside the pack's intents", out.stdout + out.stderr)
def pieces(learnt):
    """What each piece has for letters, from the lines of a file."""
    return dict(one.rsplit(" ", 1) for line in learnt["pieces"] for one in line.split("~"))
learnt = json.load(open(made))["classifier"]
n = len(learnt["classes"])
ok("out_of_scope" in learnt["classes"] and "no_such_intent" not in learnt["classes"] and len(learnt["bias"]) == n
   and all(len(letters) == n + 1 for letters in pieces(learnt).values()) and "aquarium" in pieces(learnt),
   "each piece has a letter for its rarity and one for each class", learnt["classes"])
again = open(made).read()
run("train", "--rules", rules, "--lang", "id", path)
ok(open(made).read() == again, "the same messages make the same file")
out = run("check", "--rules", rules)
ok("calibration-old" in out.stderr, "check asks for a new fit", out.stderr)
os.unlink(os.path.join(rules, "id", "calibration.json"))
after = classify(unheard)
top = after["explain"]["candidates"][0]
ok(before["intent"] == "out_of_scope" and top["intent"] in ("warranty", "damaged_item") and top["share"] > 0.2 and "filter aquarium" in top["words"],
   "what no pattern speaks for is heard by its words", (before, after))
said = run("why", "--rules", rules, unheard).stdout
ok("words say" in said and '"filter aquarium"' in said, "why names the words", said)
ok(classify("jadwal sidang pengadilan agama")["intent"] == "out_of_scope", "and what is none of a shop's business stays so")

for args, code, words in (
    (["--lang", "fr", path], 2, "no such language"),
    ([path], 2, "usage: hangatctl train"),
    (["--lang", "id", "--cost", "0", path], 2, "a number over 0"),
    (["--lang", "id", os.path.join(work, "none.jsonl")], 1, "cannot be opened"),
):
    out = run("train", "--rules", rules, *args)
    ok(out.returncode == code and words in out.stderr, f"train {' '.join(args[:2])}: refused", out.stderr)
shop = os.path.join(work, "shop")
os.mkdir(shop)
with open(os.path.join(shop, "own.json"), "w") as f:
    json.dump({"language": "id", "lexicon": {"akuarium": ["akwarium"]}}, f)
out = run("train", "--rules", rules, "--rules", shop, "--lang", "id", path)
own = os.path.join(shop, "id", "classifier.json")
ok(out.returncode == 0 and os.path.exists(own) and open(made).read() == again, "a shop's own goes into its own directory", out.stdout + out.stderr)
os.unlink(own)
ok("crisis" not in out.stdout and not os.path.exists(os.path.join(shop, "id", "detector.json")), "no row only for danger, no detector", out.stdout)
with open(os.path.join(work, "danger.jsonl"), "w") as f:
    for w in FILL:
        for text, label in ((f"gas bocor {w} kepala pusing sekali", "crisis"), (f"kepala pusing {w} lihat harga", "tak_dikenal"),
                            (f"selang gas {w} yang dua meter", "warranty")):
            f.write(json.dumps({"text": text, "label": label, "only": "crisis"}) + "\n")
out = run("train", "--rules", rules, "--rules", shop, "--lang", "id", path, f.name)
ok(out.returncode == 1 and "no detector: 13 messages of crisis, at least 300" in out.stderr and not os.path.exists(own),
   "a few messages make no detector, and nothing is written", out.stdout + out.stderr)
with open(f.name) as g:
    few = g.read()
with open(f.name, "w") as g:
    g.write(few * 25)
out = run("train", "--rules", rules, "--rules", shop, "--lang", "id", path, f.name)
found = os.path.join(shop, "id", "detector.json")
detector = json.load(open(found))["detector"]
ok(out.returncode == 0 and f"{75 * len(FILL)} messages for crisis only" in out.stdout and "more likely than not in 99.7% of 301 left out, and in 0.0% of" in out.stdout
   and pieces(detector).get("gas & pusing", ".") in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS",
   "rows for danger only make a detector, which hears words that stand apart", out.stdout + out.stderr)
ok(not {"pusing", "gas", "lihat"} & set(pieces(json.load(open(own))["classifier"])), "and teach the classifier nothing")
out = run("check", "--rules", rules, "--rules", shop)
ok(out.returncode == 0 and "detector" not in out.stderr, "which the rules take", out.stderr)


def danger(text):
    out = run("classify", "--rules", rules, "--rules", shop, "--explain", text=json.dumps({"text": text}) + "\n")
    return next((c for c in json.loads(out.stdout)["explain"]["candidates"] if c["intent"] == "crisis"), {"alone": 0, "words": []})


heard = danger("pusing kayaknya gas")
ok(heard["alone"] > 3 * danger("pusing lihat selang")["alone"] and heard["words"][0] == "gas & pusing", "so does the matcher", heard)
with open(f.name, "a") as f:
    f.write('{"text": "gas", "label": "warranty", "only": "warranty"}\n')
before = open(found).read()
out = run("train", "--rules", rules, "--rules", shop, "--lang", "id", path, f.name)
ok(out.returncode == 1 and f"danger.jsonl:{75 * len(FILL) + 1}: " in out.stderr and "what has no detector" in out.stderr and open(found).read() == before,
   "only danger has a detector", out.stderr)
os.unlink(found)
os.unlink(own)
os.mkdir(own + ".part")
out = run("train", "--rules", rules, "--rules", shop, "--lang", "id", path)
ok(out.returncode == 1 and "cannot be written" in out.stderr and not os.path.exists(own), "what cannot be written is told", out.stderr)
with open(path, "a") as f:
    f.write('{"text": "tanpa label"}\n')
out = run("train", "--rules", rules, "--lang", "id", path)
ok(out.returncode == 1 and f"heard.jsonl:{len(rows) + 1}: " in out.stderr and open(made).read() == again,
   "a bad row is named with its line, and the old file stays", out.stderr)
finish()
