-- Why a piece was news when it last was, who decided, which decision takes another back, and when a part of the program
-- last did its work on everything.
ALTER TABLE piece ADD COLUMN news TEXT;
ALTER TABLE made_with ADD COLUMN at TEXT;
ALTER TABLE decision ADD COLUMN who TEXT;
ALTER TABLE decision ADD COLUMN undoes INTEGER REFERENCES decision (n);
ALTER TABLE note ADD COLUMN who TEXT;
CREATE INDEX decision_undoes ON decision (undoes) WHERE undoes IS NOT NULL;
