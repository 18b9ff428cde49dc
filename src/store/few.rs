//! Where a filter begins: of its conditions with the one that fewest pieces fit, so that a list of what is rare costs what it
//! shows.

use rusqlite::types::FromSql;

use super::{Narrow, Store, StoreError, narrow::named};

/// Rows that are counted before they are many. A list of what is rarer begins with it; one of more goes through what there is, of
/// which enough fits soon.
pub(super) const FEW: usize = 5_000;

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

impl Narrow {
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
}

pub(super) fn of_authorities(names: &str, ours: bool) -> [String; 2] {
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

pub(super) fn at_outlets(names: &str) -> [String; 2] {
    let at = format!("FROM story INDEXED BY story_outlet WHERE outlet IN (SELECT value FROM json_each({names}))");
    [format!("SELECT 1 {at}"), format!("SELECT DISTINCT piece AS id {at}")]
}
