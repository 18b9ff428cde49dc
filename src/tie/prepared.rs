//! A story read for tying: everything that can be said of it before a report is looked at.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::model::{
    authority::Gazetteer,
    day,
    page::Link,
    report::{Framework, Grade},
    story::Story,
    text::Word,
};

use super::{
    actors::{self, Actor},
    event::{self, Cue, EventFamily, EventStanding},
    figures::{self, Figure},
    fold::Folded,
    grades::{self, Hint, Said},
    locate::{self, Sought},
    names::{NameKind, NameMention, Names},
    quotes::{self, Quoted, Speaker},
    relevance::{self, ByWords, Setting, Topics},
    shingles,
    subject::{self, Spoken, Subject, Subjects},
    text::{Role, StoryText},
    when::{self, Named, Precision},
};

/// A story, read once, held against as many reports as there are.
pub struct Prepared {
    pub text: StoryText,
    pub folded: Folded,
    /// The hashes of its words.
    pub words: Vec<u64>,
    /// The stems of its telling words, each once.
    pub stems: Vec<u32>,
    pub figures: Vec<Figure>,
    /// The day of publication in London.
    pub day: Option<Date>,
    /// The day on which its text was first seen: no later than that, whatever it says, it was written.
    pub seen: Date,
    pub mentions: Vec<NameMention>,
    /// Most prominent first.
    pub actors: Vec<Actor>,
    /// Its address says that it is a page of jobs.
    pub recruits: bool,
    /// Surnames of those whom it calls inspectors.
    pub inspectors: BTreeSet<String>,
    pub topics: Topics,
    /// Whether it is ours, by its words alone.
    pub by_words: ByWords,
    pub quotations: Vec<Quoted>,
    /// The same, ready to be looked for.
    pub sought: Vec<Sought>,
    pub said: Vec<Said>,
    spoken: Vec<Spoken>,
    /// The framework of full inspections that it speaks of, and how many judgements it says there were.
    pub framework: Option<Framework>,
    pub areas: Option<usize>,
    /// The bytes where it speaks of what is done about a council that was found inadequate.
    pub interventions: Vec<usize>,
    pub times: Vec<Named>,
    /// What it does with inspections, phrase by phrase.
    pub cues: Vec<Cue>,
    pub links: Vec<Link>,
    /// Winnowed shingles: hash and index of the first word.
    pub shingles: Vec<(u64, usize)>,
    /// For each grade said, the authorities it is said of.
    said_of: Vec<Vec<usize>>,
    /// What only suggests a grade, and of whom.
    hints: Vec<(Hint, Vec<usize>)>,
    /// Parts under the name of one authority: first byte, the one after the last, and whose.
    sections: Vec<(usize, usize, usize)>,
}

/// What is known of a story besides its words when its relevance is judged.
pub fn setting<'a>(actors: &[Actor], recruits: bool, gazetteer: &'a Gazetteer) -> Setting<'a> {
    let first = actors.first();
    Setting {
        authority_weight: first.map_or(0.0, |actor| actor.weight),
        authority: first.map(|actor| gazetteer.all()[actor.authority].name.as_str()),
        authority_in_title: actors.iter().any(|actor| actor.in_title),
        authority_leads: first.is_some_and(|actor| actor.in_lead),
        recruits,
    }
}

impl Prepared {
    pub fn new(story: &Story, names: &Names, gazetteer: &Gazetteer) -> Self {
        let text = StoryText::of(story);
        let folded = Folded::of(&text.whole);
        let words = shingles::hash_words(&folded.words);
        let day = story.published.map(day::of);
        let dated = when::find(&text.whole, &folded, day);
        let own_day = dated.iter().find(|time| is_own_day(time, &text, &folded)).map(|time| time.from);
        // A page that moved bears the day of its move.
        let (day, dated) = match own_day.filter(|own| day.is_none_or(|day| when::days(*own, day) > MOVED)) {
            Some(own) => (Some(own), when::find(&text.whole, &folded, Some(own))),
            None => (day, dated),
        };
        let mut mentions = names.find(&text.whole, &folded);
        actors::to_lasting(&mut mentions, gazetteer, day);
        let url = url::Url::parse(&story.url).ok();
        let host = url.as_ref().and_then(url::Url::host_str).unwrap_or_default();
        let own = actors::of_outlet(&story.outlet, host, names, gazetteer, day);
        let mut actors = actors::weigh(story, &text, &mentions, &own, gazetteer, day);
        let sections = sections(&text, &mentions);
        lift(&mut actors, &sections);
        let topics = Topics::of(&text, &folded);
        let inspectors = quotes::inspectors(&text, &folded);
        let quotations = quotes::find(&text, &folded, &inspectors);
        let sought = Sought::all(&quotations);
        let false_day = is_false(day, &dated) || is_inspected_on(day, &dated, &folded);
        let (day, times) = if false_day { (None, when::find(&text.whole, &folded, None)) } else { (day, dated) };
        let said = grades::find(&text, &folded, &times, &mentions, day);
        let mut cues = event::find(&text, &folded);
        cues.extend(event::stays(&text, &folded, &times));
        cues.extend(event::to_come(&text, &folded, &times, day));
        cues.extend(event::find_announced(&text, &folded, &mentions));
        let spoken = subject::find(&text, &folded, &times, day);
        let shingles = shingles::winnow(&words);
        let stems = locate::stems(&folded.words, &words);
        let figures = figures::of(&folded, &words);
        let (framework, areas) = (subject::framework(&folded), subject::areas(&folded));
        let interventions = subject::interventions(&folded);
        let mut prepared = Self {
            text,
            folded,
            words,
            stems,
            figures,
            day,
            seen: day::of(story.changed.unwrap_or(story.first_seen)),
            mentions,
            actors,
            recruits: relevance::recruits(&story.url),
            inspectors,
            topics,
            by_words: ByWords::default(),
            quotations,
            sought,
            said,
            spoken,
            framework,
            areas,
            interventions,
            times,
            cues,
            links: story.links.clone(),
            shingles,
            said_of: Vec::new(),
            hints: Vec::new(),
            sections,
        };
        prepared.said_of = prepared.said.iter().map(|said| prepared.authorities_near(prepared.folded.words[said.word].start)).collect();
        let hints = grades::hints(&prepared.text, &prepared.folded, &prepared.times, &prepared.mentions, day);
        // What a politician says of her service is no verdict.
        let others = |hint: &Hint| {
            let at = prepared.folded.words[hint.word].start;
            let within = |quoted: &&Quoted| (quoted.start..quoted.end).contains(&at);
            prepared.quotations.iter().find(within).is_some_and(|quoted| matches!(quoted.speaker, Speaker::Other(_)))
        };
        let hints: Vec<Hint> = hints.into_iter().filter(|hint| !others(hint)).collect();
        prepared.hints = hints.into_iter().map(|hint| (hint, prepared.authorities_near(prepared.folded.words[hint.word].start))).collect();
        prepared.give_way();
        grades::outdate(&mut prepared.said, &prepared.said_of);
        let (text, folded) = (&prepared.text, &prepared.folded);
        let in_title = |said: &Said| text.is_title(folded.words[said.word].start);
        grades::contrast(&mut prepared.said, &prepared.said_of, in_title);
        grades::backshift(&mut prepared.said, &prepared.said_of);
        prepared.by_words = relevance::by_words(&prepared.topics, setting(&prepared.actors, prepared.recruits, gazetteer));
        prepared
    }

    /// Of "two councils are outstanding" and "Gateshead is good" the second is Gateshead's: what is said of several together
    /// gives way to what is said of one by name.
    fn give_way(&mut self) {
        let told = |said: &Said| said.overall && said.standing == EventStanding::New;
        let by_name = |at: usize, authority: usize| {
            let others =
                self.said.iter().enumerate().filter(|(other, said)| told(said) && said.grade != self.said[at].grade && *other != at);
            others.into_iter().any(|(other, said)| self.said_of[other].contains(&authority) && self.names_in(said.sentence, authority))
        };
        let left: Vec<Vec<usize>> = (0..self.said.len())
            .map(|at| {
                let together = told(&self.said[at]) && self.said_of[at].len() > 1;
                let stays = |&authority: &usize| !together || self.names_in(self.said[at].sentence, authority) || !by_name(at, authority);
                self.said_of[at].iter().copied().filter(stays).collect()
            })
            .collect();
        self.said_of = left;
    }

    /// True if a sentence names an authority by itself.
    fn names_in(&self, sentence: usize, authority: usize) -> bool {
        let (from, to) = self.text.sentences[sentence];
        self.mentions
            .iter()
            .any(|mention| mention.authority == authority && !mention.passing && mention.start >= from && mention.start < to)
    }

    /// The grades said of an authority by itself: of those said of several together, where it is named beside them or is the only
    /// one of these that the story begins with.
    pub fn stated_of(&self, authority: usize) -> impl Iterator<Item = &Said> {
        let leads = move |authority: usize| self.actor(authority).is_some_and(|actor| actor.in_title || actor.in_lead);
        let alone = move |of: &[usize]| of.iter().all(|&other| leads(other) == (other == authority));
        let own = move |(said, of): &(&Said, &Vec<usize>)| of.len() == 1 || self.names_in(said.sentence, authority) || alone(of);
        self.said.iter().zip(&self.said_of).filter(move |(_, of)| of.contains(&authority)).filter(own).map(|(said, _)| said)
    }

    /// The heaviest weight of an actor.
    pub fn top_weight(&self) -> f64 {
        self.actors.first().map_or(0.0, |actor| actor.weight)
    }

    pub fn actor(&self, authority: usize) -> Option<&Actor> {
        self.actors.iter().find(|actor| actor.authority == authority)
    }

    /// The grades said of an authority.
    pub fn said_of(&self, authority: usize) -> impl Iterator<Item = &Said> {
        self.said.iter().zip(&self.said_of).filter(move |(_, of)| of.contains(&authority)).map(|(said, _)| said)
    }

    /// What only suggests a grade of an authority.
    pub fn hinted_of(&self, authority: usize) -> impl Iterator<Item = &Hint> {
        self.hints.iter().filter(move |(_, of)| of.contains(&authority)).map(|(hint, _)| hint)
    }

    /// How strongly visits are spoken of by their names where this authority is, in the lead or below it.
    pub fn named_visits(&self, authority: usize, lead: bool) -> f64 {
        let visit = |spoken: &&Spoken| {
            spoken.subject.is_some_and(event::is_visit) && self.text.is_lead(spoken.at) == lead && self.owns(authority, spoken.at)
        };
        self.spoken.iter().filter(visit).map(|spoken| spoken.weight).sum()
    }

    /// True if a sentence that announces something, or the title, names a visit.
    pub fn announces_visit(&self, authority: usize) -> bool {
        let announced = |sentence: usize| {
            let (from, to) = self.text.sentences[sentence];
            let within = |cue: &&Cue| cue.family == EventFamily::Announced && cue.at >= from && cue.at < to;
            self.text.is_title(from) || self.cues.iter().any(|cue| within(&cue))
        };
        let visit = |spoken: &&Spoken| spoken.subject.is_some_and(event::is_visit) && self.owns(authority, spoken.at);
        self.spoken.iter().filter(visit).any(|spoken| self.text.sentence_at(spoken.at).is_some_and(announced))
    }

    /// Which kind of inspection is spoken of as news where this authority is: in a round-up each has its own. A grade said
    /// as news speaks for a full one, a visit told without its name for a visit.
    pub fn subjects_of(&self, authority: usize) -> Subjects {
        let spoken = self.spoken.iter().copied().filter(|cue| self.owns(authority, cue.at));
        let visits = self.cues.iter().filter(|cue| cue.family == EventFamily::Visit && self.owns(authority, cue.at)).map(|cue| Spoken {
            subject: None,
            weight: cue.weight * self.text.prominence(cue.at).min(2.0),
            at: cue.at,
        });
        let graded = self.said_of(authority).filter(|said| said.overall && said.standing == EventStanding::New).map(|said| Spoken {
            subject: Some(subject_of(said.grade)),
            weight: said.weight,
            at: self.folded.words[said.word].start,
        });
        Subjects::sum(&spoken.chain(visits).chain(graded).collect::<Vec<_>>())
    }

    /// True unless a report was published too long after the story; after one without a date that is, after it was seen.
    pub fn can_be_about(&self, published: Option<Date>, inspected: Option<(Date, Date)>) -> bool {
        published.is_none_or(|published| when::days(self.day.unwrap_or(self.seen), published) <= self.days_ahead())
            || self.is_in_days_of(inspected)
    }

    /// It was written while these inspectors were there, or shortly before or after.
    pub fn is_in_days_of(&self, inspected: Option<(Date, Date)>) -> bool {
        let near = |(day, (from, to)): (Date, (Date, Date))| {
            when::days(day, from) <= TOLD_BEFORE && when::days(to, day) <= AWAITED && when::days(from, to) <= LONGEST
        };
        self.day.zip(inspected).is_some_and(near)
    }

    /// How many days after the story the report can be published that it is about: some for a story of the evening before,
    /// some months for one that announces a report.
    fn days_ahead(&self) -> i32 {
        let announced: f64 = self.cues.iter().filter(|cue| cue.family == EventFamily::Announced).map(|cue| cue.weight).sum();
        if announced >= event::ANNOUNCED { TO_COME } else { -super::features::EVENING_BEFORE }
    }

    /// True for a list with a section for each authority.
    pub fn is_list(&self) -> bool {
        !self.sections.is_empty()
    }

    /// An authority on the margin: the trust that serves it, or a name that it shares, is all that names it, though another
    /// that shares this is named by itself; or it is named once, in a story with another in its title.
    pub fn is_minor(&self, actor: &Actor) -> bool {
        let top = self.top_weight().max(0.1);
        let own = || self.mentions.iter().filter(|mention| mention.authority == actor.authority);
        let only_body = actor.best <= NameKind::Body && own().count() > 0 && own().all(|mention| mention.kind == NameKind::Body);
        let named_sibling = || {
            own().any(|mention| {
                let shares = |other: &&NameMention| other.start == mention.start && other.authority != actor.authority;
                self.mentions
                    .iter()
                    .filter(shares)
                    .any(|other| self.mentions.iter().any(|named| named.authority == other.authority && named.kind != NameKind::Body))
            })
        };
        let led = self.actors.first().is_some_and(|first| first.in_title && first.authority != actor.authority);
        let once = led
            && !actor.in_title
            && own().count() <= 1
            && actor.first.is_some()
            && !self.sections.iter().any(|section| section.2 == actor.authority);
        only_body && named_sibling() || actor.first.is_some() && self.is_twin(actor) || once && actor.weight < 0.4 * top
    }

    /// All that names it is a name that it shares with one that is named by itself, often or in the title.
    pub fn is_twin(&self, actor: &Actor) -> bool {
        let own = || self.mentions.iter().filter(|mention| mention.authority == actor.authority);
        let alone = |authority: usize| {
            let unshared = |mention: &&NameMention| {
                mention.authority == authority
                    && !mention.passing
                    && self.mentions.iter().all(|other| other.start != mention.start || other.authority == authority)
            };
            let title = |mention: &NameMention| self.text.is_title(mention.start);
            let own: Vec<&NameMention> = self.mentions.iter().filter(unshared).collect();
            own.len() >= OFTEN || own.iter().any(|mention| title(mention))
        };
        let unnamed = |authority: usize| {
            self.mentions
                .iter()
                .filter(|mention| mention.authority == authority && !mention.passing)
                .all(|mention| self.mentions.iter().any(|other| other.start == mention.start && other.authority != authority))
        };
        unnamed(actor.authority)
            && own().filter(|mention| !mention.passing).any(|mention| {
                self.mentions
                    .iter()
                    .any(|other| other.start == mention.start && other.authority != actor.authority && alone(other.authority))
            })
    }

    /// True if what is said at `at` is said of this authority: in a story about one, all of it but the sentences about
    /// others.
    pub fn owns(&self, authority: usize, at: usize) -> bool {
        self.authorities_near(at).contains(&authority)
    }

    /// The kinds of inspection that the sentence at `at` speaks of.
    pub fn kinds_beside(&self, at: usize) -> impl Iterator<Item = Subject> {
        let sentence = self.text.sentence_at(at).map_or((at, at), |at| self.text.sentences[at]);
        self.spoken.iter().filter(move |spoken| spoken.at >= sentence.0 && spoken.at < sentence.1).filter_map(|spoken| spoken.subject)
    }

    /// The authorities that a statement at `byte` is about: named last before it in its sentence, else after it there, else in passing
    /// before it there ("in neighbouring Derby services are good"), else last in its paragraph, else in the heading above, else the
    /// one the story is mostly about. Those listed with a name are meant with it.
    pub fn authorities_near(&self, byte: usize) -> Vec<usize> {
        if let Some((_, _, authority)) = self.sections.iter().find(|(from, to, _)| *from <= byte && byte < *to) {
            return vec![*authority];
        }
        let within = |from: usize, to: usize| {
            let first = self.mentions.partition_point(|mention| mention.start < from);
            let end = self.mentions.partition_point(|mention| mention.start < to);
            first..end.max(first)
        };
        let sentence = self.text.sentence_at(byte).map(|at| self.text.sentences[at]);
        let part = self.text.part_at(byte).map(|part| (part.start, part.end));
        let here = |from: usize, to: usize| within(from, to).rev().find(|&at| self.is_named(&self.mentions[at]));
        let next = |from: usize, to: usize| within(from, to).find(|&at| self.is_named(&self.mentions[at]));
        let found = sentence
            .and_then(|(from, to)| {
                let aside = || {
                    let council = |at: &usize| self.mentions[*at].passing && self.mentions[*at].kind > NameKind::Place;
                    within(from, byte).rev().find(council).filter(|&at| !self.turns_back(at, byte))
                };
                here(from, byte).filter(|&at| !self.turns_back(at, byte)).or_else(|| next(byte, to)).or_else(aside)
            })
            .or_else(|| {
                part.and_then(|(from, _)| {
                    within(from, byte).rev().find(|&at| self.counts(&self.mentions[at]) && !self.turns_back(at, byte))
                })
            })
            .map(|at| self.listed_with(at))
            .or_else(|| self.section_of(byte));
        found.unwrap_or_else(|| self.main_authorities())
    }

    /// "… which brought Mossley in to help, the council is good": after a name in passing "the council" is the story's own.
    fn turns_back(&self, at: usize, byte: usize) -> bool {
        const OWN: [&str; 6] = ["the council", "the authority", "the borough", "the county", "the city", "the service"];
        let minor = self.actor(self.mentions[at].authority).is_none_or(|actor| actor.weight < MAIN * self.top_weight());
        let between = if minor { self.text.slice((self.mentions[at].end, byte)).to_lowercase() } else { String::new() };
        // "Which covers the rest of the county" turns to nobody.
        let turns = |at: usize| !between[..at].ends_with("of ") && !between[..at].ends_with("in ");
        OWN.iter().any(|own| between.match_indices(own).any(|(at, _)| turns(at)))
    }

    /// A mention that its own sentence can be about.
    fn is_named(&self, mention: &NameMention) -> bool {
        !mention.passing && mention.kind > NameKind::Place
    }

    /// A mention that can carry a statement further down: one of an authority with some weight.
    fn counts(&self, mention: &NameMention) -> bool {
        self.is_named(mention)
            && self.actor(mention.authority).is_some_and(|actor| actor.weight >= MINOR * self.top_weight() || actor.weight > 2.5)
    }

    /// The authorities of a mention and of those that are listed with it: "Sefton, Merton and West Berkshire".
    fn listed_with(&self, at: usize) -> Vec<usize> {
        let joined = |one: &NameMention, two: &NameMention| {
            one.start == two.start
                || self.text.whole.get(one.end..two.start).is_some_and(|gap| {
                    gap.len() <= LIST_GAP
                        && gap.split([' ', ',']).all(|word| matches!(word, "" | "and" | "&" | "both" | "council" | "Council"))
                })
        };
        let (mut first, mut end) = (at, at + 1);
        while first > 0 && joined(&self.mentions[first - 1], &self.mentions[first]) {
            first -= 1;
        }
        while end < self.mentions.len() && joined(&self.mentions[end - 1], &self.mentions[end]) {
            end += 1;
        }
        let aside = self.mentions[at].passing;
        let told = |mention: &&NameMention| self.is_named(mention) || aside && mention.passing;
        self.mentions[first..end].iter().filter(told).map(|mention| mention.authority).collect()
    }

    fn named_at(&self, start: usize) -> Vec<usize> {
        self.mentions.iter().filter(|mention| mention.start == start).map(|mention| mention.authority).collect()
    }

    fn section_of(&self, byte: usize) -> Option<Vec<usize>> {
        let heading = self.text.parts.iter().rev().find(|part| part.start < byte && part.role == Role::Heading)?;
        let start = self
            .mentions
            .iter()
            .find(|mention| mention.start >= heading.start && mention.start < heading.end && self.counts(mention))?
            .start;
        Some(self.named_at(start))
    }

    /// The authorities with nearly the heaviest weight.
    pub fn main_authorities(&self) -> Vec<usize> {
        self.actors.iter().filter(|actor| actor.weight >= MAIN * self.top_weight()).map(|actor| actor.authority).collect()
    }

    /// Canonical names whose reports may be meant: the weightier actors with their lineage, most prominent first.
    pub fn wanted_authorities(&self, gazetteer: &Gazetteer) -> Vec<String> {
        let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
        for actor in self.actors.iter().take(MAX_ACTORS) {
            for authority in gazetteer.lineage(&gazetteer.all()[actor.authority].name) {
                let rank = wanted.len();
                wanted.entry(authority.name.clone()).or_insert(rank);
            }
        }
        let mut wanted: Vec<(String, usize)> = wanted.into_iter().collect();
        wanted.sort_by_key(|(_, rank)| *rank);
        wanted.into_iter().map(|(name, _)| name).collect()
    }
}

/// Days before inspectors come on which it is told, and behind them on which their findings are awaited.
const TOLD_BEFORE: i32 = 7;
const AWAITED: i32 = 40;
/// Days from the first of an inspection to its last, at most; what lies further apart was misread.
const LONGEST: i32 = 120;

/// Days from an announcement to the report, at most.
const TO_COME: i32 = 200;

/// The sections of a list: parts under a line that is an authority's name and next to nothing else, or that begin with its
/// name and a colon. Two different ones make a list.
fn sections(text: &StoryText, mentions: &[NameMention]) -> Vec<(usize, usize, usize)> {
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    let mut open = false;
    let title = text.parts.iter().find(|part| part.role == Role::Title).map_or("", |part| text.whole[part.start..part.end].trim());
    for part in text.parts.iter().filter(|part| !matches!(part.role, Role::Title | Role::Summary)) {
        let whole = &text.whole[part.start..part.end];
        let first =
            mentions.iter().find(|mention| mention.start >= part.start && mention.end <= part.end && mention.kind != NameKind::Place);
        let leads =
            first.filter(|mention| text.whole[part.start..mention.start].chars().filter(|char| char.is_alphanumeric()).count() <= 17);
        // A byline may be a trust's, and the headline may be said again.
        let own = |mention: &&NameMention| mention.kind >= NameKind::Bare && whole.trim() != title;
        // Points under a sentence are what it counts.
        let point = whole.trim_start().starts_with(['•', '·', '-', '*']);
        let label = leads.filter(own).filter(|_| !point).filter(|mention| {
            let rest = text.whole[mention.end..part.end].split_whitespace().count();
            rest <= 4 && whole.split_whitespace().count() <= 8 && !whole.trim_end().ends_with(['.', '?', '!', '”', '"'])
        });
        let item = first.filter(own).filter(|mention| {
            mention.start == part.start
                && text.whole[mention.end..part.end].starts_with([':', ' '])
                && is_item(&text.whole[mention.end..part.end])
        });
        if let Some(mention) = label.or(item) {
            found.push((part.start, part.end, mention.authority));
            open = label.is_some();
        } else if part.role == Role::Heading {
            open = false;
        } else if open && let Some(last) = found.last_mut() {
            last.1 = part.end;
        }
    }
    let several = found.iter().any(|section| section.2 != found[0].2);
    if several { found } else { Vec::new() }
}

/// What follows the name in "Dudley: requires improvement" or "Dudley – good".
fn is_item(rest: &str) -> bool {
    rest.trim_start().starts_with([':', '–', '—'])
}

/// Gives an authority with a section of its own the weight of one that the story is about.
fn lift(actors: &mut [Actor], sections: &[(usize, usize, usize)]) {
    let top = actors.first().map_or(0.0, |actor| actor.weight);
    for actor in actors.iter_mut().filter(|actor| sections.iter().any(|section| section.2 == actor.authority)) {
        actor.weight = actor.weight.max(SECTION * top);
        actor.in_lead = true;
    }
    actors.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.authority.cmp(&b.authority)));
}

/// The share of the heaviest weight for an authority with a section of its own.
const SECTION: f64 = 0.8;

/// The kind of inspection that gives such a grade.
fn subject_of(grade: Grade) -> Subject {
    if grade.is_outcome() { Subject::Send } else { Subject::Full }
}

/// "Today (Thursday 21 December 2017)", at the beginning of a story: the day on which it was written.
fn is_own_day(time: &Named, text: &StoryText, folded: &Folded) -> bool {
    let before = |places: usize| time.word.checked_sub(places).map(|at| &folded.words[at]);
    let is = |places: usize, of: fn(&str) -> bool| before(places).is_some_and(|word| of(&word.folded));
    let today = if is(1, when::is_weekday) { 2 } else { 1 };
    let start = folded.words[time.word].start;
    let beside =
        |word: &Word| text.whole[word.end..start].chars().all(|char| char.is_alphanumeric() || matches!(char, ' ' | ',' | '(' | '-' | '–'));
    let told = || is(today, |word| word == "today") && before(today).is_some_and(beside);
    let year = || folded.words[time.word..time.end].iter().any(|word| word.folded.len() == 4 && word.folded.starts_with("20"));
    time.precision == Precision::Day && time.from == time.to && told() && year() && text.is_lead(start)
}

/// A page dated so many days after its text moved since.
const MOVED: i32 = 30;

/// True for a date that the text belies: two months named with their years, or one a year off, lie well after it.
fn is_false(day: Option<Date>, times: &[Named]) -> bool {
    let Some(day) = day else { return false };
    let ahead = times.iter().filter(|time| time.precision >= Precision::Month).map(|time| when::days(day, time.from));
    let (mut late, mut far) = (0, 0);
    for days in ahead {
        late += u32::from(days > 150);
        far += u32::from(days > 400);
    }
    late >= 2 || far >= 1
}

/// True for a "date" that is a day of the inspection: no text about its findings is older than they are.
fn is_inspected_on(day: Option<Date>, times: &[Named], folded: &Folded) -> bool {
    let Some(day) = day else { return false };
    let inspected = |time: &&Named| {
        let before = time.word.saturating_sub(INSPECTED_REACH)..time.word;
        time.precision == Precision::Day
            && time.from < time.to
            && before.clone().any(|at| matches!(folded.words[at].folded.as_str(), "inspected" | "inspection" | "inspections" | "dates"))
            && before.clone().all(|at| !matches!(folded.words[at].folded.as_str(), "will" | "next"))
    };
    times.iter().filter(inspected).any(|time| time.from <= day && day <= time.to)
}

/// A council named so often by itself, or in the title, is meant where a name is shared.
const OFTEN: usize = 3;
/// From this share of the heaviest weight on a story is about an authority.
const MAIN: f64 = 0.75;
/// A smaller share of the heaviest weight is that of a council beside the story's own.
const MINOR: f64 = 0.25;
/// Words between "inspected" and its days.
const INSPECTED_REACH: usize = 4;
/// Bytes between two names of one list.
const LIST_GAP: usize = 12;

/// Authorities of a story whose reports are looked at; a page that names more is a list.
const MAX_ACTORS: usize = 16;
