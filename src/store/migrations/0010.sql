-- A list can name one address under two titles, or turn its headlines to and fro: titles that were judged are remembered.
ALTER TABLE item ADD COLUMN former BLOB;

-- Doubts do not name what they are about any more, so that nothing of a story that is deleted for good stands there.
UPDATE source SET doubts = (SELECT json_group_array(value) FROM json_each(doubts) WHERE value NOT LIKE '“%');
