//! Fingerprints: MinHash signatures of a text's three-word shingles (Broder, 1997), and what likeness makes a copy.

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::model::{
    page::{Block, BlockKind},
    text::words,
};

/// Minima in a signature: the likeness is known to some ± 0.04.
pub const LENGTH: usize = 128;
/// Words in a shingle.
const K: usize = 3;
/// Shorter texts say too little to be called copies of each other.
const LEAST_WORDS: usize = 60;
/// Texts that share this part of their shingles are one piece. On the open stories copies share 0.2 to 0.7, and stories
/// about one report by different hands 0.12 at most.
pub const COPY: f64 = 0.2;

/// The signature of a story's text, or nothing where it is too short.
pub fn signature(blocks: &[Block]) -> Option<Vec<u64>> {
    let mut hashes = Vec::new();
    for block in blocks.iter().filter(|block| block.kind != BlockKind::Heading) {
        let words: Vec<u64> = words(&block.text).iter().map(|word| xxh3_64(word.folded.as_bytes())).collect();
        hashes.extend(
            words
                .windows(K)
                .map(|shingle| shingle.iter().fold(0u64, |state, word| state.rotate_left(21).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ word)),
        );
    }
    hashes.sort_unstable();
    hashes.dedup();
    if hashes.len() < LEAST_WORDS {
        return None;
    }
    let minima = (0..LENGTH as u64).map(|seed| hashes.iter().map(|hash| xxh3_64_with_seed(&hash.to_le_bytes(), seed)).min().unwrap_or(0));
    Some(minima.collect())
}

/// The share of common shingles of all shingles (Jaccard), estimated from two signatures.
pub fn likeness(one: &[u64], other: &[u64]) -> f64 {
    if one.is_empty() || one.len() != other.len() {
        return 0.0;
    }
    let same = one.iter().zip(other).filter(|(a, b)| a == b).count();
    same as f64 / one.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<Block> {
        text.split('\n').map(|line| Block { kind: BlockKind::Paragraph, text: line.to_owned() }).collect()
    }

    fn sample(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("word{n} and some{n} more")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_cut_copy_is_like_and_another_text_is_not() {
        let whole = signature(&blocks(&sample(0, 100))).unwrap();
        let cut = signature(&blocks(&sample(30, 100))).unwrap();
        let other = signature(&blocks(&sample(200, 300))).unwrap();
        assert!((likeness(&whole, &cut) - 0.7).abs() < 0.12);
        assert!(likeness(&whole, &other) < 0.05);
    }

    #[test]
    fn short_texts_have_no_signature() {
        assert_eq!(signature(&blocks("too few words to be told apart")), None);
    }
}
