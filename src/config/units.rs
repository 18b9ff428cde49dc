//! Durations and sizes as people write them: "2s", "1h 30m", "7d"; "512 KB", "5 MB".

use std::time::Duration;

const DURATION_UNITS: [(&str, u64); 6] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];

/// What to write for a duration, for hints.
pub(super) const DURATION_FORM: &str = "write a number with its unit in quotes, as in \"2s\", \"30m\", \"6h\" or \"7d\"";

/// What to write for a size, for hints.
pub(super) const SIZE_FORM: &str = "write a number with its unit in quotes, as in \"512 KB\" or \"5 MB\"";

/// A sum of whole numbers with units, in any order; nothing else, no bare numbers but 0.
pub fn duration(text: &str) -> Option<Duration> {
    if text.trim() == "0" {
        return Some(Duration::ZERO);
    }
    let mut rest = text.trim();
    let mut total: u64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (number, after) = number(rest)?;
        let letters = after.len() - after.trim_start_matches(|char: char| char.is_ascii_alphabetic()).len();
        let (_, factor) = DURATION_UNITS.iter().find(|(unit, _)| *unit == &after[..letters])?;
        total = total.checked_add(number.checked_mul(*factor)?)?;
        rest = after[letters..].trim_start();
    }
    Some(Duration::from_millis(total))
}

/// Bytes, kilobytes, megabytes or gigabytes by thousands: "900 B", "512KB", "5 MB", "20 GB".
pub(super) fn size(text: &str) -> Option<usize> {
    let (number, unit) = number(text.trim())?;
    let factor: u64 = match unit.to_ascii_uppercase().as_str() {
        "B" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return None,
    };
    usize::try_from(number.checked_mul(factor)?).ok()
}

/// The whole number that `text` begins with, and what follows it.
fn number(text: &str) -> Option<(u64, &str)> {
    let digits = text.len() - text.trim_start_matches(|char: char| char.is_ascii_digit()).len();
    let number = text[..digits].parse().ok()?;
    Some((number, text[digits..].trim_start()))
}

/// A duration in the largest units that give whole numbers: "2s", "1h 30m".
pub(super) fn spoken(duration: Duration) -> String {
    let mut rest = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let mut parts = Vec::new();
    for (unit, factor) in DURATION_UNITS.iter().rev().filter(|(unit, _)| *unit != "w") {
        if rest >= *factor {
            parts.push(format!("{}{unit}", rest / factor));
            rest %= factor;
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let check = |text, millis: Option<u64>| assert_eq!(duration(text), millis.map(Duration::from_millis), "{text}");
        check("2s", Some(2_000));
        check("0s", Some(0));
        check("0", Some(0));
        check("1h 30m", Some(5_400_000));
        check("1h30m", Some(5_400_000));
        check(" 250 ms ", Some(250));
        check("7d", Some(604_800_000));
        check("1w", Some(604_800_000));
        for wrong in ["", "2", "s", "2 parsecs", "-2s", "1.5h", "2S", "18446744073709551615w", "99999999999999999999s", "1h x"] {
            check(wrong, None);
        }
    }

    #[test]
    fn durations_are_spoken_back() {
        for text in ["2s", "1h 30m", "7d", "250ms", "0s", "1d 1ms"] {
            assert_eq!(duration(text).map(spoken).as_deref(), Some(text));
        }
    }

    #[test]
    fn sizes() {
        let check = |text, bytes| assert_eq!(size(text), bytes, "{text}");
        check("5 MB", Some(5_000_000));
        check("512kb", Some(512_000));
        check("1B", Some(1));
        check("20 GB", Some(20_000_000_000));
        for wrong in ["", "5", "MB", "5 TB", "-1 MB", "18446744073709551615 MB"] {
            check(wrong, None);
        }
    }
}
