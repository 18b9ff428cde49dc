//! "Did you mean": the known word nearest to what was typed.

/// The word of `known` within a third of its letters (at least one) of `typed`, letter case aside.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed: Vec<char> = typed.to_lowercase().chars().take(LONGEST).collect();
    known
        .into_iter()
        .map(|word| (distance(&typed, &word.to_lowercase().chars().collect::<Vec<_>>()), word))
        .filter(|(distance, word)| *distance <= (word.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Longer words are cut: the work is bounded by the square of this.
const LONGEST: usize = 64;

/// Insertions, deletions, exchanges, and swaps of neighbours (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let differs = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_mended_and_strangers_are_not() {
        let check = |typed, expected| assert_eq!(nearest(typed, ["name", "kind", "url", "every", "per_host_delay"]), expected, "{typed}");
        check("knd", Some("kind"));
        check("nmae", Some("name"));
        check("perhostdelay", Some("per_host_delay"));
        check("URL", Some("url"));
        check("evry", Some("every"));
        check("colour", None);
        check("", None);
        check(&"x".repeat(100_000), None);
    }
}
