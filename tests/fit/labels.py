#!/usr/bin/env python3
"""Writes the labels of a corpus as fit.py wants them: labels.py WORLD STORIES.jsonl … > labels.jsonl

WORLD is the folder of a replica (its manifest.json names the addresses of stories and reports); a story that is not
about our subject is left out, since the weights are of ties and not of relevance.
"""
import json
import sys


def main():
    manifest = json.load(open(f"{sys.argv[1]}/manifest.json", encoding="utf-8"))
    for path in sys.argv[2:]:
        for line in open(path, encoding="utf-8"):
            story = json.loads(line)
            gold = story["gold"]
            if gold["relevant"]:
                urls = {name: [manifest["reports"][report]["url"] for report in gold.get(name) or []] for name in ("reports", "also_fine")}
                # "unseen": the framework of the inspection that it is news of and of which there is no report.
                unseen = (gold.get("waiting_for") or {}).get("framework")
                print(json.dumps({"url": manifest["stories"][story["id"]]["url"], **urls, "unseen": unseen}))


if __name__ == "__main__":
    main()
