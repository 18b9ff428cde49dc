#!/usr/bin/env python3
"""Fits the model that tells news of an inspection of which no report is stored, and shows how far to trust it.

    tieback features --unseen > unseen.jsonl
    tests/fit/fit_unseen.py unseen.jsonl labels.jsonl [unseen.jsonl labels.jsonl …] [--write config/unseen.toml] [--misses]

unseen.jsonl   one line a story and authority, as it is, without its date, and as it was before its report was stored, with its
               signs (src/tie/judge/unseen.rs)
labels.jsonl   as labels.py writes it; stories that are not labelled are left out

`tests/fit/unseen PROGRAM` does all of it. For each kind of inspection a logistic regression whose weights keep to their side of 0, with
a pull to what is known without data. A story that is news of a stored report teaches what news of one looks like before it is
stored. Authorities are held out in eight turns; the tables are of each variant, judged by weights that never saw their authority.
No report of a visit is among the stored ones, so that to the model of visits what was before its report is one more story
that is news of something else. Needs numpy.
"""
import argparse
import json
import pathlib
import random
import sys
import tomllib

import numpy

from fit import descend, key

KINDS = {
    "visit": {"focused visit", "monitoring visit"},
    "full": {"SIF", "ILACS", "sif", "ilacs", "lac"},
    "area": {"JTAI", "Area SEND", "area SEND", "send", "jtai"},
}
# For each kind: what can only speak for it, and only against it; the rest may do either.
FOR = {
    "visit": {"named-lead", "named", "visited-lead", "visited", "scope", "findings", "after", "unfound", "unfound-nowhere"},
    "full": {"graded", "lead", "fresh", "unfound", "unfound-nowhere", "unknown", "full", "after", "titled"},
    "area": {"send", "joint", "only-send", "only-joint", "fresh", "unfound", "unfound-nowhere", "titled"},
}
AGAINST = {
    "visit": {"graded", "stands", "covered", "found", "followed", "joint", "send", "tied", "announced", "explained", "beside", "full"},
    "full": {"named-lead", "named", "covered", "found", "followed", "joint", "send", "tied", "explained", "beside", "only-send", "only-joint", "visited-lead"},
    "area": {"found", "covered", "followed", "tied", "explained", "beside", "named-lead", "named", "full"},
}
PRIOR = {
    "visit": {"named-lead": 4.0, "named": 2.0, "visited-lead": 2.0, "visited": 1.5, "scope": 1.0, "findings": 1.0, "ungraded": 0.5, "followed": -2.0,
              "graded": -4.0, "stands": -1.0, "after": 1.0, "covered": -2.5, "tied": -2.0, "joint": -2.0, "send": -2.0, "unfound": 1.5,
              "unfound-nowhere": 0.5, "found": -1.5, "announced": -1.0},
    "full": {"graded": 3.0, "lead": 1.0, "fresh": 1.0, "unfound": 1.0, "followed": -2.0, "covered": -3.0, "tied": -2.0, "found": -1.5, "named-lead": -3.0,
             "joint": -1.5, "send": -1.5, "explained": -1.5, "unknown": 0.5, "after": 0.5},
    "area": {"send": 2.0, "joint": 2.0, "only-send": 1.0, "only-joint": 1.0, "fresh": 1.0, "covered": -1.0, "tied": -2.0, "followed": -1.0},
}
BIAS = {"visit": -2.0, "full": -3.0, "area": -4.0}
PULL = 0.3
STEPS = 2000
TURNS = 8
SHARE = {"as-is": 1.0, "undated": 0.3, "early": 0.3}


def load(features, labels):
    wanted = {key(row["url"]): row for row in map(json.loads, open(labels, encoding="utf-8"))}
    rows = []
    for row in map(json.loads, open(features, encoding="utf-8")):
        label = wanted.get(key(row["story_url"]))
        if label is None:
            continue
        told = label["unseen"]
        if row["variant"] == "early":
            # What waits as it is waits all the more; what is news of a stored report is news of one to come.
            told = label["news"]
            if told is None or told["authority"] != row["authority"]:
                continue
        framework = told["framework"] if told["authority"] == row["authority"] else None
        if framework and not any(framework in names for names in KINDS.values()):
            continue
        rows.append(row | {"framework": framework})
    if not rows:
        sys.exit(f"fit_unseen: no story of {features} is labelled")
    return rows


def fit(values, right, share, prior, sign, bias):
    """On the likelihood with the pull to the prior."""
    def slope(weights, bias):
        error = (1 / (1 + numpy.exp(-(values @ weights + bias))) - right) * share
        return numpy.append(values.T @ error + PULL * (weights - prior), error.sum())

    return descend(slope, prior, sign, bias, STEPS)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="UNSEEN LABELS")
    parser.add_argument("--write", metavar="FILE", help="put the weights into this file, thresholds and comments kept")
    parser.add_argument("--misses", action="store_true", help="name each held-out story that is told wrongly at the threshold")
    args = parser.parse_args()
    if len(args.files) % 2:
        parser.error("each file of signs needs one of labels")
    rows = [row for at in range(0, len(args.files), 2) for row in load(args.files[at], args.files[at + 1])]
    names = list(rows[0]["signs"])
    values = numpy.array([[row["signs"][name] for name in names] for row in rows])
    share = numpy.array([SHARE[row["variant"]] for row in rows])
    authorities = sorted({row["authority"] for row in rows})
    random.Random(2).shuffle(authorities)
    path = pathlib.Path(args.write or pathlib.Path(__file__).resolve().parents[2] / "config/unseen.toml")
    text = path.read_text(encoding="utf-8")
    least = {kind: tomllib.loads(text)[kind]["least"] for kind in KINDS}
    print(f"{len(authorities)} authorities, held out in {TURNS} turns")
    fitted, held_out = {}, {}
    for kind, frameworks in KINDS.items():
        right = numpy.array([row["framework"] in frameworks for row in rows])
        prior = numpy.array([PRIOR[kind].get(name, 0.0) for name in names])
        sign = numpy.array([1 if name in FOR[kind] else -1 if name in AGAINST[kind] else 0 for name in names])
        held_out[kind] = numpy.zeros(len(rows))
        for turn in range(TURNS):
            out = numpy.isin([row["authority"] for row in rows], authorities[turn::TURNS])
            weights, bias = fit(values[~out], right[~out].astype(float), share[~out], prior, sign, BIAS[kind])
            held_out[kind][out] = 1 / (1 + numpy.exp(-(values[out] @ weights + bias)))
        for variant in SHARE:
            of = numpy.array([row["variant"] == variant for row in rows])
            print(f"{kind}, {variant}: {of.sum()} of {(of & right).sum()} that are news of one without a report")
            for threshold in sorted({0.3, 0.4, 0.5, 0.6, 0.7, least[kind]}):
                told = of & (held_out[kind] >= threshold)
                hits = (told & right).sum()
                print(f"  from {threshold}: {hits} told ({hits / max(1, (of & right).sum()):.3f}), {(told & ~right).sum()} falsely")
        fitted[kind] = fit(values, right.astype(float), share, prior, sign, BIAS[kind])
    if args.misses:
        for at, row in enumerate(rows):
            told = max((kind for kind in KINDS if held_out[kind][at] >= least[kind]), key=lambda kind: held_out[kind][at], default=None)
            should = next((kind for kind in KINDS if row["framework"] in KINDS[kind]), None)
            if row["variant"] == "as-is" and told != should:
                chances = ", ".join(f"{kind} {held_out[kind][at]:.2f}" for kind in KINDS)
                signs = ", ".join(f"{name} {value:.2f}" for name, value in row["signs"].items() if value)
                print(f"  {should} told as {told} ({chances}) {row['authority']} {row['story_url']}: {signs}")
    for at, name in enumerate(names):
        print(f"{name:16}" + "".join(f" {kind} {weights[at]:+.3f}" for kind, (weights, _) in fitted.items()))
    if args.write:
        lines = text.split("[visit]")[0].rstrip().splitlines()
        for kind, (weights, bias) in fitted.items():
            lines += ["", f"[{kind}]", f"bias = {bias:.3f}", f"least = {least[kind]}", "", f"[{kind}.weight]"]
            # Adding zero takes the sign off a negative zero.
            lines += [f"{name} = {round(weight, 3) + 0.0:.3f}" for name, weight in sorted(zip(names, weights))]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
