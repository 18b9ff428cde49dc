//! Where a filter begins: with the pieces that fit those of its conditions that few do, so that a list of what is rare costs what
//! it shows.

use rusqlite::types::FromSql;

use super::{
    Narrow, Store, StoreError,
    narrow::{graded, named},
};

/// Rows that are counted before they are many. A list of what is rarer may begin with it; one of more goes through what there is,
/// of which enough fits soon.
pub(super) const FEW: usize = 5_000;

/// To ask whether a condition fits a piece takes as long as to list so many that fit it.
const ASKED: usize = 5;

/// Few pieces, with what else is asked of them.
#[derive(Debug)]
pub(super) struct Few {
    pub pieces: Vec<String>,
    pub rest: Narrow,
}

/// A list that is gone through in order until it is full.
#[derive(Debug, Clone, Copy)]
pub(super) struct InOrder {
    pub limit: usize,
    /// Pieces about our subject: what is gone through.
    pub ours: usize,
    /// Stories of any kind.
    pub all: usize,
    /// What else is gone through, to its end.
    pub whole: usize,
    /// To list a piece and read it takes as long as to go through so many.
    pub listed: usize,
}

impl InOrder {
    /// As many pieces stand among those gone through until it is full as would if no condition had to do with another; of each is
    /// given how many rows it has, and among which.
    fn gone_through(self, conditions: &[(usize, Among)]) -> f64 {
        let of = |among| match among {
            Among::Ours => self.ours,
            Among::All => self.all,
        };
        let one_in = |(fit, among): &(usize, Among)| (of(*among) as f64 / (*fit).max(1) as f64).max(1.0);
        self.whole as f64 + self.limit as f64 * conditions.iter().map(one_in).product::<f64>()
    }
}

/// Of what the rows of a condition are counted.
#[derive(Debug, Clone, Copy)]
enum Among {
    Ours,
    All,
}

/// Where the pieces are that one condition lets through.
struct Rarity {
    among: Among,
    /// Rows that are counted, as many or more.
    counted: String,
    pieces: String,
    /// The stories of them, where they are found without their pieces.
    stories: Option<String>,
    /// Takes out what need not be asked of them any more.
    settle: fn(&mut Narrow),
}

impl Narrow {
    /// Where the pieces are that one condition lets through, condition by condition.
    fn sources(&self) -> Vec<Rarity> {
        let mut sources = Vec::new();
        let mut push = |among: Among, [counted, pieces]: [String; 2], stories: Option<String>, settle: fn(&mut Self)| {
            sources.push(Rarity { among, counted, pieces, stories, settle });
        };
        if self.authorities.is_some() {
            let among = if self.ours { Among::Ours } else { Among::All };
            push(among, of_authorities(":authorities", self.ours), Some(stories_of_authorities(":authorities")), |rest| {
                rest.authorities = None
            });
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
            push(Among::Ours, source, None, |rest| rest.frameworks.clear());
        }
        if self.grade.is_some() {
            let tied = "FROM judgement INDEXED BY judgement_grade CROSS JOIN tie ON tie.report = judgement.report
                        WHERE key IN ('overall', 'outcome') AND grade = :grade AND tie.state IN ('auto', 'confirmed')";
            // A report has more grades than the one that counts, but few have others than that.
            let graded = graded("judgement.report");
            let source = [format!("SELECT 1 {tied}"), format!("SELECT DISTINCT tie.piece AS id {tied} AND {graded}")];
            push(Among::Ours, source, None, |rest| rest.grade = None);
        }
        if self.grade_differs {
            let differs = "FROM tie INDEXED BY tie_differs WHERE grade_check = 'disagrees'";
            push(Among::Ours, [format!("SELECT 1 {differs}"), format!("SELECT DISTINCT piece AS id {differs}")], None, |_| {});
        }
        if self.outlets.is_some() {
            push(Among::All, at_outlets(":outlets"), None, |rest| rest.outlets = None);
        }
        if self.since.is_some() {
            let seen = format!("FROM piece INDEXED BY piece_first_seen WHERE {}", self.within("first_seen"));
            let changed = format!("FROM piece INDEXED BY piece_changed WHERE {}", self.within("changed"));
            let source = [format!("SELECT 1 {seen} UNION ALL SELECT 1 {changed}"), format!("SELECT id {seen} UNION SELECT id {changed}")];
            push(Among::All, source, None, |rest| (rest.since, rest.until) = (None, None));
        }
        if let Some(watch) = &self.watch {
            push(Among::All, watch.source(self.ours), None, |rest| rest.watch = None);
        }
        sources
    }
}

impl Store {
    /// The pieces that fit the conditions that few fit; nothing where many fit each, or fewer would be gone through in order.
    pub(super) fn few(&self, narrow: &Narrow, instead: Option<InOrder>) -> Result<Option<Few>, StoreError> {
        let Some((rare, rest)) = self.rare(narrow, instead)? else { return Ok(None) };
        Ok(Some(Few { pieces: self.listed(&of_all(&rare), narrow)?, rest }))
    }

    /// The same by the numbers of their stories; of what is left to be asked, those alone that fit.
    pub(super) fn few_stories(&self, narrow: &Narrow) -> Result<Option<Vec<i64>>, StoreError> {
        let Some((rare, rest)) = self.rare(narrow, None)? else { return Ok(None) };
        let stories = match rare.as_slice() {
            [Rarity { stories: Some(stories), .. }] => stories.clone(),
            rare => format!("SELECT story.n AS id FROM ({}) AS found CROSS JOIN story ON story.piece = found.id", of_all(rare)),
        };
        let found: Vec<i64> = self.listed(&stories, narrow)?;
        // Of a piece that is about a council not every copy is.
        let rest = if rare.len() > 1 { Narrow { authorities: narrow.authorities.clone(), ..rest } } else { rest };
        Ok(Some(if rest.is_all() { found } else { self.fitting_stories(&found, &rest)? }))
    }

    /// The condition that fewest fit, and the others that not many more do; and what is left to be asked.
    fn rare(&self, narrow: &Narrow, instead: Option<InOrder>) -> Result<Option<(Vec<Rarity>, Narrow)>, StoreError> {
        let (mut counted, mut sources) = (Vec::new(), Vec::new());
        for source in narrow.sources() {
            let sql = format!("SELECT count(*) FROM ({} LIMIT {FEW}) AS found", source.counted);
            let fit: i64 = self.db.prepare_cached(&sql)?.query_row(named(&narrow.bound(&sql)).as_slice(), |row| row.get(0))?;
            let fit = usize::try_from(fit).unwrap_or(usize::MAX);
            counted.push((fit, source.among));
            sources.push((fit, source));
        }
        let fewest = counted.iter().map(|(fit, _)| *fit).min().filter(|fit| *fit < FEW);
        let is_less = |fit: usize| instead.is_none_or(|in_order| ((fit * in_order.listed) as f64) < in_order.gone_through(&counted));
        let Some(fewest) = fewest.filter(|fit| is_less(*fit)) else { return Ok(None) };
        let is_rare = |fit: usize| fit == fewest || fit < FEW.min(fewest * ASKED);
        let rare: Vec<Rarity> = sources.into_iter().filter(|(fit, _)| is_rare(*fit)).map(|(_, source)| source).collect();
        let mut rest = narrow.clone();
        rare.iter().for_each(|source| (source.settle)(&mut rest));
        Ok(Some((rare, rest)))
    }

    fn listed<T: FromSql>(&self, sql: &str, narrow: &Narrow) -> Result<Vec<T>, StoreError> {
        let mut select = self.db.prepare_cached(sql)?;
        let ids = select.query_map(named(&narrow.bound(sql)).as_slice(), |row| row.get::<_, Option<T>>("id"))?;
        Ok(ids.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }
}

/// The pieces that fit all of these.
fn of_all(rare: &[Rarity]) -> String {
    rare.iter().map(|source| format!("SELECT id FROM ({})", source.pieces)).collect::<Vec<_>>().join(" INTERSECT ")
}

pub(super) fn of_authorities(names: &str, ours: bool) -> [String; 2] {
    let one = format!("authority IN (SELECT value FROM json_each({names}))");
    let tied = tied_of(&one);
    let (named, pieces) = if ours {
        let named = format!("FROM story_authority INDEXED BY story_authority_ours WHERE {one} AND relevant = 1");
        (named.clone(), format!("SELECT piece AS id {named}"))
    } else {
        let named = format!("WHERE {one}");
        let copies = "story_authority CROSS JOIN story AS copy ON copy.id = story_authority.story";
        (format!("FROM story_authority {named}"), format!("SELECT copy.piece AS id FROM {copies} {named}"))
    };
    [format!("SELECT 1 {named} UNION ALL SELECT 1 {tied}"), format!("{pieces} UNION SELECT tie.piece {tied}")]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_begins_with_a_condition_where_in_order_more_would_be_gone_through() {
        let in_order = InOrder { limit: 20, ours: 50_000, all: 1_000_000, whole: 0, listed: 1 };
        let check = |conditions: &[(usize, Among)], expected: f64| assert_eq!(in_order.gone_through(conditions).round(), expected);
        check(&[(2_000, Among::Ours)], 500.0);
        check(&[(2_000, Among::All)], 10_000.0);
        check(&[(1_000, Among::Ours), (5_000, Among::Ours)], 10_000.0);
        check(&[(0, Among::Ours)], 1_000_000.0);
        check(&[], 20.0);
        assert_eq!(InOrder { whole: 4_000, ..in_order }.gone_through(&[(2_000, Among::Ours)]).round(), 4_500.0);
    }
}
