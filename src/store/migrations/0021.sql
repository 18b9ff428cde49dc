-- Which pieces are about an authority is said by an index alone: no story is read for it.
ALTER TABLE story_authority ADD COLUMN piece TEXT;
UPDATE story_authority SET piece = (SELECT piece FROM story WHERE story.id = story_authority.story) WHERE relevant = 1;
DROP INDEX story_authority_ours;
CREATE INDEX story_authority_ours ON story_authority (authority, piece) WHERE relevant = 1;

DROP TRIGGER story_authority_new;
CREATE TRIGGER story_authority_new AFTER INSERT ON story_authority
BEGIN
    UPDATE story_authority
    SET relevant = 1, piece = (SELECT piece FROM story WHERE id = NEW.story)
    WHERE story = NEW.story AND place = NEW.place AND EXISTS (SELECT 1 FROM story WHERE id = NEW.story AND relevant = 1);
    UPDATE story_authority
    SET (open_at, open_stands) = (
        SELECT at, stands
        FROM piece
        WHERE id = story_authority.piece AND relevant = 1 AND state <> 'tied' AND review <> 'discarded'
    )
    WHERE story = NEW.story AND place = NEW.place AND relevant = 1;
END;
DROP TRIGGER story_authority_changed;
CREATE TRIGGER story_authority_changed AFTER UPDATE OF relevant, piece ON story
WHEN OLD.relevant <> NEW.relevant OR OLD.piece IS NOT NEW.piece
BEGIN
    UPDATE story_authority
    SET relevant = NEW.relevant, piece = iif(NEW.relevant = 1, NEW.piece, NULL), open_at = NULL, open_stands = NULL
    WHERE story = NEW.id;
    UPDATE story_authority
    SET (open_at, open_stands) = (
        SELECT at, stands FROM piece WHERE id = NEW.piece AND relevant = 1 AND state <> 'tied' AND review <> 'discarded'
    )
    WHERE story = NEW.id AND relevant = 1;
END;
