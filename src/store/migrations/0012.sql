-- The grade that a council had on the day of a story.
CREATE VIEW grades_then (
    story,
    published,
    authority,
    grade,
    report,
    report_published
) AS
SELECT story.id, story.published, story_authority.authority, judgement.grade, report.id, report.published
FROM story
JOIN story_authority ON story_authority.story = story.id
LEFT JOIN report ON report.n = (
    SELECT last.n
    FROM report AS last JOIN judgement AS overall ON overall.report = last.id AND overall.key = 'overall'
    WHERE last.authority = story_authority.authority AND last.framework IN ('SIF', 'ILACS')
      AND last.published <= substr(story.published, 1, 10)
    ORDER BY last.published DESC
    LIMIT 1)
LEFT JOIN judgement ON judgement.report = report.id AND judgement.key = 'overall';

CREATE INDEX report_version_replaced ON report_version (first_seen) WHERE version > 1;
