-- What lists and counts ask of a piece stands in its row, so that a page of them is read from an index and nothing else.
ALTER TABLE piece ADD COLUMN stands TEXT;
ALTER TABLE piece ADD COLUMN relevant INTEGER;
ALTER TABLE piece ADD COLUMN at TEXT;
ALTER TABLE piece ADD COLUMN best REAL;

UPDATE piece
SET (stands, relevant, at) = (
        SELECT id, relevant, coalesce(published, story.first_seen)
        FROM story
        WHERE story.piece = piece.id
        ORDER BY relevant DESC, coalesce(published, story.first_seen), id
        LIMIT 1
    ),
    best = (SELECT max(confidence) FROM tie WHERE tie.piece = piece.id AND tie.state = 'possible');

-- Whatever writes a story, its piece follows.
CREATE TRIGGER story_stands_new AFTER INSERT ON story
BEGIN
    UPDATE piece
    SET (stands, relevant, at) = (
        SELECT id, relevant, coalesce(published, story.first_seen)
        FROM story
        WHERE story.piece = piece.id
        ORDER BY relevant DESC, coalesce(published, story.first_seen), id
        LIMIT 1
    )
    WHERE id = NEW.piece;
END;
CREATE TRIGGER story_stands_changed AFTER UPDATE OF relevant, published, first_seen, piece ON story
WHEN OLD.relevant <> NEW.relevant
  OR coalesce(OLD.published, OLD.first_seen) <> coalesce(NEW.published, NEW.first_seen)
  OR OLD.piece IS NOT NEW.piece
BEGIN
    UPDATE piece
    SET (stands, relevant, at) = (
        SELECT id, relevant, coalesce(published, story.first_seen)
        FROM story
        WHERE story.piece = piece.id
        ORDER BY relevant DESC, coalesce(published, story.first_seen), id
        LIMIT 1
    )
    WHERE id IN (OLD.piece, NEW.piece);
END;

CREATE INDEX story_newest ON story (coalesce(published, first_seen) DESC, id);
CREATE INDEX story_relevant ON story (first_seen) WHERE relevant = 1;
-- Columns that the conditions name stand in the indexes, so that counting looks at no row.
CREATE INDEX piece_shown ON piece (at DESC, stands, relevant, review) WHERE relevant = 1 AND review <> 'discarded';
CREATE INDEX piece_seen ON piece (first_seen, relevant) WHERE relevant = 1;
CREATE INDEX piece_reviewed ON piece (review, at DESC, stands) WHERE review <> 'new';
CREATE INDEX piece_unseen ON piece (at DESC, stands, relevant, review, state) WHERE relevant = 1 AND review = 'new' AND state <> 'possible';
CREATE INDEX piece_undecided ON piece (best DESC, at DESC, stands, relevant, state, review) WHERE relevant = 1 AND state = 'possible' AND review <> 'discarded';
CREATE INDEX piece_waits ON piece (at DESC, stands) WHERE waiting_for IS NOT NULL AND state <> 'tied';
DROP INDEX piece_state;
CREATE INDEX piece_state ON piece (state, at DESC, stands) WHERE state <> 'none';
DROP INDEX report_published;
CREATE INDEX report_newest ON report (published DESC, id);
CREATE INDEX report_first_seen ON report (first_seen);
CREATE INDEX run_started ON run (started);
