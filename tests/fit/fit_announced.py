#!/usr/bin/env python3
"""Fits the weights of the words that announce a report, and shows how far to trust them.

    tests/fit/fit_announced.py TIEBACK STORIES.jsonl … [--write] [--misses]

TIEBACK          the program; `tieback terms` gives the words, and pairs of them, of the sentences that speak of an inspection
                 (src/tie/event/announced.rs)
STORIES.jsonl    one story a line, with its kind and authorities in `gold`; those of tests/fit/stories but kept.jsonl are always
                 learned from besides
--write          put what was fitted into config/announced.toml

A logistic regression with a pull to 0. Of the terms that some stories have the heaviest are kept and fitted anew. Authorities
are held out in eight turns, so that no page that two people told is learned from and judged by. Needs numpy.
"""
import argparse
import json
import pathlib
import random
import subprocess
import tomllib

import numpy

from fit import descend

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILE = ROOT / "config/announced.toml"
WRITTEN = sorted(path for path in (ROOT / "tests/fit/stories").glob("*.jsonl") if path.stem != "kept")
LEAST = 10      # stories that must have a term
KEPT = 800      # terms that are kept
PULL = 4.0
COUNTS = 3.0    # what an announcement counts, of which there are few
STEPS = 150
TURNS = 8


def terms(program, path):
    out = subprocess.run([program, "terms", path], check=True, capture_output=True, text=True).stdout
    return {row["id"]: row["terms"] for row in map(json.loads, out.splitlines())}


def fit(values, right):
    """Weights and bias; those of most terms are 0."""
    share = numpy.where(right, COUNTS, 1.0)
    none = numpy.zeros(values.shape[1], dtype="f4")

    def over(columns):
        part = values[:, columns]

        def slope(weights, bias):
            error = ((1 / (1 + numpy.exp(-(part @ weights + bias))) - right) * share).astype("f4")
            return numpy.append(part.T @ error + PULL * weights, error.sum())

        zero = none[columns]
        return descend(slope, zero, zero, -3.0, STEPS)

    weights, _ = over(numpy.arange(values.shape[1]))
    columns = numpy.sort(numpy.argsort(-abs(weights))[:KEPT])
    kept, bias = over(columns)
    weights = none.copy()
    weights[columns] = kept
    return weights, bias


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("stories", nargs="*")
    parser.add_argument("--write", action="store_true", help="put the weights into config/announced.toml, the rest kept")
    parser.add_argument("--misses", action="store_true", help="name each held-out story that is told wrongly")
    args = parser.parse_args()
    rows = []
    for path in [*args.stories, *WRITTEN]:
        of = terms(args.program, path)
        for story in map(json.loads, open(path, encoding="utf-8")):
            rows.append((story, set(of[story["id"]])))
    counts = {}
    for _, own in rows:
        for term in own:
            counts[term] = counts.get(term, 0) + 1
    names = sorted(term for term, count in counts.items() if count >= LEAST)
    values = numpy.array([[term in own for term in names] for _, own in rows], dtype="f4")
    right = numpy.array([story["gold"]["kind"] == "announcement" for story, _ in rows])
    of = numpy.array([(story["gold"]["authorities"] or [story["id"]])[0] for story, _ in rows])
    authorities = sorted(set(of))
    random.Random(2).shuffle(authorities)
    odds = numpy.zeros(len(rows))
    for turn in range(TURNS):
        out = numpy.isin(of, authorities[turn::TURNS])
        weights, bias = fit(values[~out], right[~out])
        odds[out] = values[out] @ weights + bias
    text = FILE.read_text(encoding="utf-8")
    least = tomllib.loads(text)["least"]
    print(f"{len(rows)} stories, {right.sum()} announcements, {len(names)} terms, {len(authorities)} authorities held out in {TURNS} turns")
    for threshold in sorted({-2.0, -1.4, -0.85, -0.4, 0.0, 0.4, least}):
        told = odds >= threshold
        print(f"  from {threshold}: {(told & right).sum()} told, {(told & ~right).sum()} falsely")
    if args.misses:
        for at in numpy.argsort(-odds):
            if right[at] != (odds[at] >= least):
                print(f"  {odds[at]:+.2f} {rows[at][0]['id']} {rows[at][0]['gold']['kind']}: {rows[at][0]['title']}")
    weights, bias = fit(values, right)
    kept = {name: weight for name, weight in zip(names, weights) if abs(weight) >= 0.0005}
    strong = sorted(kept, key=lambda name: -abs(kept[name]))
    print(f"{len(kept)} terms: " + ", ".join(f"{name} {kept[name]:+.2f}" for name in strong[:60]))
    if args.write:
        head, _, _ = text.partition("[weight]\n")
        head = "\n".join(f"bias = {bias:.3f}" if line.startswith("bias = ") else line for line in head.splitlines())
        lines = [f"{json.dumps(name, ensure_ascii=False)} = {weight:.3f}" for name, weight in sorted(kept.items())]
        FILE.write_text(head + "\n[weight]\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
