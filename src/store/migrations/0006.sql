CREATE TABLE reader (
    name TEXT PRIMARY KEY,
    until TEXT NOT NULL,
    run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An index that SQLite 3.40 can open, over the text as it stands; the one before needed 3.43.
DROP TABLE story_fts;
DROP TABLE passage_fts;

CREATE VIRTUAL TABLE story_fts USING fts5 (
    title,
    text,
    content = '', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO story_fts (rowid, title, text)
SELECT n, title, (
    SELECT group_concat(text, char(10))
    FROM (SELECT json_extract(value, '$.text') AS text FROM json_each(story_text.blocks) ORDER BY key)
)
FROM story JOIN story_text ON story_text.story = story.n;

CREATE VIRTUAL TABLE passage_fts USING fts5 (
    text,
    content = 'passage', content_rowid = 'n', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO passage_fts (passage_fts) VALUES ('rebuild');

-- Views for other programs, by the names that people use.
CREATE VIEW stories (
    id,
    published,
    outlet,
    title,
    authorities,
    state,
    kind,
    review,
    words,
    first_seen,
    url,
    piece,
    n
) AS
SELECT story.id, story.published, story.outlet, story.title,
       (SELECT group_concat(authority, '; ') FROM story_authority WHERE story_authority.story = story.id),
       piece.state, piece.kind, piece.review, story.words, story.first_seen, story.url, story.piece, story.n
FROM story JOIN piece ON piece.id = story.piece
WHERE story.relevant = 1;

CREATE VIEW reports (
    id,
    published,
    authority,
    framework,
    overall,
    inspected_from,
    inspected_to,
    lead_inspector,
    title,
    pages,
    status,
    url
) AS
SELECT report.id, report.published, report.authority, report.framework,
       (SELECT grade FROM judgement WHERE judgement.report = report.id AND key IN ('overall', 'outcome') ORDER BY key DESC LIMIT 1),
       report.inspected_from, report.inspected_to, report.lead_inspector, report.title, report.pages, report.status, report.url
FROM report
WHERE report.status <> 'not-a-report';

CREATE VIEW judgements (
    report,
    published,
    authority,
    framework,
    key,
    label,
    grade,
    agree
) AS
SELECT report.id, report.published, report.authority, report.framework, judgement.key, judgement.label, judgement.grade, judgement.agree
FROM judgement JOIN report ON report.id = judgement.report;

CREATE VIEW ties (
    story,
    outlet,
    title,
    story_published,
    report,
    authority,
    report_published,
    state,
    confidence,
    kind,
    grade_check
) AS
SELECT story.id, story.outlet, story.title, story.published, report.id, report.authority, report.published, tie.state, tie.confidence,
       tie.kind, tie.grade_check
FROM tie JOIN story ON story.piece = tie.piece JOIN report ON report.id = tie.report
WHERE story.relevant = 1;
