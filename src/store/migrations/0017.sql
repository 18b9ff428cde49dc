-- What filters ask for is found at once where it is rare: an outlet, a framework, a grade, a grade that differs.
CREATE INDEX story_outlet ON story (outlet);
CREATE INDEX report_framework ON report (framework, id);
-- A run asks each time which reports an older reader read.
CREATE INDEX report_parser ON report (parser);
CREATE INDEX judgement_grade ON judgement (grade, report) WHERE key IN ('overall', 'outcome');
-- Of a thousand stories that have a word fifty are ours: the others are told apart without reading their pieces.
CREATE INDEX piece_stated ON piece (id, state) WHERE state <> 'none';
CREATE INDEX tie_differs ON tie (piece) WHERE grade_check = 'disagrees';
