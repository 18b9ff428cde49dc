//! "Did you mean": the known word nearest to what was typed.

/// The word of `known` within a third of its letters (at least one) of `typed`, letter case aside.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed: String = typed.to_lowercase().chars().take(LONGEST).collect();
    known
        .into_iter()
        .map(|word| (strsim::osa_distance(&typed, &word.to_lowercase()), word))
        .filter(|(distance, word)| *distance <= (word.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Longer words are cut: the work is bounded by the square of this.
const LONGEST: usize = 64;

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
