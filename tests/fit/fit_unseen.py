#!/usr/bin/env python3
"""Fits the model that tells news of an inspection of which no report is stored, and shows how far to trust it.

    tieback features --unseen > unseen.jsonl
    tests/fit/fit_unseen.py unseen.jsonl labels.jsonl [unseen.jsonl labels.jsonl …] [--write config/unseen.toml] [--misses]

unseen.jsonl   one line a story and authority, as it is, without its date, and as it was before its report was stored, with its
               signs (src/tie/judge/unseen.rs)
labels.jsonl   as labels.py writes it; stories that are not labelled are left out

`tests/fit/unseen PROGRAM` does all of it. A multinomial logistic regression, of each kind of inspection and of none, whose weights
keep to their side of 0, with a pull to what is known without data. A story that is news of a stored report teaches what news of one
looks like before it is stored. Authorities are held out in eight turns; the tables are of each variant, judged by weights that never
saw their authority.
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
    "visit": {"named-lead", "named", "visited-lead", "visited", "scope", "findings", "after", "unfound", "unfound-nowhere", "inspector"},
    "full": {"graded", "lead", "fresh", "unfound", "unfound-nowhere", "unknown", "full", "after", "titled", "inspector"},
    "area": {"send", "joint", "only-send", "only-joint", "fresh", "unfound", "unfound-nowhere", "titled", "inspector"},
}
AGAINST = {
    "visit": {"graded", "stands", "covered", "found", "followed", "joint", "send", "tied", "announced", "explained", "beside", "full"},
    "full": {"named-lead", "named", "covered", "found", "followed", "joint", "send", "tied", "explained", "beside", "only-send", "only-joint", "visited-lead"},
    "area": {"found", "covered", "followed", "tied", "explained", "beside", "named-lead", "named", "full"},
}
PRIOR = {
    "visit": {"named-lead": 4.0, "named": 2.0, "visited-lead": 2.0, "visited": 1.5, "scope": 1.0, "findings": 1.0, "ungraded": 0.5, "followed": -2.0,
              "graded": -4.0, "stands": -1.0, "after": 1.0, "covered": -2.5, "tied": -2.0, "joint": -2.0, "send": -2.0, "unfound": 1.5,
              "unfound-nowhere": 0.5, "found": -1.5, "announced": -1.0, "inspector": 1.5},
    "full": {"graded": 3.0, "lead": 1.0, "fresh": 1.0, "unfound": 1.0, "followed": -2.0, "covered": -3.0, "tied": -2.0, "found": -1.5, "named-lead": -3.0,
             "joint": -1.5, "send": -1.5, "explained": -1.5, "unknown": 0.5, "after": 0.5},
    "area": {"send": 2.0, "joint": 2.0, "only-send": 1.0, "only-joint": 1.0, "fresh": 1.0, "covered": -1.0, "tied": -2.0, "followed": -1.0},
}
BIAS = {"visit": -2.0, "full": -3.0, "area": -4.0}
PULL = 0.1
STEPS = 1200
TURNS = 8
SHARE = {"as-is": 1.0, "undated": 0.3, "early": 0.3}


def load(features, labels):
    wanted = {key(row["url"]): row for row in map(json.loads, open(labels, encoding="utf-8"))}
    rows = []
    for row in map(json.loads, open(features, encoding="utf-8")):
        label = wanted.get(key(row["story_url"]))
        # What is not about our subject, and seen to be none, is never asked.
        if label is None or not (label["relevant"] or row["relevant"]):
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


def chances(values, weights, bias):
    """The probability of each kind; what is left is that of none."""
    odds = numpy.exp(numpy.minimum(values @ weights.reshape(len(KINDS), -1).T + bias, 30))
    return odds / (1 + odds.sum(axis=1, keepdims=True))


def fit(values, right, share, prior, sign):
    """Weights of all kinds in a row and a bias for each, on the likelihood with the pull to the prior."""
    start = numpy.array([BIAS[kind] for kind in KINDS])

    def slope(weights, bias):
        error = (chances(values, weights, bias) - right) * share[:, None]
        return numpy.concatenate([(error.T @ values).ravel() + PULL * (weights - prior), error.sum(axis=0)])

    return descend(slope, prior, sign, start, STEPS)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="UNSEEN LABELS")
    parser.add_argument("--write", metavar="FILE", help="put the weights into this file, threshold and comments kept")
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
    least = tomllib.loads(text)["least"]
    prior = numpy.array([[PRIOR[kind].get(name, 0.0) for name in names] for kind in KINDS]).ravel()
    sign = numpy.array([[1 if name in FOR[kind] else -1 if name in AGAINST[kind] else 0 for name in names] for kind in KINDS]).ravel()
    right = numpy.array([[row["framework"] in frameworks for frameworks in KINDS.values()] for row in rows], dtype=float)
    held_out = numpy.zeros(right.shape)
    for turn in range(TURNS):
        out = numpy.isin([row["authority"] for row in rows], authorities[turn::TURNS])
        held_out[out] = chances(values[out], *fit(values[~out], right[~out], share[~out], prior, sign))
    wanted = numpy.where(right.any(axis=1), right.argmax(axis=1), -1)
    print(f"{len(authorities)} authorities, held out in {TURNS} turns")
    for variant in SHARE:
        of = numpy.array([row["variant"] == variant for row in rows])
        print(f"{variant}: {of.sum()} stories and their authorities")
        for threshold in sorted({0.3, 0.4, 0.5, 0.6, 0.7, least}):
            told = numpy.where(of & (held_out.sum(axis=1) >= threshold), held_out.argmax(axis=1), -1)
            of_each = ", ".join(f"{kind} {(of & (told == at) & (wanted == at)).sum()} of {(of & (wanted == at)).sum()}" for at, kind in enumerate(KINDS))
            none, other = (told >= 0) & (wanted < 0), (told >= 0) & (wanted >= 0) & (told != wanted)
            print(f"  from {threshold}: {of_each}; {none.sum()} where there is none, {other.sum()} as another")
    weights, bias = fit(values, right, share, prior, sign)
    weights = weights.reshape(len(KINDS), -1)
    if args.misses:
        kinds = list(KINDS)
        for row, odds, should in zip(rows, held_out, wanted):
            told = odds.argmax() if odds.sum() >= least else -1
            if row["variant"] == "as-is" and told != should:
                told_as = ", ".join(f"{kind} {chance:.2f}" for kind, chance in zip(kinds, odds))
                signs = ", ".join(f"{name} {value:.2f}" for name, value in row["signs"].items() if value)
                print(f"  {kinds[should] if should >= 0 else None} told as {kinds[told] if told >= 0 else None} ({told_as}) {row['authority']} {row['story_url']}: {signs}")
    for at, name in enumerate(names):
        print(f"{name:16}" + "".join(f" {kind} {of[at]:+.3f}" for kind, of in zip(KINDS, weights)))
    if args.write:
        lines = text.split("[visit]")[0].rstrip().splitlines()
        for kind, of, start in zip(KINDS, weights, bias):
            lines += ["", f"[{kind}]", f"bias = {start:.3f}", "", f"[{kind}.weight]"]
            # Adding zero takes the sign off a negative zero.
            lines += [f"{name} = {round(weight, 3) + 0.0:.3f}" for name, weight in sorted(zip(names, of))]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
