#!/usr/bin/env bash
# The database as SQLite's own shell meets it, read only.
set -euo pipefail
ask() { sqlite3 -readonly "$1" "$2"; }
[ "$(ask "$1" "PRAGMA integrity_check")" = ok ]
[ "$(ask "$1" "SELECT count(*) FROM stories")" -ge 8 ]
[ "$(ask "$1" "SELECT count(*) FROM reports WHERE overall IS NOT NULL")" -ge 3 ]
[ "$(ask "$1" "SELECT count(*) FROM judgements")" -ge 10 ]
[ "$(ask "$1" "SELECT count(*) FROM ties")" -ge 7 ]
[ "$(ask "$1" "SELECT grade FROM grades_then JOIN stories ON stories.id = story WHERE title LIKE '%director to leave%'")" = "requires improvement" ]
[ "$(ask "$1" "SELECT count(*) FROM passage_fts WHERE passage_fts MATCH '\"pathway plan\"'")" -ge 1 ]
