//! What lists and searches are narrowed to, as SQL: conditions of a piece and of a report, and, where one of them lets few
//! pieces through, those pieces, so that a list begins with them.

use jiff::{Timestamp, civil::Date};
use rusqlite::{ToSql, types::FromSql};

use super::{
    Store, StoreError,
    columns::{Day, Json, Time},
    query::Query,
};
use crate::model::report::{Framework, Grade};

/// Rows that are counted before they are many. A list of what is rarer begins with it; one of more goes through what there is, of
/// which enough fits soon.
pub(super) const FEW: usize = 5_000;
/// Texts with a word of a watch that are looked at, newest first.
pub const NEWEST_TEXTS: usize = 20_000;

/// What is asked of pieces and of reports; the default lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    /// About one of these, by their canonical names, or tied to a report of one; one copy that is will do.
    pub authorities: Option<Vec<String>>,
    /// Tied to a report of one of these, or waiting for one; any where none is named.
    pub frameworks: Vec<Framework>,
    /// Tied to a report with this overall grade, or this outcome where it has no overall grade.
    pub grade: Option<Grade>,
    /// A story gives another grade than the report.
    pub grade_differs: bool,
    /// Itself or by a copy at one of these, as they are stored.
    pub outlets: Option<Vec<String>>,
    /// First seen or news again after this moment…
    pub since: Option<Timestamp>,
    /// …and not after this one.
    pub until: Option<Timestamp>,
    /// Of reports the day on which they were published, from and to.
    pub days: (Option<Date>, Option<Date>),
    pub watch: Option<Watching>,
    /// Nothing but pieces about our subject is wanted: which authorities they are about, those of their copies say that are, too.
    pub ours: bool,
}

/// Few pieces, with what else is asked of them.
#[derive(Debug)]
pub(super) struct Few {
    pub pieces: Vec<String>,
    pub rest: Narrow,
}

/// Where the pieces are that one condition lets through.
struct Rarity {
    /// Rows that are counted, as many or more.
    counted: String,
    pieces: String,
    /// The stories of them, where they are found without their pieces.
    stories: Option<String>,
    /// What is left to be asked of them.
    rest: Narrow,
}

/// Any of what a watch means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watching {
    /// Canonical names.
    pub authorities: Vec<String>,
    /// As they are stored.
    pub outlets: Vec<String>,
    /// Each entry a phrase, looked for in the newest 20,000 stories and as many paragraphs that have any.
    pub words: Vec<String>,
}

/// What is bound in a statement, by name.
pub(super) type Bound = Vec<(&'static str, Box<dyn ToSql>)>;

impl Narrow {
    /// True where nothing is asked of stories.
    pub fn is_all(&self) -> bool {
        Self { days: (None, None), ours: false, ..self.clone() } == Self::default()
    }

    /// True where something is asked of stories alone, which of reports asks for a story like that.
    pub fn asks_story(&self) -> bool {
        self.outlets.is_some() || self.grade_differs
    }

    /// What must hold of a row of `piece`.
    pub(super) fn of_piece(&self) -> Vec<String> {
        let mut asked = Vec::new();
        asked.extend(self.authorities.as_ref().map(|_| about(":authorities", self.ours)));
        if !self.frameworks.is_empty() {
            let names = "(SELECT value FROM json_each(:frameworks))";
            asked.push(format!(
                "(piece.state <> 'tied' AND piece.waiting_for ->> 'framework' IN {names} OR {})",
                tied(&format!("tied.framework IN {names}"))
            ));
        }
        asked.extend(self.grade.map(|_| tied(&graded("tied"))));
        if self.grade_differs {
            asked.push(DIFFERS.to_owned());
        }
        asked.extend(self.outlets.as_ref().map(|_| published(":outlets")));
        if self.since.is_some() || self.until.is_some() {
            asked.push(format!("({} OR {})", self.within("piece.first_seen"), self.within("piece.changed")));
        }
        asked.extend(self.watch.as_ref().map(|watch| watch.of_piece(self.ours)));
        asked
    }

    /// True where nothing fits but what is tied, may be, or waits.
    pub(super) fn is_of_stated(&self) -> bool {
        !self.frameworks.is_empty() || self.grade.is_some() || self.grade_differs
    }

    /// The same but for the authorities.
    pub(super) fn of_any_authority(&self) -> Self {
        Self { authorities: None, ..self.clone() }
    }

    fn within(&self, column: &str) -> String {
        let since = self.since.map(|_| format!("{column} > :from"));
        let until = self.until.map(|_| format!("{column} <= :to"));
        since.into_iter().chain(until).collect::<Vec<_>>().join(" AND ")
    }

    /// What must hold of a row of `report`.
    pub(super) fn of_report(&self) -> Vec<String> {
        let mut asked = Vec::new();
        asked.extend(self.authorities.as_ref().map(|_| "authority IN (SELECT value FROM json_each(:authorities))".to_owned()));
        if !self.frameworks.is_empty() {
            asked.push("framework IN (SELECT value FROM json_each(:frameworks))".to_owned());
        }
        asked.extend(self.grade.map(|_| graded("report")));
        asked.extend(self.days.0.map(|_| "published >= :first_day".to_owned()));
        asked.extend(self.days.1.map(|_| "published <= :last_day".to_owned()));
        asked.extend(self.watch.as_ref().map(Watching::of_report));
        if self.asks_story() {
            let of_story = Self { since: None, until: None, ..self.clone() }.of_piece().join(" AND ");
            asked.push(format!(
                "EXISTS (SELECT 1
                         FROM tie CROSS JOIN piece ON piece.id = tie.piece
                         WHERE tie.report = report.id AND tie.state IN ('auto', 'confirmed') AND review <> 'discarded' AND {of_story})"
            ));
        }
        asked
    }

    /// What is bound in a statement that has some of these conditions.
    pub(super) fn bound(&self, sql: &str) -> Bound {
        let watch = self.watch.clone().unwrap_or_default();
        let mut bound: Bound = vec![
            (":authorities", Box::new(Json(self.authorities.clone()))),
            (":frameworks", Box::new(Json(self.frameworks.iter().map(|framework| framework.as_str()).collect::<Vec<_>>()))),
            (":grade", Box::new(self.grade)),
            (":outlets", Box::new(Json(self.outlets.clone()))),
            (":from", Box::new(self.since.map(Time))),
            (":to", Box::new(self.until.map(Time))),
            (":first_day", Box::new(self.days.0.map(Day))),
            (":last_day", Box::new(self.days.1.map(Day))),
            (":words", Box::new(watch.query())),
            (":watched_authorities", Box::new(Json(watch.authorities))),
            (":watched_outlets", Box::new(Json(watch.outlets))),
        ];
        bound.retain(|(name, _)| sql.contains(name));
        bound
    }

    /// Where the pieces are that one condition lets through, condition by condition.
    fn sources(&self) -> Vec<Rarity> {
        let mut sources = Vec::new();
        let mut push = |[counted, pieces]: [String; 2], stories: Option<String>, rest: Self| {
            sources.push(Rarity { counted, pieces, stories, rest });
        };
        if self.authorities.is_some() {
            push(of_authorities(":authorities", self.ours), Some(stories_of_authorities(":authorities")), self.of_any_authority());
        }
        if !self.frameworks.is_empty() {
            let names = "(SELECT value FROM json_each(:frameworks))";
            let waiting = format!(
                "FROM piece INDEXED BY piece_waits
                 WHERE waiting_for IS NOT NULL AND state <> 'tied' AND waiting_for ->> 'framework' IN {names}"
            );
            let tied = format!(
                "FROM report INDEXED BY report_framework CROSS JOIN tie ON tie.report = report.id
                 WHERE framework IN {names} AND tie.state IN ('auto', 'confirmed')"
            );
            let source = [
                format!("SELECT 1 {tied} UNION ALL SELECT 1 {waiting}"),
                format!("SELECT tie.piece AS id {tied} UNION SELECT piece.id {waiting}"),
            ];
            push(source, None, Self { frameworks: Vec::new(), ..self.clone() });
        }
        if self.grade.is_some() {
            let tied = "FROM judgement INDEXED BY judgement_grade CROSS JOIN tie ON tie.report = judgement.report
                        WHERE key IN ('overall', 'outcome') AND grade = :grade AND tie.state IN ('auto', 'confirmed')";
            push([format!("SELECT 1 {tied}"), format!("SELECT DISTINCT tie.piece AS id {tied}")], None, self.clone());
        }
        if self.grade_differs {
            let differs = "FROM tie INDEXED BY tie_differs WHERE grade_check = 'disagrees'";
            push([format!("SELECT 1 {differs}"), format!("SELECT DISTINCT piece AS id {differs}")], None, self.clone());
        }
        if self.outlets.is_some() {
            push(at_outlets(":outlets"), None, Self { outlets: None, ..self.clone() });
        }
        if self.since.is_some() {
            let seen = format!("FROM piece INDEXED BY piece_first_seen WHERE {}", self.within("first_seen"));
            let changed = format!("FROM piece INDEXED BY piece_changed WHERE {}", self.within("changed"));
            let source = [format!("SELECT 1 {seen} UNION ALL SELECT 1 {changed}"), format!("SELECT id {seen} UNION SELECT id {changed}")];
            push(source, None, Self { since: None, until: None, ..self.clone() });
        }
        if let Some(watch) = &self.watch {
            push(watch.source(self.ours), None, Self { watch: None, ..self.clone() });
        }
        sources
    }
}

impl Watching {
    /// Whether anything is looked for, and what.
    fn query(&self) -> Option<String> {
        Query::any_of(&self.words)
    }

    fn of_piece(&self, ours: bool) -> String {
        let mut any = Vec::new();
        if !self.authorities.is_empty() {
            any.push(about(":watched_authorities", ours));
        }
        if !self.outlets.is_empty() {
            any.push(published(":watched_outlets"));
        }
        // The plus keeps SQLite from asking for each of the texts, piece by piece.
        any.extend(self.query().map(|_| {
            format!(
                "EXISTS (SELECT 1
                         FROM story AS copy
                         WHERE copy.piece = piece.id
                           AND +copy.n IN (SELECT rowid FROM story_fts WHERE story_fts MATCH :words ORDER BY rowid DESC LIMIT {NEWEST_TEXTS}))"
            )
        }));
        any_of(any)
    }

    fn of_report(&self) -> String {
        let mut any = Vec::new();
        if !self.authorities.is_empty() {
            any.push("authority IN (SELECT value FROM json_each(:watched_authorities))".to_owned());
        }
        any.extend(self.query().map(|_| {
            format!(
                "+report.n IN (SELECT passage.report
                               FROM (SELECT rowid AS n FROM passage_fts WHERE passage_fts MATCH :words ORDER BY rowid DESC LIMIT {NEWEST_TEXTS}) AS found
                               CROSS JOIN passage ON passage.n = found.n)"
            )
        }));
        any_of(any)
    }

    fn source(&self, ours: bool) -> [String; 2] {
        let mut all = vec![["SELECT 1 WHERE 0".to_owned(), "SELECT NULL AS id WHERE 0".to_owned()]];
        if !self.authorities.is_empty() {
            all.push(of_authorities(":watched_authorities", ours));
        }
        if !self.outlets.is_empty() {
            all.push(at_outlets(":watched_outlets"));
        }
        all.extend(self.query().map(|_| {
            let found = |limit: &dyn std::fmt::Display| {
                format!("FROM (SELECT rowid AS n FROM story_fts WHERE story_fts MATCH :words ORDER BY rowid DESC LIMIT {limit}) AS found")
            };
            [
                format!("SELECT 1 {}", found(&FEW)),
                format!("SELECT piece AS id {} CROSS JOIN story ON story.n = found.n", found(&NEWEST_TEXTS)),
            ]
        }));
        let joined = |at: usize, with: &str| all.iter().map(|each| format!("SELECT * FROM ({})", each[at])).collect::<Vec<_>>().join(with);
        [joined(0, " UNION ALL "), joined(1, " UNION ")]
    }
}

impl Store {
    /// The pieces that fit one of the conditions, of that which fewest fit; nothing where as many as `many` fit each.
    pub(super) fn few(&self, narrow: &Narrow, many: usize) -> Result<Option<Few>, StoreError> {
        let Some(Rarity { pieces, rest, .. }) = self.rarest(narrow, many)? else { return Ok(None) };
        Ok(Some(Few { pieces: self.listed(&pieces, narrow)?, rest }))
    }

    /// The same by the numbers of their stories; of what is left to be asked, those alone that fit.
    pub(super) fn few_stories(&self, narrow: &Narrow) -> Result<Option<Vec<i64>>, StoreError> {
        let Some(Rarity { pieces, stories, rest, .. }) = self.rarest(narrow, FEW)? else { return Ok(None) };
        let stories =
            stories.unwrap_or_else(|| format!("SELECT story.n AS id FROM ({pieces}) AS found CROSS JOIN story ON story.piece = found.id"));
        let found: Vec<i64> = self.listed(&stories, narrow)?;
        Ok(Some(if rest.is_all() { found } else { self.fitting_stories(&found, &rest)? }))
    }

    /// The condition that fewest fit.
    fn rarest(&self, narrow: &Narrow, many: usize) -> Result<Option<Rarity>, StoreError> {
        let mut best: Option<(usize, Rarity)> = None;
        for source in narrow.sources() {
            let sql = format!("SELECT count(*) FROM ({} LIMIT {FEW}) AS found", source.counted);
            let fit: i64 = self.db.prepare_cached(&sql)?.query_row(named(&narrow.bound(&sql)).as_slice(), |row| row.get(0))?;
            let fit = usize::try_from(fit).unwrap_or(usize::MAX);
            if fit < best.as_ref().map_or(many, |(least, _)| *least) {
                best = Some((fit, source));
            }
        }
        Ok(best.map(|(_, source)| source))
    }

    fn listed<T: FromSql>(&self, sql: &str, narrow: &Narrow) -> Result<Vec<T>, StoreError> {
        let mut select = self.db.prepare_cached(sql)?;
        let ids = select.query_map(named(&narrow.bound(sql)).as_slice(), |row| row.get::<_, Option<T>>("id"))?;
        Ok(ids.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// The outlets of all stories, as they are stored, each once.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn outlets(&self) -> Result<Vec<String>, StoreError> {
        // From one to the next, by the index.
        let mut select = self.db.prepare_cached(
            "
            WITH RECURSIVE each (name) AS (
                SELECT min(outlet) FROM story
                UNION ALL
                SELECT (SELECT min(outlet) FROM story WHERE outlet > each.name) FROM each WHERE each.name IS NOT NULL
            )
            SELECT name FROM each WHERE name IS NOT NULL",
        )?;
        let rows = select.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// As rusqlite takes them.
pub(super) fn named(bound: &Bound) -> Vec<(&'static str, &dyn ToSql)> {
    bound.iter().map(|(name, value)| (*name, value.as_ref())).collect()
}

/// True of a piece with a copy about one of some authorities, or tied to a report of one.
fn about(names: &str, ours: bool) -> String {
    let of_one = format!("authority IN (SELECT value FROM json_each({names}))");
    let ours = if ours { "AND story_authority.relevant = 1" } else { "" };
    format!(
        "(EXISTS (SELECT 1
                  FROM story AS copy CROSS JOIN story_authority ON story_authority.story = copy.id
                  WHERE copy.piece = piece.id AND {of_one} {ours})
          OR {})",
        tied(&format!("tied.{of_one}"))
    )
}

/// True of a story about one of some authorities, or tied to a report of one; its piece, where it is tied, is `stated`.
pub(super) fn named_in(names: &str) -> String {
    let of_one = format!("authority IN (SELECT value FROM json_each({names}))");
    format!(
        "(story.id IN (SELECT story FROM story_authority WHERE {of_one})
          OR EXISTS (SELECT 1
                     FROM piece AS stated INDEXED BY piece_stated
                     CROSS JOIN tie AS holding ON holding.piece = stated.id
                     CROSS JOIN report AS tied ON tied.id = holding.report
                     WHERE stated.id = story.piece AND stated.state <> 'none' AND holding.state IN ('auto', 'confirmed') AND tied.{of_one}))"
    )
}

/// True of a piece with a tie that holds to a report of which something is true.
fn tied(of_report: &str) -> String {
    format!(
        "(piece.state = 'tied'
          AND EXISTS (SELECT 1
                      FROM tie AS holding CROSS JOIN report AS tied ON tied.id = holding.report
                      WHERE holding.piece = piece.id AND holding.state IN ('auto', 'confirmed') AND {of_report}))"
    )
}

/// True of a report with the overall grade, or with the outcome where it has none.
fn graded(report: &str) -> String {
    format!(
        "(SELECT grade FROM judgement WHERE judgement.report = {report}.id AND key IN ('overall', 'outcome') ORDER BY key DESC, place LIMIT 1) = :grade"
    )
}

/// True of a piece with a copy at one of some outlets.
fn published(names: &str) -> String {
    format!("EXISTS (SELECT 1 FROM story AS copy WHERE copy.piece = piece.id AND copy.outlet IN (SELECT value FROM json_each({names})))")
}

/// True of a piece that gives another grade than a report that it is shown with: one that it is tied to, else one that it may be
/// about.
const DIFFERS: &str = "
    EXISTS (SELECT 1
            FROM tie AS differing
            WHERE differing.piece = piece.id AND grade_check = 'disagrees'
              AND (differing.state IN ('auto', 'confirmed')
                   OR differing.state = 'possible'
                      AND NOT EXISTS (SELECT 1 FROM tie AS holding WHERE holding.piece = piece.id AND holding.state IN ('auto', 'confirmed'))))";

fn of_authorities(names: &str, ours: bool) -> [String; 2] {
    let one = format!("authority IN (SELECT value FROM json_each({names}))");
    let tied = tied_of(&one);
    let of_ours = if ours { "AND story_authority.relevant = 1" } else { "" };
    [
        format!("SELECT 1 FROM story_authority WHERE {one} {of_ours} UNION ALL SELECT 1 {tied}"),
        format!(
            "SELECT copy.piece AS id
             FROM story_authority CROSS JOIN story AS copy ON copy.id = story_authority.story
             WHERE {one} {of_ours}
             UNION SELECT tie.piece {tied}"
        ),
    ]
}

fn stories_of_authorities(names: &str) -> String {
    let one = format!("authority IN (SELECT value FROM json_each({names}))");
    let tied = tied_of(&one);
    format!(
        "SELECT story.n AS id FROM story_authority CROSS JOIN story ON story.id = story_authority.story WHERE {one}
         UNION SELECT story.n FROM (SELECT tie.piece {tied}) AS found CROSS JOIN story ON story.piece = found.piece"
    )
}

fn tied_of(report: &str) -> String {
    format!(
        "FROM report INDEXED BY report_authority CROSS JOIN tie ON tie.report = report.id
         WHERE {report} AND tie.state IN ('auto', 'confirmed')"
    )
}

fn at_outlets(names: &str) -> [String; 2] {
    let at = format!("FROM story INDEXED BY story_outlet WHERE outlet IN (SELECT value FROM json_each({names}))");
    [format!("SELECT 1 {at}"), format!("SELECT DISTINCT piece AS id {at}")]
}

fn any_of(any: Vec<String>) -> String {
    if any.is_empty() { "0".to_owned() } else { format!("({})", any.join(" OR ")) }
}
