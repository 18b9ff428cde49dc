//! What lists and searches are narrowed to, as SQL: conditions of a piece, of a story and of a report.

use jiff::{Timestamp, civil::Date};
use rusqlite::ToSql;

use super::{
    columns::{Day, Json, Time},
    watch::Watching,
};
use crate::model::report::{Framework, Grade};

/// Outlets that a piece is looked for at one by one; of more, each copy of the piece is asked for its outlet.
const FEW_OUTLETS: usize = 4;

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
                tied("", &format!("tied.framework IN {names}"))
            ));
        }
        asked.extend(self.grade.map(|_| tied("", &graded("tied.id"))));
        if self.grade_differs {
            asked.push(DIFFERS.to_owned());
        }
        asked.extend(self.outlets.as_ref().map(|outlets| published("piece.id", ":outlets", outlets)));
        if self.since.is_some() || self.until.is_some() {
            asked.push(format!("({} OR {})", self.within("piece.first_seen"), self.within("piece.changed")));
        }
        asked.extend(self.watch.as_ref().map(|watch| watch.of_piece(self.ours)));
        asked
    }

    /// What the id of a piece about our subject decides, so that an index of pieces is gone through and no row is read.
    pub(super) fn of_id(&self) -> Vec<String> {
        let about = self.authorities.as_ref().map(|_| listed_about(":authorities"));
        about.into_iter().chain(self.outlets.as_ref().map(|outlets| published("piece.id", ":outlets", outlets))).collect()
    }

    /// What else is to be asked of it.
    pub(super) fn beside_id(&self) -> Self {
        Self { authorities: None, outlets: None, ..self.clone() }
    }

    /// What must hold of a piece where a queue is gone through in order: what costs a row of each is listed once instead, so that
    /// nothing but the index of the queue is read.
    pub(super) fn of_queue(&self) -> Vec<String> {
        let mut asked = [self.of_id(), Self { frameworks: Vec::new(), ..self.beside_id() }.of_piece()].concat();
        if !self.frameworks.is_empty() {
            let names = "(SELECT value FROM json_each(:frameworks))";
            asked.push(format!(
                "(piece.state <> 'tied'
                  AND piece.id IN (SELECT waiting.id
                                   FROM piece AS waiting INDEXED BY piece_waits
                                   WHERE waiting.waiting_for IS NOT NULL AND waiting.state <> 'tied'
                                     AND waiting.waiting_for ->> 'framework' IN {names})
                  OR {})",
                tied("INDEXED BY report_framework", &format!("tied.framework IN {names}"))
            ));
        }
        asked
    }

    /// True where nothing is asked but what a queue has listed.
    pub(super) fn is_of_queue(&self) -> bool {
        Self { authorities: None, frameworks: Vec::new(), ..self.clone() }.is_all()
    }

    /// True where nothing fits but what is tied, may be, or waits.
    pub(super) fn is_of_stated(&self) -> bool {
        !self.frameworks.is_empty() || self.grade.is_some() || self.grade_differs
    }

    pub(super) fn within(&self, column: &str) -> String {
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
        asked.extend(self.grade.map(|_| graded("report.id")));
        asked.extend(self.days.0.map(|_| "published >= :first_day".to_owned()));
        asked.extend(self.days.1.map(|_| "published <= :last_day".to_owned()));
        asked.extend(self.watch.as_ref().map(Watching::of_report));
        if self.asks_story() {
            // The outlet is asked of the tie, before its piece is read.
            let mut of_story = Self { since: None, until: None, outlets: None, ..self.clone() }.of_piece();
            of_story.extend(self.outlets.as_ref().map(|outlets| published("tie.piece", ":outlets", outlets)));
            let of_story = of_story.join(" AND ");
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
}

/// As rusqlite takes them.
pub(super) fn named(bound: &Bound) -> Vec<(&'static str, &dyn ToSql)> {
    bound.iter().map(|(name, value)| (*name, value.as_ref())).collect()
}

/// True of a piece with a copy about one of some authorities, or tied to a report of one.
pub(super) fn about(names: &str, ours: bool) -> String {
    let of_one = format!("authority IN (SELECT value FROM json_each({names}))");
    let named = match ours {
        true => format!("FROM story_authority INDEXED BY story_authority_ours WHERE piece = piece.id AND {of_one} AND relevant = 1"),
        false => format!(
            "FROM story AS copy CROSS JOIN story_authority ON story_authority.story = copy.id WHERE copy.piece = piece.id AND {of_one}"
        ),
    };
    format!("(EXISTS (SELECT 1 {named}) OR {})", tied("", &format!("tied.{of_one}")))
}

/// The same of a piece about our subject: all are listed once, so that no more of a piece is read than its id.
fn listed_about(names: &str) -> String {
    let of_one = format!("authority IN (SELECT value FROM json_each({names}))");
    format!(
        "piece.id IN (SELECT piece
                      FROM story_authority INDEXED BY story_authority_ours
                      WHERE {of_one} AND relevant = 1
                      UNION ALL
                      SELECT tie.piece
                      FROM report INDEXED BY report_authority CROSS JOIN tie ON tie.report = report.id
                      WHERE {of_one} AND tie.state IN ('auto', 'confirmed'))"
    )
}

/// True of a story about one of some authorities, or tied to a report of one: both are listed once, since many stories are asked.
pub(super) fn named_in(names: &str) -> String {
    let of_one = format!("authority IN (SELECT value FROM json_each({names}))");
    format!(
        "(story.id IN (SELECT story FROM story_authority WHERE {of_one})
          OR story.piece IN (SELECT tie.piece
                             FROM report AS tied INDEXED BY report_authority CROSS JOIN tie ON tie.report = tied.id
                             WHERE tied.{of_one} AND tie.state IN ('auto', 'confirmed')))"
    )
}

/// True of a piece with a tie that holds to a report of which something is true, which is looked up in an index.
fn tied(index: &str, of_report: &str) -> String {
    format!(
        "(piece.state = 'tied'
          AND EXISTS (SELECT 1
                      FROM tie AS holding CROSS JOIN report AS tied {index} ON tied.id = holding.report
                      WHERE holding.piece = piece.id AND holding.state IN ('auto', 'confirmed') AND {of_report}))"
    )
}

/// True of the report of this id with the overall grade, or with the outcome where it has none.
pub(super) fn graded(id: &str) -> String {
    format!(
        "(SELECT grade
          FROM judgement AS printed
          WHERE printed.report = {id} AND printed.key IN ('overall', 'outcome')
          ORDER BY printed.key DESC, printed.place
          LIMIT 1) = :grade"
    )
}

/// True of a piece with a copy at one of some outlets.
pub(super) fn published(piece: &str, names: &str, outlets: &[String]) -> String {
    let index = if outlets.len() <= FEW_OUTLETS { "story_outlet" } else { "story_piece" };
    // The plus keeps SQLite from asking it last, as one more table of a join: behind the row of each piece.
    format!(
        "+EXISTS (SELECT 1
                 FROM story AS copy INDEXED BY {index}
                 WHERE copy.piece = {piece} AND copy.outlet IN (SELECT value FROM json_each({names})))"
    )
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
