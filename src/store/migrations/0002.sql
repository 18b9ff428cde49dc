CREATE TABLE article_number (
    number TEXT NOT NULL,
    story INTEGER NOT NULL REFERENCES story (n),
    PRIMARY KEY (number, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_number_story ON article_number (story);

-- Stories stored before are looked at for copies once more.
UPDATE story SET pending = 1;
