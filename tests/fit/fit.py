#!/usr/bin/env python3
"""Fits the weights of the tying model, and shows how far to trust them.

    tieback features > features.jsonl
    tests/fit/fit.py features.jsonl labels.jsonl [--write config/weights.toml]

features.jsonl   one line a story and candidate report, as `tieback features` prints it
labels.jsonl     one line a story: {"url": "<address of the story>", "reports": ["<address of a report>", …]};
                 stories that are not labelled are left out

The model is a conditional logit: the reports of one authority compete with each other and with "none of them"
(src/tie/score.rs). Each story is also learned from without its date, for the many pages that bear none; the tables
are of stories as they are. Before the weights are fitted to all that is labelled, authorities are held out in eight turns, and
each held-out pair is predicted by weights that never saw its authority: the table of thresholds and the reliability
table (confidence against share right) come from those. Decisions of people in the database are not read: what
`tieback features` prints holds none.

Needs numpy.
"""
import argparse
import collections
import json
import random
import sys

import numpy

# Features that can only speak for a tie, and only against one; the rest may do either.
FOR = {"link-file", "link-provider", "quote-exact", "quote-altered", "quote-unique", "shared-text", "shared-unique", "figures", "grade-agrees",
       "newest", "day", "month", "season-or-year", "inspector", "authority", "authority-lead", "authority-title", "subject"}
AGAINST = {"grade-disagrees", "authority-minor", "authority-lineage", "subject-other", "shadowed", "old"}
# What is known without data: where examples are few, a weight stays near this.
PRIOR = {"link-file": 3.0, "link-provider": 1.0, "day": 1.0, "inspector": 1.0, "authority": 0.5, "authority-title": 0.3, "subject": 0.5,
         "shadowed": -1.0, "authority-minor": -0.3}
PULL = 0.6      # strength of the pull to the prior
STEPS = 1500
TURNS = 8


def key(url):
    """Addresses are compared without scheme, query and final slash."""
    return url.split("#")[0].split("?")[0].split("://")[-1].removeprefix("www.").rstrip("/")


def load(features, labels):
    wanted = {}
    for line in open(labels, encoding="utf-8"):
        row = json.loads(line)
        wanted[key(row["url"])] = {key(url) for url in row["reports"]}
    rows = []
    for line in open(features, encoding="utf-8"):
        row = json.loads(line)
        if row["relevant"] and key(row["story_url"]) in wanted:
            row["right"] = key(row["report_url"]) in wanted[key(row["story_url"])]
            rows.append(row)
    if not rows:
        sys.exit("fit: no story of the features is labelled")
    return rows, list(rows[0]["values"])


class Model:
    def __init__(self, rows, names):
        self.names = names
        self.values = numpy.array([[row["values"][name] for name in names] for row in rows], float)
        self.right = numpy.array([row["right"] for row in rows], float)
        self.prior = numpy.array([PRIOR.get(name, 0.0) for name in names])
        self.sign = numpy.array([1 if name in FOR else -1 if name in AGAINST else 0 for name in names])

    def fit(self, groups):
        """Adam on the likelihood with the pull to the prior; weights of one-sided features stay on their side of 0."""
        index = numpy.concatenate(groups)
        group = numpy.repeat(numpy.arange(len(groups)), [len(g) for g in groups])
        values, right = self.values[index], self.right[index]
        target = right / numpy.maximum(1, numpy.bincount(group, right))[group]
        weights, bias = self.prior.copy(), -1.0
        first, second = numpy.zeros(len(weights) + 1), numpy.zeros(len(weights) + 1)
        for step in range(1, STEPS + 1):
            odds = numpy.exp(numpy.clip(values @ weights + bias, -30, 30))
            error = odds / (1 + numpy.bincount(group, odds))[group] - target
            slope = numpy.append(values.T @ error + PULL * (weights - self.prior), error.sum())
            first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope * slope
            move = 0.03 * (first / (1 - 0.9**step)) / (numpy.sqrt(second / (1 - 0.999**step)) + 1e-8)
            weights, bias = weights - move[:-1], bias - move[-1]
            weights = numpy.where(self.sign * weights < 0, 0.0, weights)
        return weights, bias

    def predict(self, weights, bias, groups, into):
        for group in groups:
            odds = numpy.exp(numpy.clip(self.values[group] @ weights + bias, -30, 30))
            into[group] = odds / (1 + odds.sum())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features")
    parser.add_argument("labels")
    parser.add_argument("--write", metavar="FILE", help="put the weights into this file, thresholds and comments kept")
    args = parser.parse_args()
    rows, names = load(args.features, args.labels)
    model = Model(rows, names)
    groups = collections.defaultdict(list)
    for at, row in enumerate(rows):
        groups[(row["story"], row["dated"], row["authority"])].append(at)
    groups = [numpy.array(group) for group in groups.values()]

    authorities = sorted({row["authority"] or "" for row in rows})
    random.Random(2).shuffle(authorities)
    held_out = numpy.zeros(len(rows))
    for turn in range(TURNS):
        out = set(authorities[turn::TURNS])
        of = lambda group: (rows[group[0]]["authority"] or "") in out
        weights, bias = model.fit([group for group in groups if not of(group)])
        model.predict(weights, bias, [group for group in groups if of(group)], held_out)
    dated = numpy.array([row["dated"] for row in rows])
    all_right = (dated & (model.right == 1)).sum()
    print(f"{dated.sum()} pairs, {all_right} right, {len(authorities)} authorities, held out in {TURNS} turns")
    for threshold in (0.5, 0.6, 0.7, 0.8, 0.9):
        chosen = dated & (held_out >= threshold)
        hits = (chosen & (model.right == 1)).sum()
        print(f"  from {threshold}: precision {hits / max(1, chosen.sum()):.3f}, recall {hits / max(1, all_right):.3f}")
    print("  confidence    pairs  mean   right")
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        chosen = dated & (held_out >= low) & (held_out < high)
        if chosen.any():
            print(f"  {low:.1f} to {min(high, 1):.1f} {chosen.sum():9d}  {held_out[chosen].mean():.2f}   {model.right[chosen].mean():.2f}")

    weights, bias = model.fit(groups)
    lines = [f"bias = {bias:.3f}", "", "[weight]"] + [f"{name} = {weight:.3f}" for name, weight in zip(names, weights)]
    if args.write:
        text = open(args.write, encoding="utf-8").read()
        open(args.write, "w", encoding="utf-8").write(text[:text.index("bias = ")] + "\n".join(lines) + "\n")
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
