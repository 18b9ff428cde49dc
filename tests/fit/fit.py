#!/usr/bin/env python3
"""Fits the weights of the tying model, and shows how far to trust them.

    tieback features > features.jsonl
    tests/fit/fit.py features.jsonl labels.jsonl [features.jsonl labels.jsonl …] [--write config/weights.toml]

features.jsonl   one line a story and candidate report, as `tieback features` prints it
labels.jsonl     one line a story: {"url": "<address of the story>", "reports": ["<address of a report>", …]}, as
                 labels.py writes it; stories that are not labelled are left out

`tests/fit/run PROGRAM` does all of it for both open sets. The model is a conditional logit: the reports of one
authority compete with each other and with "none of them" (src/tie/score.rs). Each story is also learned from without
its date, for the many pages that bear none, and as it was before its report was stored, so that a new grade is not tied
to an old report; the tables are of stories as they are. Before the weights are fitted to all that is labelled,
authorities are held out in eight turns, and each held-out pair is predicted by weights that never saw its authority: the
table of thresholds and the reliability table (confidence against share right) come from those. Signs are constraints:
what agrees is never worse than silence, what contradicts never better, and each step closer in time only adds.
Decisions of people in the database are not read: what `tieback features` prints holds none.

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
       "only-graded", "newest", "only", "day", "month", "season-or-year", "inspector", "authority", "authority-lead",
       "subject", "to-come", "bound", "parts", "before", "framework", "batch", "likeness", "stands", "within-150", "within-420",
       "under-way", "intervened"}
AGAINST = {"grade-disagrees", "authority-minor", "authority-lineage", "subject-other", "shadowed", "told-after", "times-miss", "recalled",
           "stale", "beside", "inspector-other", "bare", "unnamed"}
# What is known without data: where examples are few, a weight stays near this.
PRIOR = {"link-file": 3.0, "link-provider": 1.0, "day": 1.5, "month": 0.7, "inspector": 2.0, "authority": 0.5,
         "subject": 0.5, "shadowed": -1.0, "authority-minor": -2.5, "grade-agrees": 1.0, "grade-disagrees": -1.5, "told-after": -1.5,
         "times-miss": -0.5, "recalled": -1.0, "stale": -3.0, "only": 0.2, "to-come": 8.0, "only-graded": 0.2, "bound": 1.0, "parts": 0.5,
         "before": 0.5, "framework": 0.7, "batch": 0.7, "likeness": 0.7, "stands": 0.3, "beside": -2.0, "within-150": 0.3, "within-420": 0.3,
         "under-way": 3.0, "intervened": 1.0, "inspector-other": -3.0, "bare": -1.0, "unnamed": -2.0}
PULL = 0.6      # strength of the pull to the prior
STEPS = 1500
TURNS = 8
# How much a story counts without its date, and before its report was stored.
SHARE = {"as-is": 1.0, "undated": 0.4, "early": 0.6}


def key(url):
    """Addresses are compared without scheme, final slash, and what follows readers; a page may be named by its query."""
    url, _, query = url.split("#")[0].partition("?")
    query = "&".join(part for part in query.split("&") if part and not part.startswith(("utm_", "ref=")))
    return url.split("://")[-1].removeprefix("www.").rstrip("/") + (f"?{query}" if query else "")


def load(features, labels, name):
    wanted = {}
    for line in open(labels, encoding="utf-8"):
        row = json.loads(line)
        if not row["relevant"]:
            continue
        wanted[key(row["url"])] = [{key(url) for url in row.get(part) or []} for part in ("reports", "also_fine")]
    rows = []
    for line in open(features, encoding="utf-8"):
        row = json.loads(line)
        reports, fine = wanted.get(key(row["story_url"]), (None, None))
        if reports is None or key(row["report_url"]) in fine:
            continue
        row["right"], row["set"] = key(row["report_url"]) in reports, name
        rows.append(row)
    if not rows:
        sys.exit(f"fit: no story of {features} is labelled")
    return rows


def descend(slope, prior, sign, bias, steps):
    """Adam from the prior; weights of one-sided features stay on their side of 0. slope(weights, bias) gives that of both;
    of several biases, all behind the weights."""
    weights, shape, many = prior.copy(), numpy.shape(bias), numpy.size(bias)
    first, second = numpy.zeros(len(weights) + many), numpy.zeros(len(weights) + many)
    for step in range(1, steps + 1):
        at = slope(weights, bias)
        first, second = 0.9 * first + 0.1 * at, 0.999 * second + 0.001 * at * at
        move = 0.03 * (first / (1 - 0.9**step)) / (numpy.sqrt(second / (1 - 0.999**step)) + 1e-8)
        weights, bias = weights - move[:-many], bias - move[-many:].reshape(shape)
        weights = numpy.where(sign * weights < 0, 0.0, weights)
    return weights, bias


class Model:
    def __init__(self, rows, names):
        self.names = names
        self.values = numpy.array([[row["values"][name] for name in names] for row in rows], float)
        self.right = numpy.array([row["right"] for row in rows], float)
        self.share = numpy.array([SHARE[row["variant"]] for row in rows], float)
        self.prior = numpy.array([PRIOR.get(name, 0.0) for name in names])
        self.sign = numpy.array([1 if name in FOR else -1 if name in AGAINST else 0 for name in names])

    def fit(self, groups):
        """On the likelihood with the pull to the prior."""
        index = numpy.concatenate(groups)
        group = numpy.repeat(numpy.arange(len(groups)), [len(g) for g in groups])
        values, right, share = self.values[index], self.right[index], self.share[index]
        target = right / numpy.maximum(1, numpy.bincount(group, right))[group]

        def slope(weights, bias):
            odds = numpy.exp(numpy.clip(values @ weights + bias, -30, 30))
            error = (odds / (1 + numpy.bincount(group, odds))[group] - target) * share
            return numpy.append(values.T @ error + PULL * (weights - self.prior), error.sum())

        return descend(slope, self.prior, self.sign, -1.0, STEPS)

    def predict(self, weights, bias, groups, into):
        for group in groups:
            odds = numpy.exp(numpy.clip(self.values[group] @ weights + bias, -30, 30))
            into[group] = odds / (1 + odds.sum())


def tables(title, chosen, held_out, right):
    """Precision and recall at each threshold, and confidence against the share right."""
    all_right = (chosen & right).sum()
    print(f"{title}: {chosen.sum()} pairs, {all_right} right")
    for threshold in (0.1, 0.5, 0.6, 0.7, 0.8, 0.9):
        sure = chosen & (held_out >= threshold)
        hits = (sure & right).sum()
        print(f"  from {threshold}: precision {hits / max(1, sure.sum()):.3f}, recall {hits / max(1, all_right):.3f}")
    print("  confidence    pairs  mean   right")
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        sure = chosen & (held_out >= low) & (held_out < high)
        if sure.any():
            print(f"  {low:.1f} to {min(high, 1):.1f} {sure.sum():9d}  {held_out[sure].mean():.2f}   {right[sure].mean():.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FEATURES LABELS")
    parser.add_argument("--write", metavar="FILE", help="put the weights into this file, thresholds and comments kept")
    parser.add_argument("--misses", action="store_true", help="name each held-out pair that is tied wrongly or missed at 0.8")
    args = parser.parse_args()
    if len(args.files) % 2:
        parser.error("each file of features needs one of labels")
    rows = [row for at in range(0, len(args.files), 2) for row in load(args.files[at], args.files[at + 1], at // 2)]
    names = list(rows[0]["values"])
    model = Model(rows, names)
    groups = collections.defaultdict(list)
    for at, row in enumerate(rows):
        groups[(row["story"], row["variant"], row["authority"], row["set"])].append(at)
    groups = [numpy.array(group) for group in groups.values()]

    authorities = sorted({row["authority"] or "" for row in rows})
    random.Random(2).shuffle(authorities)
    held_out = numpy.zeros(len(rows))
    for turn in range(TURNS):
        out = set(authorities[turn::TURNS])
        of = lambda group: (rows[group[0]]["authority"] or "") in out
        weights, bias = model.fit([group for group in groups if not of(group)])
        model.predict(weights, bias, [group for group in groups if of(group)], held_out)
    right = model.right == 1
    print(f"{len(authorities)} authorities, held out in {TURNS} turns")
    sets = numpy.array([row["set"] for row in rows])
    for variant, title in (("as-is", "as they are"), ("undated", "without their dates"), ("early", "before their report was stored")):
        of = numpy.array([row["variant"] == variant for row in rows])
        tables(title, of, held_out, right)
        if variant == "as-is" and len(args.files) > 2:
            for name in range(len(args.files) // 2):
                tables(f"{title}, {args.files[2 * name]}", of & (sets == name), held_out, right)
    if args.misses:
        for at, row in enumerate(rows):
            if row["variant"] == "as-is" and (held_out[at] >= 0.8) != right[at]:
                print(f"  {'wrong' if not right[at] else 'missed'} {held_out[at]:.2f} {row['story_url']} {row['report']}")

    weights, bias = model.fit(groups)
    lines = [f"bias = {bias:.3f}", "", "[weight]"] + [f"{name} = {weight:.3f}" for name, weight in zip(names, weights)]
    if args.write:
        text = open(args.write, encoding="utf-8").read()
        open(args.write, "w", encoding="utf-8").write(text[:text.index("bias = ")] + "\n".join(lines) + "\n")
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
