-- Of a piece that was seen by a day copies may come months later, and it may be of a later time: both are few, and known without
-- going through what is younger.
ALTER TABLE story ADD COLUMN late TEXT;
UPDATE story
SET late = piece.first_seen
FROM piece
WHERE piece.id = story.piece AND story.first_seen > strftime('%Y-%m-%dT%H:%M:%SZ', piece.first_seen, '+1129 hours');
CREATE INDEX story_late ON story (late, first_seen) WHERE late IS NOT NULL;
CREATE INDEX piece_late ON piece (first_seen, at) WHERE at > strftime('%Y-%m-%dT%H:%M:%SZ', first_seen, '+1129 hours');

CREATE TRIGGER story_came_late AFTER UPDATE OF piece, first_seen ON story
WHEN OLD.piece IS NOT NEW.piece OR OLD.first_seen <> NEW.first_seen
BEGIN
    UPDATE story
    SET late = (
        SELECT first_seen
        FROM piece
        WHERE id = NEW.piece AND NEW.first_seen > strftime('%Y-%m-%dT%H:%M:%SZ', first_seen, '+1129 hours')
    )
    WHERE n = NEW.n;
END;
CREATE TRIGGER piece_came_early AFTER UPDATE OF first_seen ON piece
WHEN OLD.first_seen <> NEW.first_seen
BEGIN
    UPDATE story
    SET late = iif(first_seen > strftime('%Y-%m-%dT%H:%M:%SZ', NEW.first_seen, '+1129 hours'), NEW.first_seen, NULL)
    WHERE piece = NEW.id;
END;
