//! What is looked for, in a text at hand: found where SQLite finds it, since the text is split as SQLite splits it.

use super::rank::spaced;

/// Phrases, each in its forms, as they stand in a text that is [`split`].
#[derive(Debug)]
pub(super) struct SoughtWords {
    /// Of each of these some must stand there…
    all: Vec<Vec<String>>,
    /// …and of these none.
    none: Vec<String>,
}

impl SoughtWords {
    /// Of phrases, each with whether its last word may be the beginning of one.
    pub fn of(all: Vec<Vec<(String, bool)>>, none: Vec<(String, bool)>) -> Self {
        let pattern = |(phrase, begins): (String, bool)| {
            let split = split(&phrase);
            if begins { split.trim_end().to_owned() } else { split }
        };
        let patterns = |phrases: Vec<(String, bool)>| phrases.into_iter().map(pattern).collect();
        Self { all: all.into_iter().map(patterns).collect(), none: patterns(none) }
    }

    /// True of a title and a text, each split.
    pub fn stands_in(&self, parts: &[String]) -> bool {
        let stands = |pattern: &String| parts.iter().any(|part| part.contains(pattern.as_str()));
        self.all.iter().all(|any| any.iter().any(stands)) && !self.none.iter().any(stands)
    }
}

/// The folded words of a text, a space before and behind each: SQLite takes what stands behind an apostrophe for a word of its own.
pub(super) fn split(text: &str) -> String {
    spaced(&text.replace(['\'', '’', '‘', '`'], " ")).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query::Query;

    #[test]
    fn what_stands_in_a_text_is_what_sqlite_finds() {
        let parts = ["The Council’s plan", "Multi-agency work for children; Mrs O’Brien’s café. No pathway, no plan."].map(split);
        let check = |typed: &str, expected: bool| {
            assert_eq!(Query::of(typed).sought().stands_in(&parts), expected, "{typed}");
            let begun = Query::of(typed).begun().map(|begun| begun.sought().stands_in(&parts));
            assert!(begun.is_none_or(|begun| begun || !expected), "{typed} begun");
            let db = rusqlite::Connection::open_in_memory().unwrap();
            db.execute_batch("CREATE VIRTUAL TABLE t USING fts5 (title, text, tokenize = 'unicode61 remove_diacritics 2')").unwrap();
            let texts = ["The Council’s plan", "Multi-agency work for children; Mrs O’Brien’s café. No pathway, no plan."];
            db.execute("INSERT INTO t VALUES (?1, ?2)", texts).unwrap();
            let found: bool = db
                .query_row("SELECT EXISTS (SELECT 1 FROM t WHERE t MATCH ?1)", [Query::of(typed).sql().unwrap()], |row| row.get(0))
                .unwrap();
            assert_eq!(found, expected, "{typed} in SQLite");
        };
        for typed in [
            "council", "council's", "\"council plan\"", "\"the council’s plan\"", "multi-agency", "agency multi", "o'brien", "brien",
            "cafe", "child* work", "plan OR nothing", "nothing OR plan children", "work -nothing", "\"no pathway no plan\"",
            "OBRIEN OR pathway",
        ] {
            check(typed, true);
        }
        for typed in ["obrien", "plans", "\"plan multi\"", "\"council children\"", "work -plan", "work -\"no plan\"", "counc", "nothing"] {
            check(typed, false);
        }
        assert!(Query::of("counc").begun().unwrap().sought().stands_in(&parts));
    }
}
