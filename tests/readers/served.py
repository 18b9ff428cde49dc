"""The database as Datasette gives it out, asked without a server of its own (`datasette --get`)."""
import json, subprocess, sys

path, command = sys.argv[1:]
name = path.removesuffix(".db")
for view, least in [("stories", 8), ("reports", 4), ("judgements", 10), ("ties", 7)]:
    got = subprocess.run([command, path, "--get", f"/{name}/{view}.json?_shape=array&_size=max"], check=True, capture_output=True)
    rows = json.loads(got.stdout)
    assert len(rows) >= least, (view, rows)
