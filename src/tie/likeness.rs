//! How much a story sounds like each of several reports of one authority: whose words it has, marked or not.
//!
//! The query likelihood of retrieval (Ponte and Croft, 1998; smoothing after Zhai and Lafferty, 2004): how probable the
//! story's telling words are by each report's own counts, eked out by those of all reports of the authority.

use std::collections::BTreeMap;

use super::{features::Candidate, locate::ReportIndex, prepared::Prepared};

/// Words by which a report's own counts are eked out.
const SMOOTHING: f64 = 400.0;
/// Log-odds between the likeliest report and the next that count as one.
const SURE: f64 = 8.0;

/// For each candidate, from -1 to 1: how much likelier the story's words are by it than by the best of the others of its
/// authority. 0 where it has no other, or its text is not at hand.
pub fn of(story: &Prepared, candidates: &[Candidate]) -> Vec<f64> {
    let mut values = vec![0.0; candidates.len()];
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, candidate) in candidates.iter().enumerate().filter(|(_, candidate)| candidate.text.index.telling() > 0) {
        groups.entry(candidate.card.authority.as_deref().unwrap_or("")).or_default().push(at);
    }
    for group in groups.into_values().filter(|group| group.len() > 1) {
        let indexes: Vec<&ReportIndex> = group.iter().map(|&at| &candidates[at].text.index).collect();
        let odds = log_odds(&story.stems, &indexes);
        for (place, &at) in group.iter().enumerate() {
            let rival = odds.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, odds)| *odds).fold(f64::MIN, f64::max);
            values[at] = ((odds[place] - rival) / SURE).clamp(-1.0, 1.0);
        }
    }
    values
}

fn log_odds(stems: &[u32], reports: &[&ReportIndex]) -> Vec<f64> {
    let all: f64 = reports.iter().map(|report| f64::from(report.telling())).sum();
    let mut odds = vec![0.0; reports.len()];
    let mut counts = Vec::with_capacity(reports.len());
    for &stem in stems {
        counts.clear();
        counts.extend(reports.iter().map(|report| f64::from(report.count_of(stem))));
        let sum: f64 = counts.iter().sum();
        if sum == 0.0 {
            continue;
        }
        for ((odds, count), report) in odds.iter_mut().zip(&counts).zip(reports) {
            *odds += ((count + SMOOTHING * sum / all) / (f64::from(report.telling()) + SMOOTHING)).ln();
        }
    }
    odds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::report::{Passage, PassageKind};

    fn index(text: &str) -> ReportIndex {
        ReportIndex::new(&[Passage { page: 1, number: None, kind: PassageKind::Paragraph, text: text.repeat(20) }])
    }

    #[test]
    fn the_report_whose_words_it_has_is_the_likelier() {
        let reports = [
            index("Homeless teenagers wait for lodgings. Supervision drifts and plans lapse. "),
            index("Asylum seeking children arrive at the port. Foster carers are praised and visits recorded. "),
        ];
        let odds = |text: &str| {
            let folded = crate::tie::fold::Folded::of(text);
            let odds = log_odds(
                &crate::tie::locate::stems(&folded.words, &crate::tie::shingles::hash_words(&folded.words)),
                &[&reports[0], &reports[1]],
            );
            odds[0] - odds[1]
        };
        assert!(odds("Teenagers without homes wait too long, and supervision has lapsed") > 1.0);
        assert!(odds("Children seeking asylum are praised for their courage at the port") < -1.0);
        assert!(odds("The moon is made of cheese").abs() < 0.1);
    }
}
