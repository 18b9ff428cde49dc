-- A piece of copy has a row of its own: decisions, ties and what was shown hang on it and no longer on one of its copies.
CREATE TABLE piece (
    id TEXT PRIMARY KEY,
    first_seen TEXT NOT NULL,
    changed TEXT,
    kind TEXT NOT NULL DEFAULT 'other',
    waiting_for TEXT,
    state TEXT NOT NULL DEFAULT 'none',
    review TEXT NOT NULL DEFAULT 'new'
) STRICT, WITHOUT ROWID;
CREATE INDEX piece_first_seen ON piece (first_seen);
CREATE INDEX piece_changed ON piece (changed) WHERE changed IS NOT NULL;
CREATE INDEX piece_state ON piece (state);
CREATE INDEX piece_waiting ON piece (waiting_for ->> 'authority') WHERE waiting_for IS NOT NULL;

-- Clusters become pieces of the same id, so that no feed reader sees an entry twice. All are judged once more.
INSERT INTO piece (id, first_seen, changed, kind, waiting_for, review)
SELECT cluster,
       min(first_seen),
       max(changed),
       (SELECT kind FROM story AS copy WHERE copy.cluster = story.cluster
        ORDER BY copy.relevant DESC, coalesce(copy.published, copy.first_seen), copy.id LIMIT 1),
       (SELECT waiting_for FROM story AS copy WHERE copy.cluster = story.cluster AND copy.waiting_for IS NOT NULL
        ORDER BY coalesce(copy.published, copy.first_seen), copy.id LIMIT 1),
       coalesce((SELECT decision.became FROM decision JOIN story AS copy ON copy.id = decision.story
                 WHERE copy.cluster = story.cluster AND decision.report IS NULL ORDER BY decision.n DESC LIMIT 1),
                min(review))
FROM story
GROUP BY cluster;
INSERT INTO work (job, owner, subject, due) SELECT 'judge', '', id, first_seen FROM piece;

ALTER TABLE story ADD COLUMN piece TEXT REFERENCES piece (id);
UPDATE story SET piece = cluster;
CREATE INDEX story_piece ON story (piece);

-- Of the ties of several copies to one report a person's stands, the latest first, else the best.
ALTER TABLE evidence RENAME TO evidence_before;
ALTER TABLE tie RENAME TO tie_before;
DROP INDEX tie_report;
CREATE TABLE tie (
    piece TEXT NOT NULL REFERENCES piece (id),
    report TEXT NOT NULL REFERENCES report (id),
    state TEXT NOT NULL,
    confidence REAL NOT NULL,
    kind TEXT NOT NULL,
    grade_check TEXT NOT NULL,
    undecided TEXT,
    copy TEXT REFERENCES story (id),
    PRIMARY KEY (piece, report)
) STRICT, WITHOUT ROWID;
CREATE INDEX tie_report ON tie (report, state);
CREATE INDEX tie_copy ON tie (copy);
INSERT INTO tie (piece, report, state, confidence, kind, grade_check, undecided, copy)
SELECT piece, report, state, confidence, kind, grade_check, undecided, story
FROM (
    SELECT story.piece, tie_before.*,
           row_number() OVER (
               PARTITION BY story.piece, tie_before.report
               ORDER BY tie_before.state IN ('confirmed', 'rejected') DESC,
                        (SELECT max(n) FROM decision WHERE decision.story = tie_before.story AND decision.report = tie_before.report) DESC,
                        tie_before.state = 'auto' DESC,
                        tie_before.confidence DESC,
                        tie_before.story
           ) AS place
    FROM tie_before JOIN story ON story.id = tie_before.story
)
WHERE place = 1;

CREATE TABLE evidence (
    piece TEXT NOT NULL,
    report TEXT NOT NULL,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL,
    in_story TEXT NOT NULL,
    in_report TEXT NOT NULL,
    page INTEGER,
    paragraph TEXT,
    weight REAL NOT NULL,
    PRIMARY KEY (piece, report, place),
    FOREIGN KEY (piece, report) REFERENCES tie (piece, report) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO evidence (piece, report, place, kind, in_story, in_report, page, paragraph, weight)
SELECT tie.piece, tie.report, before.place, before.kind, before.in_story, before.in_report, before.page, before.paragraph, before.weight
FROM tie JOIN evidence_before AS before ON before.story = tie.copy AND before.report = tie.report;
DROP TABLE evidence_before;
DROP TABLE tie_before;

UPDATE piece
SET state = CASE
    WHEN EXISTS (SELECT 1 FROM tie WHERE tie.piece = piece.id AND tie.state IN ('auto', 'confirmed')) THEN 'tied'
    WHEN EXISTS (SELECT 1 FROM tie WHERE tie.piece = piece.id AND tie.state = 'possible') THEN 'possible'
    WHEN waiting_for IS NOT NULL THEN 'waiting'
    ELSE 'none'
END;

DROP INDEX story_pending;
DROP INDEX story_cluster;
DROP INDEX story_state;
ALTER TABLE story DROP COLUMN cluster;
ALTER TABLE story DROP COLUMN pending;
ALTER TABLE story DROP COLUMN kind;
ALTER TABLE story DROP COLUMN waiting_for;
ALTER TABLE story DROP COLUMN state;
ALTER TABLE story DROP COLUMN review;
