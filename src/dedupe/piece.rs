//! The same piece: which stories are copies of one piece of copy.
//!
//! Two stories are copies where they **share text** and **agree on what they are about**, some weeks apart at most. A
//! publisher's number of an article stands for shared text only where one of the two has no whole text (a wall, a stub),
//! and then with title and date beside it. They disagree where no authority is common to both, where one is tied to reports
//! of which the other offers none but others, where one waits for another kind of inspection than the other is about, where
//! the same words stand around other figures (pages made from one template), and where a person kept one and discarded the
//! other.
//!
//! A copy must agree with all copies of its piece and share text with one, so that a chain of likenesses never joins what
//! disagrees. What comes out depends on the stories alone, not on the order in which they arrived.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    figures::Figures,
    fingerprint::{COPY, likeness},
};
use crate::model::{
    report::{Framework, ReportId},
    story::StoryId,
    text::words,
    verdict::{Review, WaitingFor},
};

/// Days between copies of one piece; pages made from one template, years apart, are not copies.
const COPY_DAYS: i64 = 45;
/// Days between the addresses of one article, where its number and title must do.
const NUMBER_DAYS: i64 = 7;
/// The share of common words from which titles are of one article: with a common day, and without one.
const TITLES: f64 = 0.25;
const SAME_TITLES: f64 = 0.8;
/// Shorter words say nothing of what a title is about.
const LEAST_LETTERS: usize = 4;

/// A story as far as it decides which piece it is a copy of.
#[derive(Debug, Clone)]
pub struct Copy {
    pub id: StoryId,
    pub title: String,
    pub published: Option<Timestamp>,
    /// Nothing where its text is too short.
    pub signature: Option<Vec<u64>>,
    /// Its publisher's number of the article.
    pub number: Option<String>,
    pub figures: Figures,
    pub about: About,
    /// What a person decided about the piece by this copy.
    pub review: Review,
}

/// What a story by itself was judged to be about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    pub authorities: Vec<String>,
    /// The reports it is tied to without a doubt, each with its kind of inspection.
    pub reports: Vec<(ReportId, Framework)>,
    /// Reports that it may be about, those included.
    pub possible: Vec<ReportId>,
    pub waiting_for: Option<WaitingFor>,
}

/// The pieces that these stories are copies of: each story in one, the first published first in each and among all.
pub fn pieces(copies: &[Copy]) -> Vec<Vec<StoryId>> {
    let mut order: Vec<&Copy> = copies.iter().collect();
    // Without a date last: they may be anybody's copy.
    order.sort_by_key(|copy| (copy.published.is_none(), copy.published, &copy.id));
    let mut groups: Vec<Vec<&Copy>> = Vec::new();
    for copy in order {
        match best(copy, &groups) {
            Some(at) => groups[at].push(copy),
            None => groups.push(vec![copy]),
        }
    }
    groups.into_iter().map(|group| group.into_iter().map(|copy| copy.id.clone()).collect()).collect()
}

/// The group that a copy belongs to: of those it may join the most alike, of two as alike the earlier, or the later where it
/// has no date: it is more often of the day than of years ago.
fn best(copy: &Copy, groups: &[Vec<&Copy>]) -> Option<usize> {
    let mut found: Option<(usize, f64)> = None;
    for (at, group) in groups.iter().enumerate() {
        let near = group.iter().filter_map(|other| closeness(copy, other)).reduce(f64::max);
        let is_nearer = |near: f64| found.is_none_or(|(_, best)| near > best || (near == best && copy.published.is_none()));
        if let Some(near) = near.filter(|near| is_nearer(*near))
            && group.iter().all(|other| agree(copy, other))
        {
            found = Some((at, near));
        }
    }
    found.map(|(at, _)| at)
}

/// How much text two stories share, 0 to 1, or nothing where it is too little to be copies.
fn closeness(one: &Copy, other: &Copy) -> Option<f64> {
    match (&one.signature, &other.signature) {
        (Some(a), Some(b)) => Some(likeness(a, b)).filter(|like| *like >= COPY),
        _ => same_article(one, other).then_some(COPY),
    }
}

/// The same number at the same publisher, with title and date beside it.
fn same_article(one: &Copy, other: &Copy) -> bool {
    let titles = titles(&one.title, &other.title);
    let dated = days_apart(one, other).map_or(titles >= SAME_TITLES, |days| days <= NUMBER_DAYS && titles >= TITLES);
    one.number.is_some() && one.number == other.number && dated
}

/// The share of common words of all words of two titles.
fn titles(one: &str, other: &str) -> f64 {
    let content = |title: &str| -> BTreeSet<String> {
        words(title).into_iter().map(|word| word.folded).filter(|word| word.chars().count() >= LEAST_LETTERS).collect()
    };
    let (one, other) = (content(one), content(other));
    let all = one.union(&other).count();
    if all == 0 { 0.0 } else { one.intersection(&other).count() as f64 / all as f64 }
}

fn days_apart(one: &Copy, other: &Copy) -> Option<i64> {
    one.published.zip(other.published).map(|(one, other)| one.duration_since(other).abs().as_hours() / 24)
}

/// True unless they are known to be too far apart in time to be copies.
pub fn near_in_time(one: Option<Timestamp>, other: Option<Timestamp>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one.duration_since(other).abs().as_hours() <= 24 * COPY_DAYS)
}

/// True unless something says that they are not about the same, or too far apart.
fn agree(one: &Copy, other: &Copy) -> bool {
    near_in_time(one.published, other.published)
        && one.about.agrees(&other.about)
        && !one.figures.differ(&other.figures)
        && !are_opposed(one.review, other.review)
}

/// True where a person kept one and discarded the other: no run may put one of these decisions in the other's place.
fn are_opposed(one: Review, other: Review) -> bool {
    matches!((one, other), (Review::Kept, Review::Discarded) | (Review::Discarded, Review::Kept))
}

impl About {
    /// True unless they name no common authority, are tied to other reports, or are about another inspection.
    pub fn agrees(&self, other: &Self) -> bool {
        meet(&self.authorities, &other.authorities)
            && self.may_be_about(other)
            && other.may_be_about(self)
            && self.may_wait_for(other)
            && other.may_wait_for(self)
    }

    /// What one is tied to must be what the other may be about, where both say.
    fn may_be_about(&self, other: &Self) -> bool {
        let reports = || self.reports.iter().map(|(report, _)| report);
        self.reports.is_empty() || other.possible.is_empty() || reports().any(|report| other.possible.contains(report))
    }

    /// What one waits for must be what the other waits for or is tied to, where both say.
    fn may_wait_for(&self, other: &Self) -> bool {
        let Some(wanted) = &self.waiting_for else { return true };
        let kind = kind(wanted.framework);
        other.waiting_for.as_ref().is_none_or(|theirs| theirs.authority == wanted.authority && self::kind(theirs.framework) == kind)
            && (other.reports.is_empty() || other.reports.iter().any(|(_, framework)| self::kind(*framework) == kind))
    }
}

/// True where two lists have something in common, or one says nothing.
fn meet<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    one.is_empty() || other.is_empty() || one.iter().any(|each| other.contains(each))
}

/// Stories seldom tell the two kinds of visit apart, nor the frameworks of full inspections.
fn kind(framework: Framework) -> Framework {
    match framework {
        Framework::FocusedVisit | Framework::MonitoringVisit => Framework::FocusedVisit,
        Framework::Sif | Framework::Ilacs => Framework::Ilacs,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        dedupe::fingerprint::signature,
        model::page::{Block, BlockKind},
    };

    /// The words of a text from one place to another.
    fn words_of(text: &str, from: usize, to: usize) -> String {
        (from..to).map(|n| format!("{text}{n} and some{n} more")).collect::<Vec<_>>().join(" ")
    }

    /// A story of 7 March about Leeds with the text "a".
    fn story(id: &str) -> Copy {
        with_text(id, &words_of("a", 0, 60))
    }

    fn with_text(id: &str, text: &str) -> Copy {
        let blocks = [Block { kind: BlockKind::Paragraph, text: text.to_owned() }];
        Copy {
            id: StoryId(id.to_owned()),
            title: "Ofsted rates Leeds children’s services inadequate".into(),
            published: Some("2024-03-07T09:00:00Z".parse().unwrap()),
            signature: signature(&blocks),
            number: None,
            figures: Figures::of(&blocks),
            about: About { authorities: vec!["Leeds".into()], ..About::default() },
            review: Review::New,
        }
    }

    fn at(day: &str) -> Option<Timestamp> {
        Some(format!("{day}T09:00:00Z").parse().unwrap())
    }

    fn about(authorities: &[&str], reports: &[(&str, Framework)], waiting: Option<(&str, Framework)>) -> About {
        About {
            authorities: authorities.iter().map(|name| (*name).to_owned()).collect(),
            reports: reports.iter().map(|(id, framework)| (ReportId((*id).to_owned()), *framework)).collect(),
            possible: reports.iter().map(|(id, _)| ReportId((*id).to_owned())).collect(),
            waiting_for: waiting.map(|(authority, framework)| WaitingFor { authority: authority.into(), framework, around: None }),
        }
    }

    fn stub(id: &str, title: &str, number: Option<&str>) -> Copy {
        Copy { title: title.into(), number: number.map(str::to_owned), ..with_text(id, "Subscribe to read on.") }
    }

    #[test]
    fn copies_and_near_misses() {
        use Framework::{FocusedVisit, Ilacs, MonitoringVisit, Sif};
        let number = Some("newsquest:15690215");
        let leeds = |reports: &[(&str, Framework)], waiting| Copy { about: about(&["Leeds"], reports, waiting), ..story("b") };
        let tied = Copy { about: about(&["Leeds"], &[("r-1", Ilacs)], None), ..story("a") };
        let waits = Copy { about: about(&["Leeds"], &[], Some(("Leeds", Ilacs))), ..story("a") };
        let figures = |id: &str, text: &str| with_text(id, &format!("{} The area had {text}", words_of("a", 0, 60)));
        let numbered = |id: &str, text: &str| Copy { number: number.map(str::to_owned), ..with_text(id, text) };
        let check = |what: &str, one: &Copy, other: &Copy, expected: bool| {
            let found = pieces(&[one.clone(), other.clone()]).len() == 1;
            assert_eq!(found, expected, "{what}");
            assert_eq!(pieces(&[other.clone(), one.clone()]).len() == 1, expected, "{what}, the other way round");
        };
        // Text.
        check("one text", &story("a"), &story("b"), true);
        check("another headline", &story("a"), &Copy { title: "Council told to act".into(), ..story("b") }, true);
        check("a cut copy", &story("a"), &with_text("b", &words_of("a", 30, 60)), true);
        check("another text", &story("a"), &with_text("b", &words_of("b", 0, 60)), false);
        check("a sentence in common", &story("a"), &with_text("b", &(words_of("b", 0, 60) + &words_of("a", 0, 6))), false);
        check("texts too short", &stub("a", "Leeds", None), &stub("b", "Leeds", None), false);
        // Time.
        check("weeks later", &story("a"), &Copy { published: at("2024-04-10"), ..story("b") }, true);
        check("a year later", &story("a"), &Copy { published: at("2025-03-07"), ..story("b") }, false);
        check("without a date", &story("a"), &Copy { published: None, ..story("b") }, true);
        // What they are about.
        check("another council", &story("a"), &Copy { about: about(&["Bradford"], &[], None), ..story("b") }, false);
        check("one council of two", &story("a"), &Copy { about: about(&["Bradford", "Leeds"], &[], None), ..story("b") }, true);
        check("no council named", &story("a"), &Copy { about: About::default(), ..story("b") }, true);
        check("the same report", &tied, &leeds(&[("r-1", Ilacs)], None), true);
        check("another report", &tied, &leeds(&[("r-2", Ilacs)], None), false);
        check("one report of two", &tied, &leeds(&[("r-2", Ilacs), ("r-1", Ilacs)], None), true);
        let offers = |reports: &[&str]| {
            let possible = reports.iter().map(|id| ReportId((*id).to_owned())).collect();
            Copy { about: About { possible, ..about(&["Leeds"], &[], None) }, ..story("b") }
        };
        check("the report is offered", &tied, &offers(&["r-2", "r-1"]), true);
        check("another report is offered", &tied, &offers(&["r-2"]), false);
        check("tied to nothing yet", &tied, &leeds(&[], None), true);
        check("waits for what the other is about", &tied, &leeds(&[], Some(("Leeds", Sif))), true);
        check("waits for a visit", &tied, &leeds(&[], Some(("Leeds", MonitoringVisit))), false);
        check("both wait", &waits, &leeds(&[], Some(("Leeds", Ilacs))), true);
        check("each waits for another", &waits, &leeds(&[], Some(("Leeds", FocusedVisit))), false);
        let visit = |id: &str, kind| Copy { about: about(&["Leeds"], &[], Some(("Leeds", kind))), ..story(id) };
        check("the kinds of visit", &visit("a", FocusedVisit), &visit("b", MonitoringVisit), true);
        // Decisions.
        let reviewed = |id: &str, review| Copy { review, ..story(id) };
        check("one kept", &story("a"), &reviewed("b", Review::Kept), true);
        check("both discarded", &reviewed("a", Review::Discarded), &reviewed("b", Review::Discarded), true);
        check("one kept, one discarded", &reviewed("a", Review::Kept), &reviewed("b", Review::Discarded), false);
        // Figures.
        let (one, other) = ("412 children in care, 18 per cent of them abroad.", "655 children in care, 23 per cent of them abroad.");
        check("the same figures", &figures("a", one), &figures("b", one), true);
        check("other figures", &figures("a", one), &figures("b", other), false);
        check("figures left out", &figures("a", one), &story("b"), true);
        // Numbers of articles.
        let (open, shut) = (Copy { number: number.map(str::to_owned), ..story("a") }, "Ofsted: council’s services inadequate");
        check("a wall, number and title", &open, &stub("b", shut, number), true);
        check("a wall and a number", &open, &stub("b", "Town hall gets a new roof", number), false);
        check("a wall and a title", &open, &stub("b", &open.title, None), false);
        check("the same month of another year", &open, &Copy { published: at("2023-03-07"), ..stub("b", &open.title, number) }, false);
        check("a number, the title, no date", &open, &Copy { published: None, ..stub("b", &open.title, number) }, true);
        check("a number, a like title, no date", &open, &Copy { published: None, ..stub("b", shut, number) }, false);
        check("one number, two texts", &open, &numbered("b", &words_of("b", 0, 60)), false);
        check("one number, two councils", &open, &Copy { about: about(&["Hull"], &[], None), ..stub("b", shut, number) }, false);
    }

    #[test]
    fn a_chain_joins_nothing_that_disagrees() {
        let mut first = story("a");
        first.about = about(&["Leeds"], &[("r-1", Framework::Ilacs)], None);
        let bridge = Copy { about: about(&["Leeds"], &[], None), published: at("2024-03-08"), ..story("b") };
        let mut last = Copy { published: at("2024-03-09"), ..story("c") };
        last.about = about(&["Leeds"], &[("r-2", Framework::Ilacs)], None);
        let found = pieces(&[last, bridge, first]);
        assert_eq!(found, [vec![StoryId("a".into()), StoryId("b".into())], vec![StoryId("c".into())]]);
    }

    /// Stories with one of three texts whole or cut, about one of two councils, tied or not, dated or not.
    fn stories() -> impl Strategy<Value = Vec<Copy>> {
        let one = (0..3usize, 0..3usize, 0..3usize, 0..3usize, 0..4usize);
        proptest::collection::vec(one, 1..9).prop_map(|all| {
            let texts = ["a", "b", "c"];
            let make = |(n, (text, cut, council, report, day)): (usize, (usize, usize, usize, usize, usize))| Copy {
                published: [at("2024-03-07"), at("2024-03-09"), at("2024-04-30"), None][day],
                about: about(
                    [&["Leeds"][..], &["Hull"], &[]][council],
                    [&[][..], &[("r-1", Framework::Ilacs)], &[("r-2", Framework::Sif)]][report],
                    None,
                ),
                ..with_text(&format!("s-{n}"), &words_of(texts[text], cut * 15, 60))
            };
            all.into_iter().enumerate().map(make).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_order_of_arrival_makes_no_difference(stories in stories(), seed in any::<u64>()) {
            let expected = pieces(&stories);
            let mut turned = stories.clone();
            turned.sort_by_key(|copy| xxhash_rust::xxh3::xxh3_64_with_seed(copy.id.0.as_bytes(), seed));
            prop_assert_eq!(&pieces(&turned), &expected);
            // Each story is in one piece, and the copies of a piece agree one with another.
            let mut all: Vec<&StoryId> = expected.iter().flatten().collect();
            all.sort();
            prop_assert!(all.windows(2).all(|pair| pair[0] != pair[1]) && all.len() == stories.len());
            for piece in &expected {
                let of = |id: &StoryId| stories.iter().find(|copy| copy.id == *id).unwrap();
                prop_assert!(piece.iter().all(|one| piece.iter().all(|other| agree(of(one), of(other)))));
            }
        }
    }
}
