#!/usr/bin/env python3
"""Fits the model that tells news of a visit of which no report is stored, and shows how far to trust it.

    tieback features --visits > visits.jsonl
    tests/fit/fit_visits.py visits.jsonl labels.jsonl [visits.jsonl labels.jsonl …] [--write config/visits.toml] [--misses]

visits.jsonl   one line a story, as it is and without its date, with its signs (src/tie/judge/visit.rs)
labels.jsonl   as labels.py writes it; stories that are not labelled are left out

`tests/fit/visits PROGRAM` does all of it. A logistic regression whose weights keep to their side of 0, with a pull to what is
known without data. Authorities are held out in eight turns; the table is of stories as they are, judged by weights that
never saw their authority. Needs numpy.
"""
import argparse
import json
import pathlib
import random
import sys
import tomllib

import numpy

from fit import descend, key

# What can only speak for a visit, and only against one; the rest may do either.
FOR = {"named-lead", "named", "visited-lead", "visited", "scope", "findings", "after", "unfound", "unfound-nowhere"}
AGAINST = {"graded", "stands", "covered", "found", "followed", "joint", "tied", "announced"}
PRIOR = {"named-lead": 4.0, "named": 2.0, "visited-lead": 2.0, "visited": 1.5, "scope": 1.0, "findings": 1.0, "ungraded": 0.5, "followed": -2.0, "graded": -4.0,
         "stands": -1.0, "after": 1.0, "covered": -2.5, "tied": -2.0, "joint": -2.5, "unfound": 1.5, "unfound-nowhere": 0.5, "found": -1.5, "announced": -1.0}
PULL = 0.3
STEPS = 2000
TURNS = 8
SHARE = {"as-is": 1.0, "undated": 0.3}
LEAST = tomllib.loads((pathlib.Path(__file__).resolve().parents[2] / "config/visits.toml").read_text())["least"]
VISITS = {"focused visit", "monitoring visit"}
# Which of these it is, another rule tells.
OTHERS = {"JTAI", "Area SEND"}


def load(features, labels, name):
    wanted = {key(row["url"]): row for row in map(json.loads, open(labels, encoding="utf-8"))}
    rows = []
    for row in map(json.loads, open(features, encoding="utf-8")):
        label = wanted.get(key(row["story_url"]))
        if label is None or label["unseen"] in OTHERS:
            continue
        rows.append(row | {"right": label["unseen"] in VISITS, "set": name})
    if not rows:
        sys.exit(f"fit_visits: no story of {features} is labelled")
    return rows


def fit(values, right, share, prior, sign):
    """On the likelihood with the pull to the prior."""
    def slope(weights, bias):
        error = (1 / (1 + numpy.exp(-(values @ weights + bias))) - right) * share
        return numpy.append(values.T @ error + PULL * (weights - prior), error.sum())

    return descend(slope, prior, sign, -2.0, STEPS)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="VISITS LABELS")
    parser.add_argument("--write", metavar="FILE", help="put the weights into this file, threshold and comments kept")
    parser.add_argument("--misses", action="store_true", help="name each held-out story that is told wrongly at the threshold")
    args = parser.parse_args()
    if len(args.files) % 2:
        parser.error("each file of signs needs one of labels")
    rows = [row for at in range(0, len(args.files), 2) for row in load(args.files[at], args.files[at + 1], at // 2)]
    names = list(rows[0]["signs"])
    values = numpy.array([[row["signs"][name] for name in names] for row in rows])
    right = numpy.array([row["right"] for row in rows])
    share = numpy.array([SHARE[row["variant"]] for row in rows])
    prior = numpy.array([PRIOR.get(name, 0.0) for name in names])
    sign = numpy.array([1 if name in FOR else -1 if name in AGAINST else 0 for name in names])

    authorities = sorted({row["authority"] for row in rows})
    random.Random(2).shuffle(authorities)
    held_out = numpy.zeros(len(rows))
    for turn in range(TURNS):
        out = numpy.isin([row["authority"] for row in rows], authorities[turn::TURNS])
        weights, bias = fit(values[~out], right[~out].astype(float), share[~out], prior, sign)
        held_out[out] = 1 / (1 + numpy.exp(-(values[out] @ weights + bias)))
    print(f"{len(authorities)} authorities, held out in {TURNS} turns")
    for variant in SHARE:
        of = numpy.array([row["variant"] == variant for row in rows])
        print(f"{variant}: {of.sum()} stories, {(of & right).sum()} news of a visit without a report")
        for threshold in sorted({0.3, 0.4, 0.5, 0.6, 0.7, LEAST}):
            told = of & (held_out >= threshold)
            hits = (told & right).sum()
            print(f"  from {threshold}: {hits} told ({hits / max(1, (of & right).sum()):.3f}), {(told & ~right).sum()} falsely")
    if args.misses:
        for at, row in enumerate(rows):
            if row["variant"] == "as-is" and (held_out[at] >= LEAST) != row["right"]:
                signs = ", ".join(f"{name} {value:.2f}" for name, value in row["signs"].items() if value)
                print(f"  {'missed' if row['right'] else 'false'} {held_out[at]:.2f} {row['story_url']}: {signs}")
    weights, bias = fit(values, right.astype(float), share, prior, sign)
    for name, weight in sorted(zip(names, weights), key=lambda pair: -abs(pair[1])):
        print(f"{name:14} {weight:+.3f}")
    print(f"{'bias':14} {bias:+.3f}")
    if args.write:
        lines = open(args.write, encoding="utf-8").read().split("[weight]")[0].splitlines()
        lines = [f"bias = {bias:.3f}" if line.startswith("bias") else line for line in lines]
        lines += ["[weight]"] + [f"{name} = {weight:.3f}" for name, weight in sorted(zip(names, weights))]
        open(args.write, "w", encoding="utf-8").write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
