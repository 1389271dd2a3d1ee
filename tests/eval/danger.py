#!/usr/bin/env python3
"""What is heard of danger in labelled messages, and the fit of its likelihood.

usage: danger.py [--fit] HANGATCTL RULES FILE.jsonl...

A FILE has "text" and "label" (or "intent") in each line; its language is told by
"_id" or "_en" in its name.  Prints, for messages labelled crisis and for all
others, how many are answered as danger, bring a person because they may be it,
are asked about, and hear that more may be told.

--fit prints the figures of detector_likelihood in src/rules/detector.c, fitted to the
messages of all files (a logistic regression, by Newton's method), and what share
of the messages in danger and of the others reach each likelihood.
"""
import json, math, os, subprocess, sys

COLUMNS = ("danger", "person", "asked", "care", "nothing")


def classify(hangatctl, rules, path):
    lang = "id" if "_id" in os.path.basename(path) else "en"
    rows = [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]
    lines = "".join(json.dumps({"text": r["text"]}) + "\n" for r in rows)
    run = subprocess.run([hangatctl, "classify", "--rules", rules, "--lang", lang, "--explain"],
                         input=lines, capture_output=True, text=True)
    verdicts = [json.loads(line) for line in run.stdout.splitlines()]
    if len(verdicts) != len(rows):
        sys.exit(f"{path}: {len(rows)} messages, {len(verdicts)} verdicts: {run.stderr.strip()}")
    return [((r.get("label") or r.get("intent")) == "crisis", v) for r, v in zip(rows, verdicts)
            if "error" not in v]


def heard(verdict):
    stage = verdict["explain"]["stage"]
    if stage == "crisis" or (verdict["intent"] == "crisis" and verdict["decision"] == "answer"):
        return "danger"
    if verdict["intent"] == "crisis" and verdict["handoff"]:
        return "person"
    if verdict["intent"] == "crisis" and verdict["decision"] == "clarify":
        return "asked"
    return "care" if verdict["explain"].get("care") else "nothing"


def logit(p):
    return math.log((p + 1e-4) / (1 - p + 1e-4))


def features(verdict):
    """None when words hear nothing of danger: then nothing is asked."""
    for c in verdict["explain"]["candidates"]:
        if c["intent"] == "crisis" and c.get("alone") is not None:
            alone, part = c["alone"], c.get("part") or 0
            return [1, logit(alone), logit(c.get("score") or 0), c.get("matched") or 0,
                    logit(max(alone, part))]
    return None


def solve(a, b):
    n = len(b)
    a = [row[:] + [v] for row, v in zip(a, b)]
    for i in range(n):
        p = max(range(i, n), key=lambda r: abs(a[r][i]))
        a[i], a[p] = a[p], a[i]
        for r in range(n):
            if r != i:
                f = a[r][i] / a[i][i]
                a[r] = [x - f * y for x, y in zip(a[r], a[i])]
    return [a[i][n] / a[i][i] for i in range(n)]


def likelihood(w, x):
    return 1 / (1 + math.exp(-sum(a * b for a, b in zip(w, x))))


def fit(xs, ys):
    n = len(xs[0])
    w = [0.0] * n
    for _ in range(15):
        h = [[1.0 * (i == j and i > 0) for j in range(n)] for i in range(n)]
        g = [-v * (i > 0) for i, v in enumerate(w)]
        for x, y in zip(xs, ys):
            p = likelihood(w, x)
            for i in range(n):
                g[i] += x[i] * (y - p)
                for j in range(n):
                    h[i][j] += x[i] * x[j] * p * (1 - p)
        w = [a + b for a, b in zip(w, solve(h, g))]
    return w


def print_fit(rows):
    pairs = [(features(v), in_danger) for in_danger, v in rows]
    known = [(x, y) for x, y in pairs if x is not None]
    w = fit([x for x, _ in known], [1.0 * y for _, y in known])
    print("1 %.3f  alone %.3f  score %.3f  matched %.3f  most %.3f" % tuple(w))
    for least in (.6, .5, .4, .3, .2, .1, .06, .04, .02, .01):
        share = []
        for kind in (True, False):
            of = [x for x, y in pairs if y == kind]
            reach = sum(x is not None and likelihood(w, x) >= least for x in of)
            share.append(100 * reach / max(1, len(of)))
        print("from %.2f: %.2f%% of those in danger, %.2f%% of the others" % (least, *share))


def count(rows):
    n = {(kind, c): 0 for kind in (True, False) for c in COLUMNS}
    for in_danger, v in rows:
        n[in_danger, heard(v)] += 1
    return n


def show(name, n):
    print("%-28s" % name, end="")
    for kind, title in ((True, "in danger"), (False, "others")):
        print("  %s %d:" % (title, sum(n[kind, c] for c in COLUMNS)), end="")
        print("".join(" %s %d" % (c, n[kind, c]) for c in COLUMNS), end="")
    print(flush=True)


def main(args):
    fitting = "--fit" in args
    args = [a for a in args if a != "--fit"]
    if len(args) < 3 or args[0].startswith("-"):
        sys.exit(__doc__)
    rows = []
    for path in args[2:]:
        found = classify(args[0], args[1], path)
        rows += found
        if not fitting:
            show(os.path.basename(path), count(found))
    print_fit(rows) if fitting else show("all", count(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
