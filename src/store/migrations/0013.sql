-- Of the stories about an authority those that are ours can be found without looking at the others.
ALTER TABLE story_authority ADD COLUMN relevant INTEGER NOT NULL DEFAULT 0;
UPDATE story_authority SET relevant = 1 WHERE story IN (SELECT id FROM story WHERE relevant = 1);
CREATE INDEX story_authority_ours ON story_authority (authority, story) WHERE relevant = 1;
CREATE TRIGGER story_authority_new AFTER INSERT ON story_authority
BEGIN
    UPDATE story_authority
    SET relevant = 1
    WHERE story = NEW.story AND place = NEW.place AND EXISTS (SELECT 1 FROM story WHERE id = NEW.story AND relevant = 1);
END;
CREATE TRIGGER story_authority_changed AFTER UPDATE OF relevant ON story
WHEN OLD.relevant <> NEW.relevant
BEGIN
    UPDATE story_authority SET relevant = NEW.relevant WHERE story = NEW.id;
END;

-- Those that wait are counted without their rows.
DROP INDEX piece_waits;
CREATE INDEX piece_waits ON piece (at DESC, stands, relevant, review, state, waiting_for) WHERE waiting_for IS NOT NULL AND state <> 'tied';
