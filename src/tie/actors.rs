//! The authorities a story is about, weighed by where and how they are named.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::{
    authority::{Authority, Gazetteer},
    story::Story,
};

use super::{
    fold::Folded,
    names::{NameKind, NameMention, Names},
    text::{Role, StoryPart, StoryText},
};

/// An authority in a story.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// Index into the gazetteer.
    pub authority: usize,
    /// In the unit "one bare mention far down".
    pub weight: f64,
    pub in_title: bool,
    pub in_lead: bool,
    /// The surest way it is named; a place alone is a hint.
    pub best: NameKind,
    /// The first byte where it is named; none for one that only the host or a successor's rule gives.
    pub first: Option<usize>,
    /// Named only in passing.
    pub passing: bool,
}

const COUNCIL: f64 = 1.3;
const BODY: f64 = 0.9;
const PLACE: f64 = 0.4;
const IN_PASSING: f64 = 0.3;
/// For the council's own pages, which say "we".
const OWN_HOST: f64 = 6.0;
/// For the councils that a paper covers, together, where it says "the city" and names none.
const AREA: f64 = 2.0;
/// A paper that covers more councils means none in particular.
const MAX_AREA: usize = 3;
/// How a paper speaks of the council of its own place.
const OWN_COUNCIL: [&str; 20] = [
    "the authority", "the city", "our city", "this city", "the borough", "our borough", "this borough", "the county", "our county",
    "this county", "the town hall", "this town", "our town", "our island", "this island", "the council", "city council", "county council",
    "borough council", "the local authority",
];
/// For the part of an abolished council that each successor takes over.
const INHERITED: f64 = 0.8;

/// How a council speaks of itself on pages of its own.
const OWN_VOICE: [&str; 2] = ["we", "our"];

/// Weighs the mentions; `outlet` are the authorities that the outlet is named after. Of two authorities with one name that follow
/// each other the one counts that existed on the day.
pub fn weigh(
    story: &Story,
    text: &StoryText,
    mentions: &[NameMention],
    outlet: &[OutletAuthority],
    gazetteer: &Gazetteer,
    day: Option<Date>,
) -> Vec<Actor> {
    let mut actors: BTreeMap<usize, Actor> = BTreeMap::new();
    let mut counts: BTreeMap<(usize, NameKind), i32> = BTreeMap::new();
    let titled: Vec<usize> = mentions.iter().filter(|mention| text.is_title(mention.start)).map(|mention| mention.authority).collect();
    let region = if titled.is_empty() { 0..0 } else { label(text) };
    for mention in mentions {
        if day.is_some_and(|day| !existed(gazetteer, mention.authority, day) && has_namesake(gazetteer, mention.authority, day)) {
            continue;
        }
        let count = counts.entry((mention.authority, mention.kind)).or_insert(0);
        *count += 1;
        let kind = match mention.kind {
            NameKind::Council => COUNCIL,
            NameKind::Bare => 1.0,
            NameKind::Body => BODY,
            NameKind::Place => PLACE,
        };
        let title = text.is_title(mention.start);
        let regional = region.contains(&mention.start) && mention.kind != NameKind::Council && !titled.contains(&mention.authority);
        let passing = (mention.passing || regional) && !title;
        let weight = kind * text.prominence(mention.start) * 0.75f64.powi(*count - 1) * if passing { IN_PASSING } else { 1.0 };
        let actor = actors.entry(mention.authority).or_insert(Actor {
            authority: mention.authority,
            weight: 0.0,
            in_title: false,
            in_lead: false,
            best: mention.kind,
            first: Some(mention.start),
            passing: true,
        });
        actor.weight += weight;
        actor.in_title |= title;
        actor.in_lead |= text.is_lead(mention.start) && !passing;
        actor.best = actor.best.max(mention.kind);
        actor.passing &= passing;
    }
    add_own_host(story, gazetteer, &mut actors);
    add_area(story, &text.whole, outlet, gazetteer, &mut actors);
    add_successors(gazetteer, day, &mut actors);
    let mut actors: Vec<Actor> = actors.into_values().collect();
    actors.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.authority.cmp(&b.authority)));
    actors
}

/// Where the line stands that is no sentence, above the text: a broadcaster's region, "Birmingham & Black Country", is not the council
/// that the headline names.
fn label(text: &StoryText) -> std::ops::Range<usize> {
    let first = text.parts.iter().find(|part| matches!(part.role, Role::Body(0) | Role::Heading));
    let line = |part: &&StoryPart| {
        let whole = text.whole[part.start..part.end].trim();
        part.role == Role::Body(0)
            && whole.split_whitespace().count() <= LABEL_WORDS
            && !whole.ends_with(['.', '!', '?', ':', '”', '"', '’'])
    };
    first.filter(line).map_or(0..0, |part| part.start..part.end)
}

const LABEL_WORDS: usize = 5;

/// A county that became a unitary council and kept its number at Ofsted is one authority, under the name of today.
pub fn lasting(gazetteer: &Gazetteer, authority: usize) -> usize {
    let Some(urn) = gazetteer.all()[authority].urn.as_deref() else { return authority };
    let today = gazetteer.by_urn(urn).and_then(|found| gazetteer.all().iter().position(|other| other.name == found.name));
    today.unwrap_or(authority)
}

/// Gives mentions the names that last; of two of one place that come to the same one stays.
/// An abolished council whose name is no other's stands for its heirs, if they share its services.
pub fn to_lasting(mentions: &mut Vec<NameMention>, gazetteer: &Gazetteer, day: Option<Date>) {
    let all = gazetteer.all();
    for mention in mentions.iter_mut() {
        mention.authority = lasting(gazetteer, mention.authority);
    }
    let names: Vec<usize> = mentions.iter().map(|mention| mention.authority).collect();
    let index = |name: &String| all.iter().position(|other| other.name == *name);
    let heirs = |authority: usize| -> Vec<usize> {
        // A story without a day that names one of the heirs, or the trust that serves them, comes after.
        let named = |name: &String| index(name).is_some_and(|heir| names.contains(&heir));
        let gone = match day {
            Some(day) => all[authority].to.is_some_and(|to| to < day),
            None => all[authority].to.is_some() && all[authority].successors.iter().any(named),
        };
        let heirs: Vec<usize> = if gone { all[authority].successors.iter().filter_map(index).collect() } else { Vec::new() };
        let shared = heirs.len() > 1 && heirs.iter().all(|&heir| all[heir].predecessors.len() == 1 && all[heir].urn.is_some());
        if shared && !has_namesake_ever(gazetteer, authority) { heirs } else { Vec::new() }
    };
    let split: Vec<NameMention> = mentions
        .iter()
        .flat_map(|mention| {
            let heirs = heirs(mention.authority);
            let own = if heirs.is_empty() { vec![mention.authority] } else { heirs };
            own.into_iter().map(|authority| NameMention { authority, ..*mention }).collect::<Vec<_>>()
        })
        .collect();
    *mentions = split;
    mentions.sort_by_key(|mention| (mention.start, mention.authority));
    mentions.dedup_by(|a, b| a.start == b.start && a.authority == b.authority);
}

/// The authorities that an outlet is named after: "Mossley Gazette", "Your Mossley", democracy.mossley.example.
pub fn of_outlet(outlet: &str, host: &str, names: &Names, gazetteer: &Gazetteer, day: Option<Date>) -> Vec<OutletAuthority> {
    let mut mentions = names.find(outlet, &Folded::of(outlet));
    to_lasting(&mut mentions, gazetteer, day);
    let own = |mention: &NameMention| OutletAuthority { authority: mention.authority, council: mention.kind == NameKind::Council };
    let mut found: Vec<OutletAuthority> = mentions.iter().filter(|mention| mention.kind > NameKind::Place).map(own).collect();
    found.extend(of_host(host, names, gazetteer));
    found.retain(|own| day.is_none_or(|day| existed(gazetteer, own.authority, day) || !has_namesake(gazetteer, own.authority, day)));
    found.sort_by_key(|own| (own.authority, !own.council));
    found.dedup_by_key(|own| own.authority);
    found
}

/// Parts of a host’s name by which it is a council’s: of its committees.
const COUNCIL_HOSTS: [&str; 8] = ["democracy", "democratic", "moderngov", "modgov", "committees", "councillors", "councilmeetings", "cmis"];
/// What stands behind a name in one part of a host’s name.
const COUNCIL_ENDS: [&str; 7] = ["countycouncil", "citycouncil", "boroughcouncil", "council", "borough", "gov", "mbc"];

/// Parts of a host’s name by which it is somebody else’s of the same place: derby.ac.uk, kent.police.uk.
const OTHER_HOSTS: [&str; 8] = ["police", "ac", "nhs", "sch", "wordpress", "blogspot", "substack", "social"];

/// The authority whose name is one part of a host’s: bristol.moderngov.co.uk, www.mossleycouncil.example.
fn of_host(host: &str, names: &Names, gazetteer: &Gazetteer) -> Option<OutletAuthority> {
    let host = host.to_lowercase();
    let parts: Vec<String> = host.split('.').map(|part| part.replace('-', "")).collect();
    let is_one_of = |of: &[&str]| parts.iter().any(|part| of.contains(&part.as_str()));
    if is_one_of(&OTHER_HOSTS) {
        return None;
    }
    let council = is_one_of(&COUNCIL_HOSTS);
    // The last part is a country's or a kind's: "mk" is not Milton Keynes there.
    let (_, own) = parts.split_last()?;
    let (authority, ends) = own.iter().find_map(|part| {
        let cut = COUNCIL_ENDS.iter().filter_map(|end| part.strip_suffix(end)).collect::<Vec<_>>();
        let named = cut.iter().find_map(|name| names.by_short(name)).or_else(|| names.by_short(part).filter(|_| !cut.is_empty()));
        let bare = || names.by_letters(part).or_else(|| names.by_short(part).filter(|_| council));
        named.map(|authority| (authority, true)).or_else(|| bare().map(|authority| (authority, false)))
    })?;
    Some(OutletAuthority { authority: lasting(gazetteer, authority), council: ends || council })
}

/// An authority that an outlet is named after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutletAuthority {
    pub authority: usize,
    /// The outlet is the council: "Fernshire County Council Newsroom".
    pub council: bool,
}

/// True if it existed that day, or the council did whose number it keeps.
fn existed(gazetteer: &Gazetteer, authority: usize, day: Date) -> bool {
    let own = &gazetteer.all()[authority];
    own.existed(day) || own.urn.is_some() && gazetteer.all().iter().any(|other| other.urn == own.urn && other.existed(day))
}

fn bare(name: &str) -> &str {
    name.split(" (").next().unwrap_or(name)
}

fn has_namesake(gazetteer: &Gazetteer, authority: usize, day: Date) -> bool {
    let name = bare(&gazetteer.all()[authority].name);
    gazetteer.all().iter().enumerate().any(|(other, found)| other != authority && bare(&found.name) == name && found.existed(day))
}

fn has_namesake_ever(gazetteer: &Gazetteer, authority: usize) -> bool {
    let name = bare(&gazetteer.all()[authority].name);
    gazetteer.all().iter().enumerate().any(|(other, found)| other != authority && bare(&found.name) == name)
}

/// A paper that covers few councils and speaks of "the city" means its own, where it names none or only further down; so does one
/// that is named after a council and says "we", and so do the pages of a council.
fn add_area(story: &Story, text: &str, outlet: &[OutletAuthority], gazetteer: &Gazetteer, actors: &mut BTreeMap<usize, Actor>) {
    let named = actors.values().any(|actor| !actor.passing && actor.best > NameKind::Place && (actor.in_title || actor.in_lead));
    if named || story.area.len() > MAX_AREA {
        return;
    }
    let text = text.to_lowercase();
    let says_council = OWN_COUNCIL.iter().any(|phrase| text.contains(phrase));
    let says_we = || text.split(|char: char| !char.is_alphanumeric()).any(|word| OWN_VOICE.contains(&word));
    let covered = |name: &String| gazetteer.all().iter().position(|authority| authority.name == *name);
    let area: Vec<usize> = match story.area.is_empty() {
        true => {
            let speaks = |own: &&OutletAuthority| own.council || says_we() || says_council && fits(&gazetteer.all()[own.authority], &text);
            outlet.iter().filter(speaks).map(|own| own.authority).collect()
        }
        false => story.area.iter().filter_map(covered).filter(|_| says_council).collect(),
    };
    if area.len() > MAX_AREA {
        return;
    }
    for &authority in &area {
        let actor = actors.entry(authority).or_insert(Actor {
            authority,
            weight: 0.0,
            in_title: false,
            in_lead: false,
            best: NameKind::Place,
            first: None,
            passing: false,
        });
        actor.weight += AREA / area.len() as f64;
        actor.in_lead = true;
        actor.passing = false;
    }
}

/// "The county" is no city’s, and "the city" no county’s.
fn fits(authority: &Authority, text: &str) -> bool {
    let others: &[&str] = if authority.official.ends_with("County Council") { &["the city", "the borough"] } else { &["the county"] };
    !others.iter().any(|other| text.contains(other))
}

fn add_own_host(story: &Story, gazetteer: &Gazetteer, actors: &mut BTreeMap<usize, Actor>) {
    let host = url::Url::parse(&story.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    for (at, authority) in gazetteer.all().iter().enumerate() {
        if authority.hosts.iter().any(|own| host == *own || host.ends_with(&format!(".{own}"))) {
            let actor = actors.entry(at).or_insert(Actor {
                authority: at,
                weight: 0.0,
                in_title: false,
                in_lead: false,
                best: NameKind::Council,
                first: None,
                passing: false,
            });
            actor.weight += OWN_HOST;
            actor.in_lead = true;
            actor.best = NameKind::Council;
            actor.passing = false;
        }
    }
}

fn add_successors(gazetteer: &Gazetteer, day: Option<Date>, actors: &mut BTreeMap<usize, Actor>) {
    let Some(day) = day else { return };
    let gone: Vec<Actor> = actors.values().filter(|actor| !existed(gazetteer, actor.authority, day)).cloned().collect();
    for old in gone {
        for name in &gazetteer.all()[old.authority].successors {
            let Some(at) = gazetteer.all().iter().position(|authority| authority.name == *name) else { continue };
            let actor = actors.entry(at).or_insert(Actor { authority: at, weight: 0.0, first: None, ..old.clone() });
            actor.weight += old.weight * INHERITED;
            actor.in_title |= old.in_title;
            actor.in_lead |= old.in_lead;
            actor.passing &= old.passing;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::story::StoryId;
    use jiff::civil::date;

    fn authority(name: &str, official: &str, urn: Option<&str>, from: Option<Date>, to: Option<Date>) -> Authority {
        Authority { name: name.into(), official: official.into(), urn: urn.map(str::to_owned), from, to, ..Authority::default() }
    }

    fn check(title: &str, day: Option<Date>, expected: &[&str]) {
        check_in(title, day, &[], expected);
    }

    fn check_in(title: &str, day: Option<Date>, area: &[&str], expected: &[&str]) {
        check_at("", title, day, area, expected);
    }

    fn check_at(outlet: &str, title: &str, day: Option<Date>, area: &[&str], expected: &[&str]) {
        let (first, last) = (date(2020, 4, 1), date(2020, 3, 31));
        let gazetteer = Gazetteer::new(vec![
            authority("Fernshire", "Fernshire Council", Some("1"), Some(first), None),
            authority("Fernshire (county)", "Fernshire County Council", Some("1"), None, Some(last)),
            authority("Mossley", "Mossley Council", Some("2"), Some(first), None),
            authority("Mossley (county)", "Mossley County Council", None, None, Some(last)),
        ]);
        let story = Story {
            id: StoryId("s-1".into()),
            url: "https://paper.example/1".into(),
            outlet: outlet.into(),
            title: title.into(),
            author: None,
            published: None,
            published_from: None,
            first_seen: jiff::Timestamp::UNIX_EPOCH,
            changed: None,
            summary: String::new(),
            blocks: vec![],
            links: vec![],
            walled: false,
            area: area.iter().map(|&name| name.to_owned()).collect(),
        };
        let text = StoryText::of(&story);
        let names = Names::new(&gazetteer);
        let mut mentions = names.find(&text.whole, &Folded::of(&text.whole));
        to_lasting(&mut mentions, &gazetteer, day);
        let own = of_outlet(&story.outlet, "paper.example", &names, &gazetteer, day);
        let found: Vec<&str> = weigh(&story, &text, &mentions, &own, &gazetteer, day)
            .iter()
            .map(|actor| gazetteer.all()[actor.authority].name.as_str())
            .collect();
        assert_eq!(found, expected, "{title}");
    }

    #[test]
    fn a_council_that_kept_its_number_is_one_before_and_after() {
        check("Ofsted in Fernshire County Council", Some(date(2018, 5, 1)), &["Fernshire"]);
        check("Ofsted in Fernshire", Some(date(2018, 5, 1)), &["Fernshire"]);
        check("Ofsted in Fernshire County Council", Some(date(2022, 5, 1)), &["Fernshire"]);
        check("Ofsted in Fernshire", None, &["Fernshire"]);
    }

    #[test]
    fn of_two_councils_with_one_name_that_of_the_day_counts() {
        check("Ofsted in Mossley", Some(date(2018, 5, 1)), &["Mossley (county)"]);
        check("Ofsted in Mossley", Some(date(2022, 5, 1)), &["Mossley"]);
    }

    #[test]
    fn a_host_is_named_after_a_council() {
        let gazetteer = Gazetteer::new(vec![
            authority("Fernshire", "Fernshire Council", Some("1"), None, None),
            Authority {
                hosts: vec!["gmossley.gov.uk".into()],
                variants: vec!["Mossley Council".into()],
                ..authority("Great Mossley", "Great Mossley Council", Some("2"), None, None)
            },
        ]);
        let names = Names::new(&gazetteer);
        let of = |host: &str| of_host(host, &names, &gazetteer).map(|own| (own.authority, own.council));
        assert_eq!(of("fernshire.moderngov.co.uk"), Some((0, true)));
        assert_eq!(of("democracy.greatmossley.example"), Some((1, true)));
        assert_eq!(of("www.great-mossley-council.example"), Some((1, true)));
        assert_eq!(of("news.fernshiregov.example"), Some((0, true)));
        assert_eq!(of("gmossley.moderngov.co.uk"), Some((1, true)));
        assert_eq!(of("democracy.mossleycouncil.example"), Some((1, true)));
        assert_eq!(of("www.mossleycouncil.example"), Some((1, true)));
        assert_eq!(of("www.gmossleycouncil.example"), Some((1, true)));
        assert_eq!(of("news.gmossley"), None);
        assert_eq!(of("www.gmossley.example"), None);
        assert_eq!(of("www.gmossleytimes.example"), None);
        assert_eq!(of("fernshirecc.cricket.example"), None);
        assert_eq!(of("fernshire.wordpress.com"), None);
        assert_eq!(of("www.fernshire.example"), Some((0, false)));
        assert_eq!(of("www.fernshirelive.example"), None);
        assert_eq!(of("www.fernshire.police.uk"), None);
        assert_eq!(of("news.fernshire.ac.uk"), None);
        assert_eq!(of("fernshirecouncilwatch.example"), None);
        assert_eq!(of("paper.example"), None);
    }

    #[test]
    fn the_city_is_the_one_that_the_paper_covers() {
        let day = Some(date(2022, 5, 1));
        check_in("Children’s services in the city rated good", day, &["Mossley"], &["Mossley"]);
        check_in("The council is told to improve", day, &["Mossley"], &["Mossley"]);
        check_in("Children’s services in the city rated good", day, &[], &[]);
        check_in("Children’s services rated good", day, &["Mossley"], &[]);
        check_in("Ofsted praises Fernshire, the council says", day, &["Mossley"], &["Fernshire"]);
        check_in("The council is told to improve", day, &["Mossley", "Fernshire", "A", "B"], &[]);
        check_at("Mossley Gazette", "The council is told to improve", day, &[], &["Mossley"]);
        check_at("Your Mossley", "Ofsted rates our children’s services good", day, &[], &["Mossley"]);
        check_at("Your Mossley", "Ofsted rates children’s services good", day, &[], &[]);
        check_at("Mossley Council Newsroom", "Ofsted rates children’s services good", day, &[], &["Mossley"]);
        check_at("Mossley Council Newsroom", "Ofsted praises Fernshire", day, &[], &["Fernshire"]);
        check_at("Your Mossley", "Ofsted looked at four services of hers for an hour in Crewe today", day, &[], &[]);
        check_at("Mossley Gazette", "The county is told to improve", day, &[], &[]);
        check_at("Mossley Gazette", "Ofsted praises Fernshire, the council says", day, &[], &["Fernshire"]);
    }
}
