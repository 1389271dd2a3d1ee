#!/usr/bin/env python3
"""How many requests of a message are answered, and how many messages that go on.

usage: several.py HANGATCTL RULES FILE...

A line of a FILE has either "text", "label" and perhaps "also" (further requests) and
"alt" (a label that would do as well); or "turns", what one customer writes, and "want",
the intent of each.  The language is told by "_id" or "_en" in the file's name.

Prints, of the first kind, for messages with one, two, three requests: how many were
asked, how many of them answered, how many other ones, and in how many messages all
were; of the second, how many of the later turns were answered as wanted, otherwise,
and not at all.
"""
import json, os, re, subprocess, sys


def classify(hangatctl, rules, lang, rows):
    lines = "".join(json.dumps({"text": r["text"]}) + "\n" for r in rows)
    run = subprocess.run([hangatctl, "classify", "--rules", rules, "--lang", lang],
                         input=lines, capture_output=True, text=True)
    verdicts = [json.loads(line) for line in run.stdout.splitlines()]
    if len(verdicts) != len(rows):
        sys.exit(f"{len(rows)} messages, {len(verdicts)} verdicts: {run.stderr.strip()}")
    return verdicts


def count_requests(hangatctl, rules, lang, rows):
    count = {}
    for row, v in zip(rows, classify(hangatctl, rules, lang, rows)):
        asked = [row["label"], *row.get("also", [])]
        fits = {*asked, *row.get("alt", [])}
        said = [v["intent"], *v.get("also", [])] if v["decision"] == "answer" else []
        c = count.setdefault(len(asked), [0] * 5)
        for i, n in enumerate((1, len(asked), len([s for s in said if s in fits]),
                               len([s for s in said if s not in fits]), set(asked) <= set(said))):
            c[i] += n
    for n in sorted(count):
        print("  %d asked: %4d messages, %4d requests, %4d answered, %3d others, all of %4d"
              % (n, *count[n]))


def count_turns(hangatctl, rules, rows):
    right = other = none = 0
    for row in rows:
        run = subprocess.run([hangatctl, "chat", "--rules", rules, "--why"],
                             input="\n".join(row["turns"]) + "\n", capture_output=True, text=True)
        said = re.findall(r"^  -- (\w+) (\w+)", run.stdout, re.M)
        for want, (decision, intent) in list(zip(row["want"], said))[1:]:
            right += decision == "answer" and intent == want
            other += decision == "answer" and intent != want
            none += decision != "answer"
    print("  later turns: %4d as wanted, %3d otherwise, %3d not answered" % (right, other, none))


def main():
    if len(sys.argv) < 4 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        sys.exit(0 if "--help" in sys.argv else 2)
    hangatctl, rules, *files = sys.argv[1:]
    for path in files:
        with open(path, encoding="utf-8") as f:
            rows = [json.loads(line) for line in f if line.strip()]
        print(os.path.basename(path))
        if rows and "turns" in rows[0]:
            count_turns(hangatctl, rules, rows)
        else:
            lang = "id" if "_id" in os.path.basename(path) else "en"
            count_requests(hangatctl, rules, lang, rows)


main()
