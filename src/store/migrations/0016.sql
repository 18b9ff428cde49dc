-- The texts of stories that are not about our subject are kept compressed, in a table of their own: a column more would have
-- SQLite read every text that is stored.
CREATE TABLE story_packed (
    story INTEGER PRIMARY KEY REFERENCES story (n),
    blocks BLOB NOT NULL
) STRICT;
