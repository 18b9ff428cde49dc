#!/usr/bin/env python3
"""Writes the labels of a corpus as fit.py wants them: labels.py WORLD STORIES.jsonl … > labels.jsonl

WORLD is the folder of a replica (its manifest.json names the addresses of stories and reports); a story that is not
about our subject is labelled as news of none; the weights of ties leave it out, since they are not of relevance.
"""
import datetime
import json
import sys

NEWS_DAYS = 60  # as in src/tie/judge/unseen.rs


def news(story):
    """What the one report that a story is news of is: its authority and the kind with which its name in the corpus begins."""
    gold = story["gold"]
    if gold["kind"] != "report-story" or len(gold["reports"]) != 1 or len(gold["authorities"]) != 1 or not story.get("published"):
        return None
    report = gold["reports"][0]
    day, published = (datetime.date.fromisoformat(text[:10]) for text in (story["published"], report[-10:]))
    if not -2 <= (day - published).days <= NEWS_DAYS:
        return None
    return {"authority": gold["authorities"][0], "framework": report.split("-")[0]}


def main():
    manifest = json.load(open(f"{sys.argv[1]}/manifest.json", encoding="utf-8"))
    for path in sys.argv[2:]:
        for line in open(path, encoding="utf-8"):
            story = json.loads(line)
            gold = story["gold"]
            urls = {name: [manifest["reports"][report]["url"] for report in gold.get(name) or []] for name in ("reports", "also_fine")}
            # "unseen": the inspection that it is news of and of which there is no report; "news": the framework of the report
            # that it is news of, if it is of one report alone and soon after it.
            waiting = gold.get("waiting_for") or {}
            unseen = {"authority": waiting.get("authority"), "framework": waiting.get("framework")}
            row = {"url": manifest["stories"][story["id"]]["url"], "relevant": gold["relevant"], **urls, "unseen": unseen, "news": news(story)}
            print(json.dumps(row))


if __name__ == "__main__":
    main()
