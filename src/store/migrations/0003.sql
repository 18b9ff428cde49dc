CREATE TABLE mention (
    story TEXT NOT NULL REFERENCES story (id),
    report TEXT NOT NULL REFERENCES report (id),
    place INTEGER NOT NULL,
    mentioned TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (story, report)
) STRICT, WITHOUT ROWID;

-- A tie that was a mention and that a person decided on stays a tie; all others are made anew.
UPDATE tie SET kind = 'coverage' WHERE kind = 'mention';
UPDATE story SET pending = 1;
