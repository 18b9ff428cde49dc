"""The digest as feedparser meets it: each entry with title, link, date and an id that no other has; both feeds alike."""
import json, sys
import feedparser

folder = sys.argv[1]
items = json.load(open(f"{folder}/digest.json", encoding="utf-8"))["items"]
for ending in ["rss", "atom"]:
    read = feedparser.parse(open(f"{folder}/digest.{ending}", "rb").read())
    assert not read.bozo, read.get("bozo_exception")
    assert len(read.entries) == len(items) > 10, (ending, len(read.entries), len(items))
    ids = [entry.id.removeprefix("urn:tieback:") for entry in read.entries]
    assert ids == [item["id"] for item in items] and len(set(ids)) == len(ids), ids
    for entry, item in zip(read.entries, items):
        assert entry.title == item["title"], (entry.title, item["title"])
        assert entry.link == item["url"] and entry.published_parsed and entry.summary, entry
