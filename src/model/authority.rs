//! The gazetteer: every council with children's-services duties, its names, lineage and delivery bodies.

use std::collections::HashMap;

use jiff::civil::Date;

use super::text::folded;

/// A trust or company that runs services for an authority, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceBody {
    pub name: String,
    pub variants: Vec<String>,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// One authority.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authority {
    /// The canonical name: "Poole", "County Durham".
    pub name: String,
    /// "Borough of Poole".
    pub official: String,
    /// Ofsted's unique reference number.
    pub urn: Option<String>,
    /// Its first day, where it is younger than the reports.
    pub from: Option<Date>,
    /// Its last day, for an authority that was abolished or will be.
    pub to: Option<Date>,
    pub predecessors: Vec<String>,
    pub successors: Vec<String>,
    /// Other forms that mean this authority wherever they stand: "BCP Council", "Borough of Poole".
    pub variants: Vec<String>,
    /// Towns, landmarks and local words that point to it, without naming it: "Crewe".
    pub places: Vec<String>,
    /// The bare name, or a variant as short, needs a council word near it, because it is also another thing: "Reading", "Kingston".
    pub needs_company: bool,
    /// Longer names that hold this one and mean something else: "Sutton Coldfield", "Kent State".
    pub not: Vec<String>,
    pub bodies: Vec<ServiceBody>,
    /// Hosts of the council's own pages, without "www.".
    pub hosts: Vec<String>,
}

impl Authority {
    /// True if it existed on that day.
    pub fn existed(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// True if one of its names, or the name of a body that runs its services, stands in the text.
    pub fn is_named_in(&self, text: &str) -> bool {
        let text = format!(" {} ", folded(text));
        let bare = self.name.split(" (").next().unwrap_or(&self.name);
        let bodies = self.bodies.iter().flat_map(|body| std::iter::once(&body.name).chain(&body.variants));
        let names = [bare, &self.official].into_iter().chain(self.variants.iter().chain(bodies).map(String::as_str));
        names.map(folded).any(|name| text.contains(&format!(" {name} ")))
    }
}

/// All authorities, with look-up by name, by URN and by a printed title.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    authorities: Vec<Authority>,
    by_name: HashMap<String, usize>,
    by_urn: HashMap<String, usize>,
    /// Folded names and variants, longest first.
    printed: Vec<(String, usize)>,
}

impl Gazetteer {
    /// Of two authorities with one URN the one named last in the list gives way.
    pub fn new(authorities: Vec<Authority>) -> Self {
        let mut gazetteer = Self::default();
        for (at, authority) in authorities.iter().enumerate() {
            gazetteer.by_name.entry(folded(&authority.name)).or_insert(at);
            if let Some(urn) = &authority.urn {
                gazetteer.by_urn.entry(urn.clone()).or_insert(at);
            }
            for name in [&authority.name, &authority.official].into_iter().chain(&authority.variants) {
                gazetteer.printed.push((printed(name), at));
            }
            for name in authority.bodies.iter().flat_map(|body| std::iter::once(&body.name).chain(&body.variants)) {
                gazetteer.printed.push((printed(name), at));
            }
        }
        gazetteer.printed.sort_by_key(|(name, at)| (std::cmp::Reverse(name.len()), *at));
        gazetteer.authorities = authorities;
        gazetteer
    }

    pub fn all(&self) -> &[Authority] {
        &self.authorities
    }

    /// By canonical name, in any case.
    pub fn get(&self, name: &str) -> Option<&Authority> {
        self.by_name.get(&folded(name)).map(|&at| &self.authorities[at])
    }

    pub fn by_urn(&self, urn: &str) -> Option<&Authority> {
        self.by_urn.get(urn.trim()).map(|&at| &self.authorities[at])
    }

    /// The authority with the longest name standing in a printed title, whatever stands around it.
    ///
    /// `on` prefers an authority that existed that day, for names that two have borne.
    pub fn in_title(&self, title: &str, on: Option<Date>) -> Option<&Authority> {
        let title = format!(" {} ", printed(title));
        let mut hits = self
            .printed
            .iter()
            .filter(|(name, _)| !name.is_empty() && title.contains(&format!(" {name} ")))
            .map(|(name, at)| (name.len(), &self.authorities[*at]));
        let (length, first) = hits.next()?;
        let fits = |authority: &Authority| on.is_none_or(|day| authority.existed(day));
        if fits(first) {
            return Some(first);
        }
        hits.take_while(|(other, _)| *other == length).map(|(_, authority)| authority).find(|authority| fits(authority)).or(Some(first))
    }

    /// The authority itself, then all that came before or after it, without repeats.
    pub fn lineage(&self, name: &str) -> Vec<&Authority> {
        let mut line: Vec<&Authority> = self.get(name).into_iter().collect();
        let mut at = 0;
        while at < line.len() {
            for other in line[at].predecessors.iter().chain(&line[at].successors) {
                if let Some(found) = self.get(other).filter(|found| line.iter().all(|known| known.name != found.name)) {
                    line.push(found);
                }
            }
            at += 1;
        }
        line
    }
}

/// A name as titles are compared: "Telford & Wrekin" is "telford and wrekin".
fn printed(name: &str) -> String {
    folded(&name.replace('&', " and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(name: &str, official: &str, to: Option<Date>) -> Authority {
        Authority { name: name.into(), official: official.into(), to, ..Authority::default() }
    }

    #[test]
    fn the_longest_name_in_a_title_wins() {
        let gazetteer = Gazetteer::new(vec![
            authority("Bedford", "Bedford Borough Council", None),
            authority("Central Bedfordshire", "Central Bedfordshire Council", None),
            authority("Derby", "Derby City Council", None),
            authority("Derbyshire", "Derbyshire County Council", None),
        ]);
        let found = |title| gazetteer.in_title(title, None).map(|found| found.name.as_str());
        assert_eq!(found("Inspection of Central Bedfordshire local authority"), Some("Central Bedfordshire"));
        assert_eq!(found("Derbyshire County Council Inspection"), Some("Derbyshire"));
        assert_eq!(found("The council"), None);
    }

    #[test]
    fn an_ampersand_is_a_word_and_a_trust_stands_for_its_council() {
        let mut council = authority("Hill and Dale", "Hill and Dale Borough Council", None);
        council.bodies = vec![ServiceBody { name: "Dale Children’s Trust".into(), variants: vec!["DCT".into()], from: None, to: None }];
        let gazetteer = Gazetteer::new(vec![council]);
        let found = |title| gazetteer.in_title(title, None).map(|found| found.name.as_str());
        assert_eq!(found("Hill & Dale"), Some("Hill and Dale"));
        assert_eq!(found("Inspection of Dale Children's Trust"), Some("Hill and Dale"));
        assert_eq!(found("Inspection of DCT"), Some("Hill and Dale"));
    }
}
