"""The database as sqlite-utils meets it: its Python side, and its command."""
import json, subprocess, sys
import sqlite_utils

path, command = sys.argv[1:]
db = sqlite_utils.Database(path)
assert {"stories", "reports", "judgements", "ties"} <= set(db.view_names()), db.view_names()
rows = list(db.query("SELECT authority, overall FROM reports WHERE authority = 'Marlshire' AND framework = 'ILACS' ORDER BY published"))
assert [row["overall"] for row in rows] == ["inadequate", "requires improvement"], rows
told = json.loads(subprocess.run([command, "rows", path, "stories"], check=True, capture_output=True).stdout)
assert len(told) >= 8, told
