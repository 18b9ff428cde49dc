//! The words for readers: how reports, ties, evidence and waiting are said, the same in every output.
//!
//! All that comes from outside is cleaned here, so that no output has to think of it again.

use jiff::{Timestamp, Zoned, civil::Date};
use url::Url;

use super::{
    date::{long, month_name},
    evidence::{Evidence, EvidenceKind},
    overview::{ReportCard, StoryCard, TiedReport},
    report::{Framework, Grade, Judgement, JudgementKey, ReportStatus},
    text::{clean_line, shorten},
    tie::{GradeCheck, TieState},
    verdict::WaitingFor,
};

/// Characters of a quotation shown as evidence, of a headline, and of an outlet's name.
const QUOTATION: usize = 280;
const HEADLINE: usize = 200;
const NAME: usize = 60;

/// Of a story that came, and that no run has got to.
pub const NOT_JUDGED: &str = "not judged yet";

/// What kind of publication it is, as a noun.
pub fn framework(framework: Framework) -> &'static str {
    match framework {
        Framework::Sif => "single inspection (SIF)",
        Framework::Ilacs => "inspection (ILACS)",
        Framework::Jtai => "joint targeted area inspection",
        Framework::AreaSend => "area SEND inspection",
        Framework::FocusedVisit => "focused visit",
        Framework::MonitoringVisit => "monitoring visit",
        Framework::LacInspection2013 => "inspection of looked-after children's services",
        Framework::Other => "publication",
    }
}

/// What a judgement judges, in few words.
pub fn judgement_key(key: JudgementKey) -> &'static str {
    match key {
        JudgementKey::Overall => "overall",
        JudgementKey::Leaders => "leaders",
        JudgementKey::HelpProtection => "help and protection",
        JudgementKey::InCare => "children in care",
        JudgementKey::CareLeavers => "care leavers",
        JudgementKey::InCareAndLeavers => "in care and care leavers",
        JudgementKey::InCarePermanence => "in care and permanence",
        JudgementKey::Adoption => "adoption",
        JudgementKey::Lscb => "safeguarding board",
        JudgementKey::Outcome => "outcome",
        JudgementKey::Capacity => "capacity to improve",
        JudgementKey::Outcomes => "outcomes",
        JudgementKey::Provision => "provision",
    }
}

/// The grade a headline would give: overall, or the outcome of an area SEND inspection.
pub fn overall(report: &ReportCard) -> Option<&Judgement> {
    let of = |key| report.judgements.iter().find(|judgement| judgement.key == key);
    of(JudgementKey::Overall).or_else(|| of(JudgementKey::Outcome))
}

/// The overall grade in words, or why there is none.
pub fn overall_words(report: &ReportCard) -> String {
    match overall(report) {
        Some(judgement) if judgement.agree => judgement.grade.as_str().to_owned(),
        Some(judgement) => format!("{} (read with doubts)", judgement.grade.as_str()),
        None if matches!(report.status, ReportStatus::Unreadable | ReportStatus::NotAReport) => "could not be read".to_owned(),
        None if matches!(report.framework, Framework::FocusedVisit | Framework::MonitoringVisit | Framework::Jtai) => {
            "no grades given".to_owned()
        }
        None if report.judgements.is_empty() => "grade not read".to_owned(),
        None => "no overall grade".to_owned(),
    }
}

/// All grades but the overall one, with what each is for, in the order of the report.
pub fn other_grades(report: &ReportCard) -> Vec<(&'static str, Grade)> {
    let first = overall(report).map(|judgement| judgement.key);
    report
        .judgements
        .iter()
        .filter(|judgement| Some(judgement.key) != first)
        .map(|judgement| (judgement_key(judgement.key), judgement.grade))
        .collect()
}

/// The authority of a report, or what stands for it.
pub fn authority(report: &ReportCard) -> String {
    match report.authority.as_deref() {
        Some(name) => clean_line(name),
        None if report.title.trim().is_empty() => "unknown authority".to_owned(),
        None => shorten(&clean_line(&report.title), 80),
    }
}

/// "Poole, single inspection (SIF), 24 November 2017".
pub fn report(report: &ReportCard) -> String {
    let day = report.published.map_or_else(|| "date not known".to_owned(), long);
    format!("{}, {}, {day}", authority(report), framework(report.framework))
}

/// A headline, or that there is none.
pub fn headline(title: &str) -> String {
    let title = shorten(&clean_line(title), HEADLINE);
    if title.is_empty() { "(no headline)".to_owned() } else { title }
}

pub fn outlet(name: &str) -> String {
    shorten(&clean_line(name), NAME)
}

/// "29 November 2017", or that no date is known.
pub fn when(story: &StoryCard) -> String {
    match story.published {
        Some(published) => day(published),
        None => format!("no date, seen {}", day(story.first_seen)),
    }
}

/// "1,204".
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// "1 story", "1,204 stories".
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// The ties to show: those that hold, else those that are possible.
pub fn shown_ties(story: &StoryCard) -> Vec<&TiedReport> {
    let of = |wanted: fn(TieState) -> bool| story.ties.iter().filter(|tied| wanted(tied.tie.state)).collect::<Vec<_>>();
    let holding = of(TieState::holds);
    if holding.is_empty() { of(|state| state == TieState::Possible) } else { holding }
}

/// How sure a tie is: "tied", "tied by hand", "possible, 7 in 10".
pub fn certainty(state: TieState, confidence: f64) -> String {
    match state {
        TieState::Auto => "tied".to_owned(),
        TieState::Confirmed => "tied by hand".to_owned(),
        TieState::Rejected => "rejected".to_owned(),
        TieState::Possible => format!("possible, {}", likelihood(confidence)),
    }
}

/// "7 in 10"; never as good as sure or as good as none.
pub fn likelihood(confidence: f64) -> String {
    let tenths = (1..=9).rev().find(|tenths| f64::from(*tenths) <= (confidence * 10.0).round()).unwrap_or(1);
    format!("{tenths} in 10")
}

/// The piece of evidence that convinces a reader soonest: a quotation with its place, else what weighs most.
pub fn best_evidence(evidence: &[Evidence]) -> Option<&Evidence> {
    let rank = |piece: &Evidence| match piece.kind {
        EvidenceKind::Quote if piece.page.is_some() => 3,
        EvidenceKind::Quote | EvidenceKind::SharedText => 2,
        EvidenceKind::Link | EvidenceKind::Figure => 1,
        _ => 0,
    };
    let mut best: Option<&Evidence> = None;
    for piece in evidence.iter().filter(|piece| piece.weight > 0.0) {
        let better = best.is_none_or(|held| rank(piece).cmp(&rank(held)).then(piece.weight.total_cmp(&held.weight)).is_gt());
        if better {
            best = Some(piece);
        }
    }
    best
}

/// One piece of evidence as a line: "“pressure on the hub”, page 10, paragraph 15".
pub fn evidence(piece: &Evidence) -> String {
    let text = |text: &str| shorten(&unquoted(&clean_line(text)), QUOTATION);
    let against = piece.weight < 0.0;
    let said = match piece.kind {
        EvidenceKind::Quote => format!("“{}”", text(if piece.report.trim().is_empty() { &piece.story } else { &piece.report })),
        EvidenceKind::SharedText => {
            format!("the same words: “{}”", text(if piece.story.trim().is_empty() { &piece.report } else { &piece.story }))
        }
        EvidenceKind::Link => "links to the report".to_owned(),
        EvidenceKind::Figure => format!("the same figure: {}", text(&piece.story)),
        EvidenceKind::Grade => format!("{}: {}", if against { "another grade" } else { "the same grade" }, text(&piece.story)),
        EvidenceKind::Authority => told("names", &text(&piece.story)),
        EvidenceKind::Date => time(&text(&piece.story), if against { "does not fit" } else { "fits" }),
        EvidenceKind::Framework => told("speaks of", &text(&piece.story)),
    };
    match place(piece.page, piece.paragraph.as_deref()) {
        Some(place) => format!("{said}, {place}"),
        None => said,
    }
}

/// How the time of a story fits: one without a date fits by what it says alone.
fn time(text: &str, fits: &str) -> String {
    match text.strip_prefix("bears no date") {
        None => format!("the time {fits}: {text}"),
        Some("") => "it bears no date".to_owned(),
        Some(says) => format!("the time {fits}: it{}, and bears no date", says.trim_start_matches(';')),
    }
}

/// What a story does: a sentence about it stays as it is, anything else gets the verb.
fn told(verb: &str, text: &str) -> String {
    let sentence = ["names ", "stands ", "speaks ", "leaves "].iter().any(|start| text.starts_with(start));
    if sentence { text.to_owned() } else { format!("{verb} {text}") }
}

/// Without one pair of marks around all of it, and with single marks inside, because double ones are put around it.
fn unquoted(text: &str) -> String {
    let pair = [('“', '”'), ('"', '"'), ('‘', '’'), ('\'', '\'')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
        .filter(|inner| !inner.contains(['“', '”', '"']));
    pair.unwrap_or(text).replace('“', "‘").replace('”', "’")
}

/// "23 November 2026, 06:00", on the readers' clock.
pub fn moment(moment: Timestamp) -> String {
    british(moment).strftime("%-d %B %Y, %H:%M").to_string()
}

/// "page 10, paragraph 15".
pub fn place(page: Option<u32>, paragraph: Option<&str>) -> Option<String> {
    let page = page.map(|page| format!("page {page}"));
    let paragraph = paragraph.map(|number| format!("paragraph {}", clean_line(number)));
    match (page, paragraph) {
        (Some(page), Some(paragraph)) => Some(format!("{page}, {paragraph}")),
        (one, other) => one.or(other),
    }
}

/// Where a story's grade and the report's differ: "the story says good, the report says inadequate".
pub fn disagreement(story: &StoryCard, tied: &TiedReport) -> Option<String> {
    if tied.tie.grade_check != GradeCheck::Disagrees || tied.tie.state == TieState::Rejected {
        return None;
    }
    let found = overall_words(&tied.report);
    let differs = overall(&tied.report).map(|judgement| judgement.grade);
    let stated = story
        .stated_grades
        .iter()
        .find(|stated| Some(&stated.authority) == tied.report.authority.as_ref() && Some(stated.grade) != differs);
    Some(match stated {
        Some(stated) => format!("the story says {}, the report says {found}", stated.grade.as_str()),
        None => format!("the story gives another grade than the report, which says {found}"),
    })
}

/// Where its grade and those of the reports that it is shown with differ.
pub fn disagreements(story: &StoryCard) -> impl Iterator<Item = String> {
    shown_ties(story).into_iter().filter_map(|tied| disagreement(story, tied))
}

/// "Herefordshire, focused visit, about January 2020".
pub fn waiting_for(waiting: &WaitingFor) -> String {
    let mut said = format!("{}, {}", clean_line(&waiting.authority), framework(waiting.framework));
    if let Some(around) = &waiting.around {
        let month = format!("{around}-01").parse::<Date>().ok();
        let when = month.map_or_else(|| clean_line(around), |day| format!("{} {}", month_name(day.month()), day.year()));
        said.push_str(&format!(", about {when}"));
    }
    said
}

/// A moment on the clock of the readers.
pub fn british(moment: Timestamp) -> Zoned {
    super::day::zoned(moment)
}

/// "24 November 2017", on the readers' clock.
pub fn day(moment: Timestamp) -> String {
    long(british(moment).date())
}

/// The address if it is one of the web and holds nothing that steers a terminal; anything else is not to be shown as a link.
pub fn web_address(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()).then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(kind: EvidenceKind, text: &str, page: Option<u32>, weight: f64) -> Evidence {
        Evidence { kind, story: text.into(), report: text.into(), page, paragraph: page.map(|page| (page + 5).to_string()), weight }
    }

    #[test]
    fn a_quotation_with_its_place_goes_before_heavier_evidence() {
        let evidence = [
            piece(EvidenceKind::Link, "", None, 6.0),
            piece(EvidenceKind::Quote, "against", Some(1), -1.0),
            piece(EvidenceKind::Quote, "small", Some(2), 1.0),
            piece(EvidenceKind::Quote, "“large”", Some(10), 2.0),
        ];
        assert_eq!(best_evidence(&evidence).map(self::evidence).as_deref(), Some("“large”, page 10, paragraph 15"));
        assert_eq!(best_evidence(&evidence[..2]).map(self::evidence).as_deref(), Some("links to the report"));
        assert_eq!(best_evidence(&evidence[1..2]), None);
    }

    #[test]
    fn evidence_against_a_tie_does_not_read_like_evidence_for_it() {
        let check = |kind, text, weight, expected| assert_eq!(self::evidence(&piece(kind, text, None, weight)), expected);
        check(EvidenceKind::Grade, "rated good", 1.0, "the same grade: rated good");
        check(EvidenceKind::Grade, "rated good", -1.0, "another grade: rated good");
        check(EvidenceKind::Date, "published 9 days after", 1.0, "the time fits: published 9 days after");
        check(EvidenceKind::Date, "bears no date", 1.0, "it bears no date");
        check(EvidenceKind::Date, "bears no date; says “in May”", 1.0, "the time fits: it says ‘in May’, and bears no date");
        check(EvidenceKind::Date, "published 999 days after", -1.0, "the time does not fit: published 999 days after");
        check(EvidenceKind::Authority, "Fernshire", 1.0, "names Fernshire");
        check(EvidenceKind::Authority, "names Fernshire in the title", 1.0, "names Fernshire in the title");
        check(EvidenceKind::Framework, "speaks more of another kind of inspection", -1.0, "speaks more of another kind of inspection");
    }

    #[test]
    fn quotation_marks_are_never_doubled() {
        let check = |text, expected: &str| assert_eq!(unquoted(text), expected);
        check("“whole”", "whole");
        check("a culture of “high support”", "a culture of ‘high support’");
        check("“One” and “two”", "‘One’ and ‘two’");
        check("children’s", "children’s");
        check("“", "‘");
    }

    #[test]
    fn a_possible_tie_is_neither_sure_nor_hopeless() {
        let check = |confidence, expected| assert_eq!(certainty(TieState::Possible, confidence), expected);
        check(0.72, "possible, 7 in 10");
        check(0.999, "possible, 9 in 10");
        check(0.0, "possible, 1 in 10");
        check(f64::NAN, "possible, 1 in 10");
    }

    #[test]
    fn a_missing_grade_says_why() {
        let check = |framework, status, judgements: &[(JudgementKey, Grade, bool)], expected| {
            let judgements = judgements.iter().map(|(key, grade, agree)| Judgement {
                key: *key,
                label: String::new(),
                grade: *grade,
                printed: String::new(),
                readings: 1,
                agree: *agree,
            });
            let report = ReportCard {
                id: crate::model::report::ReportId("r-1".into()),
                url: String::new(),
                provider_url: None,
                urn: None,
                authority: None,
                framework,
                title: "Fernshire\u{202e} letter".into(),
                inspected_from: None,
                inspected_to: None,
                published: None,
                lead_inspector: None,
                pages: 1,
                last_paragraph: 0,
                judgements: judgements.collect(),
                status,
                reason: None,
                parser: 1,
                first_seen: Timestamp::UNIX_EPOCH,
                doubts: vec![],
            };
            assert_eq!(overall_words(&report), expected);
            assert!(super::report(&report).starts_with("Fernshire letter, "), "a title stands in for the authority");
        };
        let (overall, leaders) = (JudgementKey::Overall, JudgementKey::Leaders);
        check(Framework::Ilacs, ReportStatus::Current, &[(overall, Grade::Good, true)], "good");
        check(Framework::Ilacs, ReportStatus::Current, &[(overall, Grade::Good, false)], "good (read with doubts)");
        check(Framework::Ilacs, ReportStatus::Current, &[(leaders, Grade::Good, true)], "no overall grade");
        check(Framework::Ilacs, ReportStatus::Current, &[], "grade not read");
        check(Framework::AreaSend, ReportStatus::Current, &[(JudgementKey::Outcome, Grade::Inconsistent, true)], "inconsistent");
        check(Framework::MonitoringVisit, ReportStatus::Current, &[], "no grades given");
        check(Framework::Ilacs, ReportStatus::Unreadable, &[], "could not be read");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), expected);
        }
        assert_eq!(count(1, "story", "stories"), "1 story");
        assert_eq!(count(1_204, "story", "stories"), "1,204 stories");
    }

    #[test]
    fn waiting_names_the_month() {
        let check = |around: Option<&str>, expected| {
            let waiting =
                WaitingFor { authority: "Fernshire".into(), framework: Framework::FocusedVisit, around: around.map(str::to_owned) };
            assert_eq!(waiting_for(&waiting), expected);
        };
        check(Some("2020-01"), "Fernshire, focused visit, about January 2020");
        check(Some("soon\u{202e}"), "Fernshire, focused visit, about soon");
        check(None, "Fernshire, focused visit");
    }

    #[test]
    fn days_are_those_of_british_readers() {
        let check = |moment: &str, expected| assert_eq!(day(moment.parse().unwrap()), expected, "{moment}");
        check("2026-07-01T23:30:00Z", "2 July 2026");
        check("2026-01-01T23:30:00Z", "1 January 2026");
        check("2026-03-29T00:59:59Z", "29 March 2026");
        check("2026-10-25T00:30:00Z", "25 October 2026");
    }

    #[test]
    fn only_addresses_of_the_web_become_links() {
        let check = |address, expected: Option<&str>| assert_eq!(web_address(address).as_deref(), expected, "{address}");
        check("https://a.example/b?c=d", Some("https://a.example/b?c=d"));
        check(" http://a.example ", Some("http://a.example/"));
        check("https://a.example/\u{1b}[31m\u{202e}\"<>", Some("https://a.example/%1B[31m%E2%80%AE%22%3C%3E"));
        for wrong in [
            "javascript:alert(1)", "data:text/html,x", "//a.example", "file:///etc", "https://u:p@a.example", "JavaScript:x",
            "java\nscript:x", "",
        ] {
            check(wrong, None);
        }
    }
}
