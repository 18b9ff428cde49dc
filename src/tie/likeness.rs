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
    for &stem in stems {
        let counts: Vec<f64> = reports.iter().map(|report| f64::from(report.count_of(stem))).collect();
        let sum: f64 = counts.iter().sum();
        if sum == 0.0 {
            continue;
        }
        for ((odds, count), report) in odds.iter_mut().zip(counts).zip(reports) {
            *odds += ((count + SMOOTHING * sum / all) / (f64::from(report.telling()) + SMOOTHING)).ln();
        }
    }
    odds
}
