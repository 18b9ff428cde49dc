"""The exports as pandas meets them: as many rows as JSON lines, dates that are dates, no mark left in the first column."""
import json, sys
import pandas

for table in ["stories", "reports", "judgements", "ties", "quotations", "authorities"]:
    frame = pandas.read_csv(f"{sys.argv[1]}/{table}.csv", encoding="utf-8-sig")
    lines = [json.loads(line) for line in open(f"{sys.argv[1]}/{table}.jsonl", encoding="utf-8")]
    assert len(frame) == len(lines) > 0, (table, len(frame), len(lines))
    assert all(column.isidentifier() for column in frame.columns), list(frame.columns)
reports = pandas.read_csv(f"{sys.argv[1]}/reports.csv", parse_dates=["published"], encoding="utf-8-sig")
assert reports["published"].dt.year.between(2022, 2025).all(), reports["published"]
assert pandas.read_json(f"{sys.argv[1]}/stories.jsonl", lines=True)["ties"].map(len).sum() >= 7
