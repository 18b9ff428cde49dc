//! The same item: when two entries of a source's lists are one.
//!
//! An item is known by its guid and its address together, within its source. A guid that items with different addresses
//! share is none. An address that changes under a stable guid and date is one item where it ends as before, or under the same
//! title; else the entry has become another story.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

/// Hours between two dates of one item; a list that dates a story anew with each update does so on the same day.
const SAME_HOURS: i64 = 12;

/// An item of a list that was just read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedItem<'a> {
    /// As its source gave it, where that says more than the address.
    pub guid: Option<&'a str>,
    /// The key of its address.
    pub key: &'a str,
}

/// The guids that name one item each: those shared by items with different addresses are left out.
pub fn guids<'a>(items: &[ListedItem<'a>]) -> HashSet<&'a str> {
    let mut keys: HashMap<&str, &str> = HashMap::new();
    let mut shared: HashSet<&str> = HashSet::new();
    for item in items {
        let Some(guid) = item.guid else { continue };
        if *keys.entry(guid).or_insert(item.key) != item.key {
            shared.insert(guid);
        }
    }
    keys.into_keys().filter(|guid| !shared.contains(guid)).collect()
}

/// What is known of an item of the same source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    pub key: &'a str,
    /// It had the title that it has now.
    pub same_title: bool,
    pub published: Option<Timestamp>,
    /// Its address ended as it does now.
    pub same_end: bool,
}

/// What an item is, held against those known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness<'a> {
    New,
    Known,
    /// Its address is the one known, its title is new.
    Retitled,
    /// Known at this other address, which ended alike: a session stands in it.
    Moved(&'a str),
    /// The same, with a new title.
    MovedRetitled(&'a str),
    /// Known at this other address, which may have been wrong.
    Corrected(&'a str),
}

/// Holds an item of this date against the one known at its address and the one known by its guid.
pub fn compare<'a>(published: Option<Timestamp>, at_address: Option<Known<'a>>, of_guid: Option<Known<'a>>) -> Sameness<'a> {
    let hours = |one: Timestamp, other: Timestamp| one.duration_since(other).abs().as_hours();
    let same_date = |known: &Known<'_>| known.published.zip(published).is_none_or(|(one, other)| hours(one, other) < SAME_HOURS);
    match (at_address, of_guid) {
        (Some(known), _) if known.same_title => Sameness::Known,
        (Some(_), _) => Sameness::Retitled,
        (None, Some(known)) if same_date(&known) => match (known.same_end, known.same_title) {
            (true, true) => Sameness::Moved(known.key),
            (true, false) => Sameness::MovedRetitled(known.key),
            (false, true) => Sameness::Corrected(known.key),
            (false, false) => Sameness::New,
        },
        (None, _) => Sameness::New,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed<'a>(guid: &'a str, key: &'a str) -> ListedItem<'a> {
        ListedItem { guid: (!guid.is_empty()).then_some(guid), key }
    }

    #[test]
    fn a_guid_of_several_addresses_is_none() {
        let items = [listed("N/A", "a"), listed("N/A", "b"), listed("7", "c"), listed("7", "c"), listed("", "d"), listed("8", "e")];
        let mut found: Vec<_> = guids(&items).into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, ["7", "8"]);
    }

    #[test]
    fn address_first_then_guid_and_title() {
        let (monday, tuesday) = ("2025-11-17T09:00:00Z".parse().ok(), "2025-11-18T08:00:00Z".parse().ok());
        let known = |key, same_title| Some(Known { key, same_title, published: monday, same_end: false });
        let undated = Some(Known { key: "b", same_title: true, published: None, same_end: false });
        let session = |same_title| Some(Known { key: "b", same_title, published: monday, same_end: true });
        for (at_address, of_guid, wanted) in [
            (None, None, Sameness::New),
            (known("a", true), None, Sameness::Known),
            (known("a", false), None, Sameness::Retitled),
            (known("a", true), known("b", true), Sameness::Known),
            // A link with a session in it.
            (None, session(true), Sameness::Moved("b")),
            (None, session(false), Sameness::MovedRetitled("b")),
            (None, known("b", true), Sameness::Corrected("b")),
            // “Top story” of today under the guid of yesterday's.
            (None, known("b", false), Sameness::New),
        ] {
            assert_eq!(compare(monday, at_address, of_guid), wanted, "{at_address:?} {of_guid:?}");
        }
        // A column of one guid and one headline, another link each day.
        assert_eq!(compare(tuesday, None, known("b", true)), Sameness::New);
        assert_eq!(compare(tuesday, known("a", true), None), Sameness::Known);
        assert_eq!(compare(tuesday, None, session(true)), Sameness::New);
        assert_eq!(compare(None, None, session(true)), Sameness::Moved("b"));
        assert_eq!(compare(None, None, known("b", true)), Sameness::Corrected("b"));
        assert_eq!(compare(tuesday, None, undated), Sameness::Corrected("b"));
    }
}
