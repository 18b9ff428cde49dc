-- Rows of the version before pieces: a cluster of three copies with decisions on each, and a story that waits.
INSERT INTO source (name, items) VALUES ('Bugle', 4);
INSERT INTO resource (url, etag, fetched_at, full_at) VALUES ('https://news.example/feed', '"1"', '2024-03-05T06:00:00Z', '2024-03-05T06:00:00Z');
INSERT INTO item (key, source, url, state, title_hash, at) VALUES ('https://news.example/one', 'Bugle', 'https://news.example/one', 'stored', 1, '2024-03-05T06:00:00Z');
-- SHA-256 of "gone".
INSERT INTO tombstone (hash, at) VALUES (x'283bb9deef02e6843abfb538efa1eca70801bd8a701c3f98191e123496339247', '2024-03-05T06:00:00Z');
INSERT INTO provider (urn, url, name, listed_at) VALUES ('80001', 'https://reports.example/44/1', 'Leeds', '2024-03-05T06:00:00Z');
INSERT INTO publication (urn, url, label, first_seen, last_seen) VALUES ('80001', 'https://files.example/v1/file/1', 'Inspection', '2024-03-05T06:00:00Z', '2024-03-05T06:00:00Z');
INSERT INTO file_failure (url, tries, failure, detail) VALUES ('https://files.example/v1/file/9', 1, 'timeout', '');
INSERT INTO file (sha256, size, body) VALUES ('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881', 1, x'78');
INSERT INTO report (n, id, url, first_seen, sha256, parser, status, framework, title, authority, pages, last_paragraph, doubts)
SELECT value, 'r-' || value, 'https://files.example/v1/file/' || value, '2024-03-05T06:00:00Z',
       '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881', 1, 'current', 'ILACS', 'Inspection', 'Leeds', 1, 1, '[]'
FROM json_each('[1, 2, 3]');
INSERT INTO report_version (report, version, sha256, first_seen, facts, changed)
VALUES ('r-1', 1, '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881', '2024-03-05T06:00:00Z', '{}', '[]');
INSERT INTO judgement (report, place, key, label, grade, printed, readings, agree) VALUES ('r-1', 0, 'overall', 'Overall', 'good', 'Good', 2, 1);
INSERT INTO recommendation (report, place, n, text, page) VALUES ('r-1', 0, 1, 'Visits.', 1);
INSERT INTO passage (n, report, place, page, kind, text) VALUES (1, 1, 0, 1, 'paragraph', 'Leaders acted swiftly.');
INSERT INTO passage_fts (rowid, text) VALUES (1, 'leaders acted swiftly');
INSERT INTO shingle (hash, report, passage) VALUES (1, 1, 0);
INSERT INTO shingle_set (report, hashes) VALUES (1, x'0100000000000000');

INSERT INTO story (n, id, source, url, outlet, title, published, first_seen, changed, summary, words, walled, area, cluster, pending, judged_at, relevant, kind, waiting_for, state, review)
VALUES (1, 's-one', 'Bugle', 'https://news.example/one', 'Bugle', 'One', '2024-03-04T09:00:00Z', '2024-03-05T06:00:00Z', NULL, '', 3, 0, '[]', 's-one', 0, '2024-03-05T06:00:00Z', 1, 'follow-up', NULL, 'tied', 'new'),
       (2, 's-two', 'Bugle', 'https://news.example/two', 'Bugle', 'Two', '2024-03-04T10:00:00Z', '2024-03-05T06:00:00Z', NULL, '', 3, 0, '[]', 's-one', 0, '2024-03-05T06:00:00Z', 1, 'coverage', NULL, 'tied', 'kept'),
       (3, 's-three', 'Bugle', 'https://news.example/three', 'Bugle', 'Three', '2024-03-04T11:00:00Z', '2024-03-05T06:00:00Z', NULL, '', 3, 0, '[]', 's-one', 1, '2024-03-05T06:00:00Z', 0, 'coverage', NULL, 'none', 'discarded'),
       (4, 's-waits', 'Bugle', 'https://news.example/waits', 'Bugle', 'Waits', NULL, '2024-03-05T06:00:00Z', '2024-03-06T06:00:00Z', '', 3, 0, '[]', 's-waits', 0, '2024-03-06T06:00:00Z', 1, 'coverage', '{"authority":"Leeds","framework":"ILACS","around":"2024-03"}', 'waiting', 'new');
INSERT INTO story_text (story, blocks, links) SELECT n, '[]', '[]' FROM story;
INSERT INTO story_fts (rowid, title, text) SELECT n, lower(title), '' FROM story;
INSERT INTO story_version (story, version, until, title, blocks) VALUES ('s-waits', 1, '2024-03-06T06:00:00Z', 'Before', '[]');
INSERT INTO address (key, story, url) SELECT url, id, url FROM story;
INSERT INTO story_authority (story, place, authority) SELECT id, 0, 'Leeds' FROM story;
INSERT INTO fingerprint (story, signature) VALUES (1, x'0100000000000000');
INSERT INTO fingerprint_band (hash, story) VALUES (7, 1);
INSERT INTO article_number (number, story) VALUES ('news.example:12345', 1);
INSERT INTO quotation (story, place, text, found, exact, report) VALUES ('s-one', 0, 'acted swiftly', 1, 1, 'r-1');
INSERT INTO tie (story, report, state, confidence, kind, grade_check, undecided)
VALUES ('s-one', 'r-1', 'auto', 0.99, 'coverage', 'agrees', NULL),
       ('s-one', 'r-2', 'possible', 0.6, 'coverage', 'agrees', NULL),
       ('s-two', 'r-1', 'confirmed', 0.9, 'coverage', 'agrees', 'possible'),
       ('s-three', 'r-3', 'rejected', 0.8, 'coverage', 'agrees', 'auto');
INSERT INTO evidence (story, report, place, kind, in_story, in_report, weight)
VALUES ('s-one', 'r-1', 0, 'quote', 'of one', 'acted swiftly', 4.0),
       ('s-two', 'r-1', 0, 'quote', 'of two', 'acted swiftly', 3.0),
       ('s-three', 'r-3', 0, 'quote', 'of three', 'acted swiftly', 2.0);
INSERT INTO note (story, at, text) VALUES ('s-one', '2024-03-05T07:00:00Z', 'first'), ('s-three', '2024-03-05T08:00:00Z', 'second');
INSERT INTO decision (at, story, report, was, became)
VALUES ('2024-03-05T07:00:00Z', 's-two', 'r-1', 'possible', 'confirmed'),
       ('2024-03-05T07:01:00Z', 's-two', NULL, 'new', 'kept'),
       ('2024-03-05T07:02:00Z', 's-three', 'r-3', 'auto', 'rejected'),
       ('2024-03-05T07:03:00Z', 's-three', NULL, 'new', 'discarded');
INSERT INTO run (started) VALUES ('2024-03-05T06:00:00Z');
