//! Authorities in text: names, initials, trusts and places, found in one pass and weighed by where they stand.

use std::collections::HashMap;

use crate::model::{authority::Gazetteer, text::Word};

use super::{
    fold::{Folded, Phrases},
    passing::{are_listed, has_postcode, is_employer, is_passing, is_whereabouts, pass_apart, pass_lists},
};

/// How a mention names an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// A town or landmark that points to it.
    Place,
    /// The bare name: "Poole".
    Bare,
    /// A trust or company that runs its services.
    Body,
    /// A form that means the council and nothing else: "Poole Council", "BCP".
    Council,
}

/// One mention of one authority. A shared trust gives one mention for each of its authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameMention {
    /// Index into the gazetteer.
    pub authority: usize,
    pub kind: NameKind,
    /// Byte range in the text.
    pub start: usize,
    pub end: usize,
    /// Named only to say where somebody came from, or what lies next door.
    pub passing: bool,
}

enum Meaning {
    /// A longer name that means something else.
    Nothing,
    Authority(Vec<usize>, NameKind),
}

/// All names of the gazetteer as one automaton over folded words.
pub struct Names {
    phrases: Phrases,
    meanings: Vec<Meaning>,
    needs_company: Vec<bool>,
    /// Which are counties, in which others lie.
    county: Vec<bool>,
    /// The names as hosts have them, in letters alone.
    letters: HashMap<String, usize>,
    /// What else they are called there: "lbbd", "bathcouncil".
    short: HashMap<String, usize>,
}

/// Words that make a name an authority's when they stand within [`COMPANY_REACH`] words.
const COMPANY: [&str; 36] = [
    "council", "councils", "ofsted", "borough", "county", "authority", "authorities", "councillor", "councillors", "cllr", "coun",
    "inspectors", "inspection", "mbc", "lscb", "ilacs", "jtai", "send", "safeguarding", "unitary", "services", "trust", "dcs", "social",
    "inspector", "ofsteds", "grade", "grades", "graded", "rating", "ratings", "rated", "cabinet", "looked", "inadequate", "outstanding",
];
const COMPANY_REACH: usize = 6;

/// A text with three of these is about councils and inspections throughout.
const ABOUT_COUNCILS: [&str; 19] = [
    "ofsted", "inspectors", "inspection", "inspections", "children services", "council", "social workers", "care leavers", "councils",
    "ehc", "cqc", "requires improvement", "requiring improvement", "inadequate", "outstanding", "lead inspector", "safeguarding",
    "children social care", "services for children",
];

fn in_letters(name: &str) -> String {
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Names {
    /// The authority whose name this is, written in small letters alone: "miltonkeynes".
    pub fn by_letters(&self, letters: &str) -> Option<usize> {
        self.letters.get(letters).copied()
    }

    /// The same, or what else it is called, which can be a word of any kind: "mk", "richmond".
    pub fn by_short(&self, letters: &str) -> Option<usize> {
        self.by_letters(letters).or_else(|| self.short.get(letters).copied())
    }

    pub fn new(gazetteer: &Gazetteer) -> Self {
        let mut table: HashMap<String, Meaning> = HashMap::new();
        // "&" is no word of a text, so each name with "and" in it is known without it, too.
        let mut add = |name: &str, at: usize, kind: NameKind| {
            let key = fold_name(name);
            let without = key.replace(" and ", " ");
            enter(&mut table, without, at, kind);
            enter(&mut table, key, at, kind);
        };
        for (at, authority) in gazetteer.all().iter().enumerate() {
            let bare = authority.name.split(" (").next().unwrap_or(&authority.name);
            add(bare, at, NameKind::Bare);
            add(&authority.official, at, NameKind::Council);
            for form in &authority.variants {
                let kind = if fold_name(form) == fold_name(bare) || !says_council(form) { NameKind::Bare } else { NameKind::Council };
                add(form, at, kind);
            }
            for tail in ["council", "children services", "county council", "city council", "borough council", "cc", "mbc"] {
                add(&format!("{bare} {tail}"), at, NameKind::Council);
            }
            for place in &authority.places {
                add(place, at, NameKind::Place);
            }
            for body in &authority.bodies {
                for name in std::iter::once(&body.name).chain(&body.variants) {
                    add(name, at, NameKind::Body);
                }
            }
        }
        for authority in gazetteer.all() {
            for name in &authority.not {
                // A longer name that is another authority's stays that authority's.
                table.entry(fold_name(name)).or_insert(Meaning::Nothing);
            }
        }
        let mut entries: Vec<(String, Meaning)> = table.into_iter().collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        let mut letters = HashMap::new();
        for (at, authority) in gazetteer.all().iter().enumerate() {
            let bare = authority.name.split(" (").next().unwrap_or(&authority.name);
            letters.entry(in_letters(bare)).or_insert(at);
        }
        let mut short = HashMap::new();
        for (at, authority) in gazetteer.all().iter().enumerate() {
            let hosts = authority.hosts.iter().filter_map(|host| host.split('.').next());
            for name in authority.variants.iter().map(String::as_str).chain(hosts) {
                short.entry(in_letters(name)).or_insert(at);
            }
        }
        Self {
            letters,
            short,
            phrases: Phrases::new(entries.iter().map(|(name, _)| name.as_str())),
            meanings: entries.into_iter().map(|(_, meaning)| meaning).collect(),
            needs_company: gazetteer.all().iter().map(|authority| authority.needs_company).collect(),
            county: gazetteer.all().iter().map(|authority| authority.official.ends_with("County Council")).collect(),
        }
    }

    /// The mentions in `text`, in order; `folded` are its words.
    pub fn find(&self, text: &str, folded: &Folded) -> Vec<NameMention> {
        let words = &folded.words;
        let general = ABOUT_COUNCILS.iter().filter(|phrase| folded.has(phrase)).count() >= 3;
        let mut found: Vec<NameMention> = Vec::new();
        let mut alone: Vec<NameMention> = Vec::new();
        for hit in self.phrases.find(folded) {
            let Meaning::Authority(authorities, kind) = &self.meanings[hit.phrase] else { continue };
            let (first, last) = (hit.first, hit.end - 1);
            let (from, to) = (&words[first], &words[last]);
            if !text[from.start..].starts_with(|char: char| char.is_uppercase() || char.is_numeric()) {
                continue;
            }
            if *kind <= NameKind::Bare && (is_surname(text, words, first, last) || is_address(text, words, last)) {
                continue;
            }
            let company = general || has_company(words, first, last);
            let passing = is_passing(words, first) || has_postcode(words, hit.end) || is_employer(text, words, first);
            let whereabouts = is_whereabouts(words, first, hit.end);
            let before_and = self.before_and(text, words, (first, hit.end), authorities);
            for (authority, kind, from, to) in authorities.iter().map(|&authority| (authority, *kind, from, to)).chain(before_and) {
                let another = || found.iter().any(|other: &NameMention| other.authority != authority && other.kind != NameKind::Place);
                let passing = passing || whereabouts && kind == NameKind::Bare && self.county[authority] && another();
                let mention = NameMention { authority, kind, start: from.start, end: to.end, passing };
                let lonely = kind == NameKind::Bare && self.needs_company[authority] && !company;
                if lonely { alone.push(mention) } else { found.push(mention) }
            }
        }
        // "Barnet and South Gloucestershire": another authority beside it is company, too.
        let beside = |one: &NameMention| {
            found.iter().any(|other| {
                let (first, last) = if one.start < other.start { (one, other) } else { (other, one) };
                other.authority != one.authority && other.kind > NameKind::Place && are_listed(text, first, last)
            })
        };
        let company: Vec<NameMention> = alone.into_iter().filter(beside).collect();
        found.extend(company);
        found.sort_by_key(|mention| (mention.start, mention.authority));
        pass_lists(text, words, &mut found);
        pass_apart(text, folded, &mut found);
        found
    }
}

impl Names {
    /// The first of "North and South Heath", which shares the rest of its name with the second, whose authorities are `known`: each with
    /// the word that names it.
    fn before_and<'a>(
        &self,
        text: &str,
        words: &'a [Word],
        (first, end): (usize, usize),
        known: &[usize],
    ) -> Vec<(usize, NameKind, &'a Word, &'a Word)> {
        let is_point = |word: &Word| matches!(word.folded.as_str(), "north" | "south" | "east" | "west") && is_capital(text, word);
        let Some([one, and, ..]) = first.checked_sub(2).and_then(|from| words.get(from..first)) else { return Vec::new() };
        let points = words[first..end].iter().take_while(|word| is_point(word)).count();
        if !is_point(one) || and.folded != "and" {
            return Vec::new();
        }
        // Of "North and North East Lincolnshire" the first is North Lincolnshire.
        let named = |points: usize| {
            let shared = words[first + points..end].iter().map(|word| word.folded.as_str());
            let name = Folded::of(&std::iter::once(one.folded.as_str()).chain(shared).collect::<Vec<_>>().join(" "));
            let whole = self.phrases.find(&name).into_iter().find(|hit| (hit.first, hit.end) == (0, name.words.len()));
            match whole.map(|hit| &self.meanings[hit.phrase]) {
                Some(Meaning::Authority(authorities, kind)) if !authorities.iter().any(|authority| known.contains(authority)) => {
                    Some((authorities, *kind))
                }
                _ => None,
            }
        };
        let found = (1..=points).rev().find_map(named);
        found.map_or_else(Vec::new, |(authorities, kind)| authorities.iter().map(|&authority| (authority, kind, one, one)).collect())
    }
}

/// Of two meanings of one name the surer kind wins; of one kind both stay.
fn enter(table: &mut HashMap<String, Meaning>, key: String, at: usize, kind: NameKind) {
    if key.len() < 2 {
        return;
    }
    match table.get_mut(&key) {
        Some(Meaning::Authority(known, known_kind)) if kind == *known_kind => {
            if !known.contains(&at) {
                known.push(at);
            }
        }
        Some(Meaning::Authority(known, known_kind)) if kind > *known_kind => (*known, *known_kind) = (vec![at], kind),
        Some(_) => {}
        None => {
            table.insert(key, Meaning::Authority(vec![at], kind));
        }
    }
}

fn fold_name(name: &str) -> String {
    let folded = crate::model::text::folded(&name.replace('&', " and "));
    folded.strip_prefix("the ").unwrap_or(&folded).to_owned()
}

/// True for forms that cannot mean the town: with a council word in them, or initials.
fn says_council(form: &str) -> bool {
    let folded = fold_name(form);
    let word = folded
        .split(' ')
        .any(|word| matches!(word, "council" | "borough" | "lb" | "cc" | "mbc" | "bc" | "authority" | "mdc" | "corporation"));
    word || form.split_whitespace().all(|part| part.chars().filter(|char| char.is_alphabetic()).all(|char| char.is_uppercase()))
}

fn has_company(words: &[Word], first: usize, last: usize) -> bool {
    let from = first.saturating_sub(COMPANY_REACH);
    let to = (last + 1 + COMPANY_REACH).min(words.len());
    let own = last > first && words[first..=last].iter().any(|word| COMPANY.contains(&word.folded.as_str()));
    own || words[from..first].iter().chain(&words[last + 1..to]).any(|word| COMPANY.contains(&word.folded.as_str()))
}

/// "Lancaster Circus", "Derby Road": a street or a building, wherever it is.
fn is_address(text: &str, words: &[Word], last: usize) -> bool {
    let street = ["street", "road", "lane", "avenue", "circus", "square", "terrace", "close", "crescent", "drive", "gardens"];
    words
        .get(last + 1)
        .is_some_and(|next| are_beside(text, &words[last], next) && is_capital(text, next) && street.contains(&next.folded.as_str()))
}

/// Nothing but a blank stands between two words.
fn are_beside(text: &str, one: &Word, two: &Word) -> bool {
    text.get(one.end..two.start) == Some(" ")
}

fn is_capital(text: &str, word: &Word) -> bool {
    text.get(word.start..).is_some_and(|rest| rest.starts_with(char::is_uppercase))
}

/// Titles of people.
const TITLES: [&str; 14] =
    ["mr", "mrs", "ms", "miss", "dr", "sir", "dame", "cllr", "coun", "councillor", "lord", "lady", "baroness", "professor"];

/// "Cllr Dorset", and "Neil Dorset, who manages": a person, as no council is "who".
fn is_surname(text: &str, words: &[Word], first: usize, last: usize) -> bool {
    let word = |at: usize| words.get(at).map_or("", |word| word.folded.as_str());
    let Some(before) = first.checked_sub(1).filter(|&before| are_beside(text, &words[before], &words[first])) else { return false };
    let council = matches!(word(last + 1), "council" | "councillors" | "borough" | "county" | "city" | "children" | "childrens");
    let who = word(last + 1) == "who" && text.get(words[last].end..).is_some_and(|rest| rest.starts_with(", "));
    let small = matches!(word(before), "in" | "at" | "from" | "for" | "with" | "and" | "of" | "to" | "by" | "like" | "but");
    !council && (TITLES.contains(&word(before)) || is_capital(text, &words[before]) && who && !small)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::authority::{Authority, ServiceBody};

    fn authority(name: &str, official: &str) -> Authority {
        Authority { name: name.into(), official: official.into(), ..Authority::default() }
    }

    fn gazetteer() -> Gazetteer {
        let mut sutton = authority("Sutton", "London Borough of Sutton");
        sutton.needs_company = true;
        sutton.not = vec!["Sutton Coldfield".into()];
        let mut north = authority("North Heath", "North Heath Council");
        let mut south = authority("South Heath", "South Heath Council");
        let body = ServiceBody { name: "Heath Children’s Trust".into(), variants: vec![], from: None, to: None };
        north.bodies = vec![body.clone()];
        south.bodies = vec![body];
        south.places = vec!["Mereford".into()];
        Gazetteer::new(vec![
            sutton,
            north,
            south,
            authority("Derby", "Derby City Council"),
            authority("Derbyshire", "Derbyshire County Council"),
        ])
    }

    fn check(text: &str, expected: &[(usize, NameKind)]) {
        let found: Vec<_> =
            Names::new(&gazetteer()).find(text, &Folded::of(text)).iter().map(|mention| (mention.authority, mention.kind)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_towns_and_trusts_are_told_apart() {
        check("Ofsted in Sutton", &[(0, NameKind::Bare)]);
        check("A day out in Sutton by the sea, with ice cream", &[]);
        check("Sutton Coldfield council", &[]);
        check("Derbyshire County Council", &[(4, NameKind::Council)]);
        check("Derby and Derbyshire", &[(3, NameKind::Bare), (4, NameKind::Bare)]);
        check("Heath Children's Trust", &[(1, NameKind::Body), (2, NameKind::Body)]);
        check("In Mereford, families", &[(2, NameKind::Place)]);
        check("the derby on Saturday", &[]);
        check("North and South Heath Councils", &[(1, NameKind::Bare), (2, NameKind::Bare)]);
        check("from the North and South Heath", &[(1, NameKind::Bare), (2, NameKind::Bare)]);
        check("North and North South Heath", &[(2, NameKind::Bare)]);
        check("East and South Heath", &[(2, NameKind::Bare)]);
        check("the north and South Heath", &[(2, NameKind::Bare)]);
    }

    fn passing(text: &str, expected: &[bool]) {
        let found: Vec<bool> = Names::new(&gazetteer()).find(text, &Folded::of(text)).iter().map(|mention| mention.passing).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn neighbours_and_examples_are_named_in_passing() {
        passing("Leaders point to Derby, rated good in July", &[true]);
        passing("The figures point at noon in Derby", &[false]);
        passing("what you get in Derby, Derbyshire and North Heath, next door", &[true, true, true]);
        passing("what you get in Derby and Derbyshire. Next door, all is well", &[false, false]);
        passing("unlike Derby and Derbyshire", &[true, true]);
        passing("Derby is unlike Derbyshire", &[false, true]);
        passing("Derby was told. The Derbyshire authority said sorry", &[false, true]);
        passing("The Derbyshire authority said sorry", &[false]);
        passing("Derby was told. Derbyshire authority staff said sorry", &[false, false]);
        passing("Up the road, Derby heard that it is good as well", &[true]);
        passing("The road in Derby", &[false]);
        // People and streets are no councils.
        passing("They met in Derby Road, and Derbyshire Circus; the road to Derby is long", &[false]);
        passing("Neil Derby, who manages the trust, was glad, and so was Mrs Derby", &[]);
        passing("Councillor Derby said so", &[]);
        passing("In Derby, who cares? Neighbouring Derby, a separate authority", &[false, true]);
        passing("Mr Oak of Derby council, and Sir Derby council said so", &[false, false]);
        passing("A model that began life in Derby is used in Derbyshire", &[true, false]);
        passing("Staff at the front door in Derby, and next door in Derbyshire", &[false, true]);
    }
}
