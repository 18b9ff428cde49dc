-- Of the stories about an authority those that no report is tied to are listed and counted from an index and nothing else.
ALTER TABLE story_authority ADD COLUMN open_at TEXT;
ALTER TABLE story_authority ADD COLUMN open_stands TEXT;
UPDATE story_authority
SET (open_at, open_stands) = (
    SELECT piece.at, piece.stands
    FROM story JOIN piece ON piece.id = story.piece
    WHERE story.id = story_authority.story AND piece.relevant = 1 AND piece.state <> 'tied' AND piece.review <> 'discarded'
)
WHERE relevant = 1;
CREATE INDEX story_authority_open ON story_authority (authority, open_at DESC, open_stands) WHERE open_at IS NOT NULL;

DROP TRIGGER story_authority_new;
CREATE TRIGGER story_authority_new AFTER INSERT ON story_authority
BEGIN
    UPDATE story_authority
    SET relevant = 1
    WHERE story = NEW.story AND place = NEW.place AND EXISTS (SELECT 1 FROM story WHERE id = NEW.story AND relevant = 1);
    UPDATE story_authority
    SET (open_at, open_stands) = (
        SELECT piece.at, piece.stands
        FROM story JOIN piece ON piece.id = story.piece
        WHERE story.id = NEW.story AND piece.relevant = 1 AND piece.state <> 'tied' AND piece.review <> 'discarded'
    )
    WHERE story = NEW.story AND place = NEW.place AND relevant = 1;
END;
DROP TRIGGER story_authority_changed;
CREATE TRIGGER story_authority_changed AFTER UPDATE OF relevant, piece ON story
WHEN OLD.relevant <> NEW.relevant OR OLD.piece IS NOT NEW.piece
BEGIN
    UPDATE story_authority SET relevant = NEW.relevant, open_at = NULL, open_stands = NULL WHERE story = NEW.id;
    UPDATE story_authority
    SET (open_at, open_stands) = (
        SELECT at, stands FROM piece WHERE id = NEW.piece AND relevant = 1 AND state <> 'tied' AND review <> 'discarded'
    )
    WHERE story = NEW.id AND relevant = 1;
END;
CREATE TRIGGER piece_opened AFTER UPDATE OF relevant, state, review, at, stands ON piece
WHEN (OLD.relevant = 1 OR NEW.relevant = 1)
 AND (OLD.relevant IS NOT NEW.relevant OR OLD.state <> NEW.state OR OLD.review <> NEW.review
      OR OLD.at IS NOT NEW.at OR OLD.stands IS NOT NEW.stands)
BEGIN
    UPDATE story_authority
    SET open_at = iif(NEW.relevant = 1 AND NEW.state <> 'tied' AND NEW.review <> 'discarded', NEW.at, NULL),
        open_stands = iif(NEW.relevant = 1 AND NEW.state <> 'tied' AND NEW.review <> 'discarded', NEW.stands, NULL)
    WHERE relevant = 1 AND story IN (SELECT id FROM story WHERE piece = NEW.id);
END;

-- Counts ask which pieces are discarded without looking at the rows of all others.
CREATE INDEX piece_discarded ON piece (id, review) WHERE review = 'discarded';

-- How many pieces there are of what outputs count, so that no index is gone through.
CREATE TABLE piece_count (
    what TEXT PRIMARY KEY,
    many INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO piece_count (what, many)
SELECT 'shown', count(*) FROM piece WHERE relevant = 1 AND review <> 'discarded'
UNION ALL
SELECT 'undecided', count(*) FROM piece WHERE relevant = 1 AND review <> 'discarded' AND state = 'possible'
UNION ALL
SELECT 'unseen', count(*) FROM piece WHERE relevant = 1 AND review = 'new' AND state <> 'possible'
UNION ALL
SELECT 'waits', count(*) FROM piece WHERE relevant = 1 AND review <> 'discarded' AND waiting_for IS NOT NULL AND state <> 'tied';
CREATE TRIGGER piece_counted AFTER UPDATE OF relevant, review, state, waiting_for ON piece
BEGIN
    UPDATE piece_count SET many = many - CASE what
        WHEN 'shown' THEN OLD.review <> 'discarded'
        WHEN 'undecided' THEN OLD.review <> 'discarded' AND OLD.state = 'possible'
        WHEN 'unseen' THEN OLD.review = 'new' AND OLD.state <> 'possible'
        WHEN 'waits' THEN OLD.review <> 'discarded' AND OLD.waiting_for IS NOT NULL AND OLD.state <> 'tied'
        ELSE 0
    END WHERE OLD.relevant = 1;
    UPDATE piece_count SET many = many + CASE what
        WHEN 'shown' THEN NEW.review <> 'discarded'
        WHEN 'undecided' THEN NEW.review <> 'discarded' AND NEW.state = 'possible'
        WHEN 'unseen' THEN NEW.review = 'new' AND NEW.state <> 'possible'
        WHEN 'waits' THEN NEW.review <> 'discarded' AND NEW.waiting_for IS NOT NULL AND NEW.state <> 'tied'
        ELSE 0
    END WHERE NEW.relevant = 1;
END;
CREATE TRIGGER piece_counted_new AFTER INSERT ON piece WHEN NEW.relevant = 1
BEGIN
    UPDATE piece_count SET many = many + CASE what
        WHEN 'shown' THEN NEW.review <> 'discarded'
        WHEN 'undecided' THEN NEW.review <> 'discarded' AND NEW.state = 'possible'
        WHEN 'unseen' THEN NEW.review = 'new' AND NEW.state <> 'possible'
        WHEN 'waits' THEN NEW.review <> 'discarded' AND NEW.waiting_for IS NOT NULL AND NEW.state <> 'tied'
        ELSE 0
    END;
END;
CREATE TRIGGER piece_counted_gone AFTER DELETE ON piece WHEN OLD.relevant = 1
BEGIN
    UPDATE piece_count SET many = many - CASE what
        WHEN 'shown' THEN OLD.review <> 'discarded'
        WHEN 'undecided' THEN OLD.review <> 'discarded' AND OLD.state = 'possible'
        WHEN 'unseen' THEN OLD.review = 'new' AND OLD.state <> 'possible'
        WHEN 'waits' THEN OLD.review <> 'discarded' AND OLD.waiting_for IS NOT NULL AND OLD.state <> 'tied'
        ELSE 0
    END;
END;

-- Reports are counted without their rows.
CREATE INDEX report_status ON report (status);
