//! A story read for tying: everything that can be said of it before a report is looked at.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::{authority::Gazetteer, day, page::Link, story::Story};

use super::{
    actors::{self, Actor},
    fold::Folded,
    grades::{self, Said},
    locate::Sought,
    names::{Mention, Names},
    quotes::{self, Quoted},
    relevance::Topics,
    shingles,
    subject::{self, Spoken, Subjects},
    text::StoryText,
    when::{self, Named},
};

/// A story, read once, held against as many reports as there are.
pub struct Prepared {
    pub text: StoryText,
    pub folded: Folded,
    /// The hashes of its words.
    pub words: Vec<u64>,
    /// The day of publication in London.
    pub day: Option<Date>,
    pub mentions: Vec<Mention>,
    /// Most prominent first.
    pub actors: Vec<Actor>,
    pub topics: Topics,
    pub quotations: Vec<Quoted>,
    /// The same, ready to be looked for.
    pub sought: Vec<Sought>,
    pub said: Vec<Said>,
    pub subjects: Subjects,
    spoken: Vec<Spoken>,
    pub times: Vec<Named>,
    pub links: Vec<Link>,
    /// Winnowed shingles: hash and index of the first word.
    pub shingles: Vec<(u64, usize)>,
    /// For each grade said, the authorities it is said of.
    said_of: Vec<Vec<usize>>,
}

impl Prepared {
    pub fn new(story: &Story, names: &Names, gazetteer: &Gazetteer) -> Self {
        let text = StoryText::of(story);
        let folded = Folded::of(&text.whole);
        let words = shingles::hash_words(&folded.words);
        let day = story.published.map(day::of);
        let mentions = names.find(&text.whole, &folded);
        let actors = actors::weigh(story, &text, &mentions, gazetteer, day);
        let topics = Topics::of(&text, &folded);
        let quotations = quotes::find(&text);
        let sought = Sought::all(&quotations);
        let said = grades::find(&text, &folded, day.map(|day| day.year()));
        let spoken = subject::find(&text, &folded);
        let subjects = Subjects::sum(&spoken);
        let times = when::find(&text, &folded, day);
        let shingles = shingles::winnow(&words);
        let mut prepared = Self {
            text,
            folded,
            words,
            day,
            mentions,
            actors,
            topics,
            quotations,
            sought,
            said,
            subjects,
            spoken,
            times,
            links: story.links.clone(),
            shingles,
            said_of: Vec::new(),
        };
        prepared.said_of = prepared.said.iter().map(|said| prepared.authorities_near(prepared.folded.words[said.word].start)).collect();
        prepared
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

    /// Which kind of inspection is spoken of where this authority is: in a round-up each has its own.
    pub fn subjects_of(&self, authority: usize) -> Subjects {
        let prominent = self.actors.iter().filter(|actor| actor.weight >= ROUND_UP_SHARE * self.top_weight()).count();
        if prominent < 2 {
            return self.subjects;
        }
        let own = Subjects::sum(self.spoken.iter().filter(|cue| self.authorities_near(cue.at).contains(&authority)));
        if own.first().is_some() { own } else { self.subjects }
    }

    /// The authorities that a statement at `byte` is about: named last before it in its sentence, else after it there,
    /// else last in its paragraph, else in the heading above, else the one the story is mostly about.
    pub fn authorities_near(&self, byte: usize) -> Vec<usize> {
        let in_range = |from: usize, to: usize| {
            self.mentions.iter().filter(move |mention| mention.start >= from && mention.start < to && self.counts(mention))
        };
        let sentence = self.text.sentence_at(byte).map(|at| self.text.sentences[at]);
        let part = self.text.part_at(byte).map(|part| (part.start, part.end));
        let last = |from: usize, to: usize| in_range(from, to).map(|mention| mention.start).next_back().map(|start| self.named_at(start));
        let first = |from: usize, to: usize| in_range(from, to).map(|mention| mention.start).next().map(|start| self.named_at(start));
        let found = sentence
            .and_then(|(from, to)| last(from, byte).or_else(|| first(byte, to)))
            .or_else(|| part.and_then(|(from, _)| last(from, byte)))
            .or_else(|| self.section_of(byte));
        found.unwrap_or_else(|| self.main_authorities())
    }

    /// A mention that can carry a statement: a real name of an authority with some weight, not a passing one.
    fn counts(&self, mention: &Mention) -> bool {
        !mention.passing
            && mention.kind > super::names::NameKind::Place
            && self.actor(mention.authority).is_some_and(|actor| actor.weight >= 0.25 * self.top_weight() || actor.weight > 2.5)
    }

    fn named_at(&self, start: usize) -> Vec<usize> {
        self.mentions.iter().filter(|mention| mention.start == start).map(|mention| mention.authority).collect()
    }

    fn section_of(&self, byte: usize) -> Option<Vec<usize>> {
        let heading = self.text.parts.iter().rev().find(|part| part.start < byte && part.role == super::text::Role::Heading)?;
        let start = self
            .mentions
            .iter()
            .find(|mention| mention.start >= heading.start && mention.start < heading.end && self.counts(mention))?
            .start;
        Some(self.named_at(start))
    }

    /// The authorities with nearly the heaviest weight.
    pub fn main_authorities(&self) -> Vec<usize> {
        self.actors.iter().filter(|actor| actor.weight >= 0.75 * self.top_weight()).map(|actor| actor.authority).collect()
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

/// Authorities with this share of the heaviest weight make a story one about several.
const ROUND_UP_SHARE: f64 = 0.4;

/// Authorities of a story whose reports are looked at; a page that names more is a list.
const MAX_ACTORS: usize = 16;
