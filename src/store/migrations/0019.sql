-- Which pieces an outlet has is said by the index alone: of thousands of pieces no story is read.
DROP INDEX story_outlet;
CREATE INDEX story_outlet ON story (outlet, piece);
