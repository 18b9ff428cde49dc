#!/usr/bin/env python3
"""Fits the model of relevance, and shows how far to trust it.

    tests/fit/fit_relevance.py TIEBACK STORIES.jsonl … [--language tieback.db] [--write] [--misses]

TIEBACK          the program; `tieback cues` says what each story speaks of (src/tie/relevance/cues.rs, config/cues.toml)
STORIES.jsonl    one story a line: title, summary, paragraphs, and in `gold` whether it is relevant and its authorities;
                 tests/fit/relevance.jsonl and tests/fit/stories, made up for this, are always learned from besides, but for
                 tests/fit/stories/kept.jsonl, on which tests/fit/score says how far the rest carries
--language       learn the words of reports anew, from the reports stored in this database against the stories that are
                 not relevant; otherwise those in config/relevance.toml stay
--write          put what was fitted into config/relevance.toml

A logistic regression with a pull to what is known without data, since most families have few examples; what can only speak
for a story never weighs against it, and the other way about. Authorities are held out in eight turns: each held-out
story is judged by weights that never saw its authority. The table is of those. Standard library only.
"""
import argparse
import json
import math
import pathlib
import random
import re
import sqlite3
import subprocess
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
CUES, MODEL, MADE_UP = ROOT / "config/cues.toml", ROOT / "config/relevance.toml", ROOT / "tests/fit/relevance.jsonl"
WRITTEN = sorted(path for path in (ROOT / "tests/fit/stories").glob("*.jsonl") if path.stem != "kept")
# Weights expected without data, by side or family and place.
PRIOR = {"for": {"title": 0.5, "lead": 0.5, "share": 1.5}, "against": {"title": -1.5, "lead": -0.5, "share": -2.0}}
OWN = {"services.title": 1.0, "services.share": 2.0, "both.title": 1.5, "both.lead": 1.2, "both.share": 2.5, "framework.title": 1.0,
       "guidance.title": -3.0, "nation.share": -3.5, "nation.lead": -1.0, "sport.title": -2.0, "police.title": -2.0, "job.lead": -1.0,
       "language": 0.5, "lack.subject": -2.0, "lack.event": -3.0, "lack.all": -4.0, "lack.title": -2.0, "lack.england": -3.0, "home.rated": -2.0, "job.address": -3.0, "authority.lead": 0.7, "authority.weight": 0.5, "authority.title": 0.3, "grade.share": 0.5, "inspectorate.share": 0.7}
BIAS = -4.0
PULL = 0.1      # strength of the pull to what is expected
# Stronger where the labelled stories cannot teach it: most of what a run fetches is council business without a word of inspections,
# and next to none of that is labelled.
FIRM = {"lack.all": 3.0}
AGAINST = 1.6   # what a story that is not relevant counts, since there are few
OF_OTHERS = 3.0 # what one counts that is not of this repository: those were written and read over by somebody else
STEPS = 300
LONGER = 12     # times that a short text is repeated to be learned from once more
TURNS = 8
THRESHOLD = -0.15
# The language of reports: words and pairs in this share of the reports, so many of them.
SPREAD, WORDS = 0.3, 300
DENSE = 0.5     # as in src/tie/relevance/model.rs


def words(text):
    return re.findall(r"[a-z0-9]+", re.sub(r"['’]s\b|['’]", "", text.lower()))


def plain(story):
    parts = []
    for part in story["paragraphs"]:
        parts += [part] if isinstance(part, str) else [part[key] for key in ("h2", "quote") if key in part] + part.get("ul", [])
    return "\n".join([story["title"], story.get("summary") or ""] + parts)


def load(paths):
    stories = []
    for path in paths:
        for line in open(path, encoding="utf-8"):
            if line.strip():
                story = json.loads(line)
                story["set"] = "made up" if path == MADE_UP else "written" if path in WRITTEN else "real" if "real" in pathlib.Path(path).parts else "open"
                stories.append(story)
                # The same text over and over is as much or as little ours.
                if path == MADE_UP and "missed" not in story:
                    stories.append(story | {"id": story["id"] + "-longer", "paragraphs": story["paragraphs"] * LONGER})
    return stories


def values(program, stories):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as rows:
        for story in stories:
            address = f"https://{story.get('host') or 'news.example'}{story.get('path') or '/'}"
            rows.write(json.dumps({key: story.get(key) for key in ("id", "title", "summary", "paragraphs")} | {"url": address}) + "\n")
        rows.flush()
        out = subprocess.run([program, "cues", rows.name, "--cues", str(CUES)], capture_output=True, check=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def expected(names):
    families = {family["name"]: family["side"] for family in tomllib.loads(CUES.read_text(encoding="utf-8"))["family"]}
    prior, sign = {}, {}
    for name in names:
        family, _, place = name.partition(".")
        side = families.get(family, "for")
        sign[name] = -1 if side == "against" or family == "lack" else 1
        prior[name] = OWN.get(name, PRIOR[side].get(place, 0.0))
    return prior, sign


def odds(model, row):
    bias, weights = model
    return bias + sum(weights[name] * value for name, value in row)


def fit(rows, prior, sign):
    """Adam on the weighted likelihood with the pull to what is expected."""
    weights, bias = dict(prior), BIAS
    first = dict.fromkeys(prior, 0.0) | {"": 0.0}
    second = dict(first)
    for step in range(1, STEPS + 1):
        slope = {name: FIRM.get(name, PULL) * (weights[name] - prior[name]) for name in weights} | {"": 0.0}
        for row, right, counts in rows:
            z = max(-30.0, min(30.0, bias + sum(weights[name] * value for name, value in row)))
            error = (1 / (1 + math.exp(-z)) - right) * (1.0 if right else AGAINST) * counts
            slope[""] += error
            for name, value in row:
                slope[name] += error * value
        for name, s in slope.items():
            first[name] = 0.9 * first[name] + 0.1 * s
            second[name] = 0.999 * second[name] + 0.001 * s * s
            move = 0.05 * (first[name] / (1 - 0.9**step)) / (math.sqrt(second[name] / (1 - 0.999**step)) + 1e-8)
            if name:
                weights[name] -= move
                if weights[name] * sign[name] < 0:
                    weights[name] = 0.0
            else:
                bias -= move
    return bias, weights


def language(database, stories):
    """Words and pairs that stand in many reports and far oftener there than in other news, with how much they tell."""
    db = sqlite3.connect(database)
    spread, count, total = {}, {}, 0
    texts = {}
    for report, text in db.execute("SELECT report, text FROM passage"):
        texts.setdefault(report, []).append(text)
    for parts in texts.values():
        found = []
        for part in parts:
            one = words(part)
            found += one + [" ".join(pair) for pair in zip(one, one[1:])]
            total += len(one)
        for each in found:
            count[each] = count.get(each, 0) + 1
        for each in set(found):
            spread[each] = spread.get(each, 0) + 1
    other, others = {}, 0
    for story in stories:
        if not story["gold"]["relevant"]:
            one = words(plain(story))
            others += len(one)
            for each in one + [" ".join(pair) for pair in zip(one, one[1:])]:
                other[each] = other.get(each, 0) + 1
    told = {each: math.log((count[each] + 1) / total) - math.log((other.get(each, 0) + 1) / others)
            for each, many in spread.items() if many >= SPREAD * len(texts) and len(each) > 3 and not any(c.isdigit() for c in each)}
    worth = sorted(told, key=lambda each: -told[each] * math.sqrt(count[each]))[:WORDS]
    chosen = {each: max(0.0, min(3.0, told[each])) for each in worth}
    mean = sum(chosen[each] * count[each] for each in chosen) / total
    return {each: round(weight * DENSE / mean, 3) for each, weight in chosen.items() if weight > 0}


def table(stories, said, title):
    print(title)
    for name in ("real", "open", "written", "made up"):
        pairs = [(story["gold"]["relevant"], each) for story, each in zip(stories, said) if story["set"] == name]
        if not pairs:
            continue
        hit, told, right = sum(a and b for a, b in pairs), sum(b for _, b in pairs), sum(a for a, _ in pairs)
        print(f"  {name:8} {len(pairs)} stories: precision {hit / max(1, told):.3f} ({told - hit} wrong), recall {hit / max(1, right):.3f} ({right - hit} missed)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("stories", nargs="+")
    parser.add_argument("--language", metavar="DATABASE")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    stories = load([*args.stories, *WRITTEN, MADE_UP])
    if args.language:
        write_model(language(args.language, stories), None)
        print("the words of reports are learned; build the program again and fit without --language")
        return
    found = values(args.program, stories)
    table(stories, [row["fetched"] for row in found], "the gate (recall is what matters)")
    table(stories, [row["relevant"] for row in found], "the program as it is built")
    names = list(found[0]["values"])
    prior, sign = expected(names)
    counts = [OF_OTHERS if story["set"] in ("real", "open") else 1.0 for story in stories]
    rows = [([(name, value) for name, value in row["values"].items() if value], float(story["gold"]["relevant"]), count)
            for row, story, count in zip(found, stories, counts)]
    whose = [(story["gold"].get("authorities") or [story["id"]])[0] for story in stories]
    turns = sorted(set(whose))
    random.Random(3).shuffle(turns)
    held = [0.0] * len(rows)
    for turn in range(TURNS):
        out = set(turns[turn::TURNS])
        model = fit([row for row, of in zip(rows, whose) if of not in out], prior, sign)
        for at, of in enumerate(whose):
            if of in out:
                held[at] = odds(model, rows[at][0])
    table(stories, [z >= THRESHOLD for z in held], "authorities held out")
    for threshold in (-1.0, -0.5, 0.5, 1.0):
        table(stories, [z >= threshold for z in held], f"the same from log-odds of {threshold}")
    model = fit(rows, prior, sign)
    fitted = [odds(model, row) for row, *_ in rows]
    table(stories, [z >= THRESHOLD for z in fitted], "fitted to all")
    if args.misses:
        for story, z, all_z, (row, right, _) in zip(stories, held, fitted, rows):
            if (z >= THRESHOLD) != bool(right) or (all_z >= THRESHOLD) != bool(right):
                parts = sorted(((model[1][name] * value, name) for name, value in row), key=lambda part: -abs(part[0]))[:9]
                print(f"  {story['id']} {'ours' if right else 'not ours'}: held out {z:.1f}, fitted {all_z:.1f}: {story['title'][:70]}")
                print("      " + ", ".join(f"{name} {part:.1f}" for part, name in parts))
    if args.write:
        write_model(None, model)


def write_model(language, model):
    """Writes the file anew; what is not given stays as it is."""
    old = tomllib.loads(MODEL.read_text(encoding="utf-8")) if MODEL.exists() else {"bias": BIAS, "weight": {}, "language": {}}
    bias, weights = model or (old["bias"], old["weight"])
    if not weights:
        names = [f"{family['name']}.{place}" for family in tomllib.loads(CUES.read_text(encoding="utf-8"))["family"] + [{"name": "both"}] for place in ("title", "lead", "share")]
        weights = expected(names + ["lack.subject", "lack.event", "lack.title", "language", "authority.lead", "authority.title", "authority.weight", "home.rated", "job.address"])[0]
    lines = ["# The model of relevance, fitted by tests/fit/fit_relevance.py: what each cue of config/cues.toml adds to the log-odds that a story",
             "# is about an inspection of a council's services for children or its follow-up. Not written by hand.", "",
             f"bias = {bias:.3f}", f"# From these log-odds on it is.\nthreshold = {THRESHOLD}", "", "[weight]"]
    lines += [f'"{name}" = {weight + 0.0:.3f}' for name, weight in weights.items()]
    lines += ["", "# Words, and pairs, that stand in many reports and far oftener than in other news, with how much each tells.", "[language]"]
    lines += [f'"{each}" = {weight}' for each, weight in sorted((language or old["language"]).items())]
    MODEL.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
