//! Shingles: hashed runs of words, thinned by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003).

use xxhash_rust::xxh3::xxh3_64;

use crate::model::text::{Word, each_word};

/// Words in a shingle.
const K: usize = 5;
/// Of this many neighbouring shingles the smallest is kept, so that any [`K`] + WINDOW − 1 shared words share one.
const WINDOW: usize = 4;

/// The hash of one folded word.
pub fn hash_word(folded: &str) -> u64 {
    xxh3_64(folded.as_bytes())
}

/// The hashes of words.
pub fn hash_words(words: &[Word]) -> Vec<u64> {
    words.iter().map(|word| hash_word(&word.folded)).collect()
}

/// The hashes of the words of a text.
pub fn hash_text(text: &str) -> Vec<u64> {
    let mut hashes = Vec::with_capacity(text.len() / 6);
    each_word(text, |folded, _, _| hashes.push(hash_word(folded)));
    hashes
}

/// The hash of a run of words.
pub fn combine(words: &[u64]) -> u64 {
    words.iter().fold(0x9e37_79b9_7f4a_7c15, |state: u64, word| (state.rotate_left(23) ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd))
}

/// The winnowed shingles of a text: hash and index of the first word, in order.
pub fn winnow(words: &[u64]) -> Vec<(u64, usize)> {
    if words.len() < K {
        return Vec::new();
    }
    let all: Vec<u64> = words.windows(K).map(combine).collect();
    let mut kept: Vec<(u64, usize)> = Vec::new();
    for from in 0..all.len().saturating_sub(WINDOW - 1).max(1) {
        let window = &all[from..(from + WINDOW).min(all.len())];
        // The rightmost smallest, so that neighbouring windows choose the same one.
        let Some((offset, hash)) = window.iter().enumerate().rev().min_by_key(|(_, hash)| **hash) else { continue };
        if kept.last().is_none_or(|last| last.1 != from + offset) {
            kept.push((*hash, from + offset));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::words;

    #[test]
    fn eight_shared_words_share_a_shingle() {
        let shared = "managers do not always challenge drift and delay";
        let one = hash_words(&words(&format!("In one report it is said that {shared} in plans for children.")));
        let other = hash_words(&words(&format!("Elsewhere, {shared}, which nobody noticed until the spring.")));
        let kept: Vec<u64> = winnow(&one).into_iter().map(|(hash, _)| hash).collect();
        assert!(winnow(&other).iter().any(|(hash, _)| kept.contains(hash)));
    }

    #[test]
    fn short_texts_have_none_and_five_words_one() {
        assert!(winnow(&hash_words(&words("one two three four"))).is_empty());
        assert_eq!(winnow(&hash_words(&words("one two three four five"))).len(), 1);
    }
}
