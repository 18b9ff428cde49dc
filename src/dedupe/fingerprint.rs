//! Fingerprints: MinHash signatures of a text's three-word shingles (Broder, 1997), and what likeness makes a copy.

use xxhash_rust::xxh3::xxh3_64;

use crate::model::{
    page::{Block, BlockKind},
    text::each_word,
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
        let mut words: Vec<u64> = Vec::with_capacity(block.text.len() / 5);
        each_word(&block.text, |folded, _, _| words.push(xxh3_64(folded.as_bytes())));
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
    let minima = (0..LENGTH as u64).map(|seed| hashes.iter().map(|hash| mixed(*hash, seed)).min().unwrap_or(0));
    Some(minima.collect())
}

/// What `xxh3_64_with_seed` makes of the eight bytes of a hash, without asking each time how many there are: of a story it is
/// made 60,000 times.
fn mixed(hash: u64, seed: u64) -> u64 {
    const SECRET: u64 = 0xc73a_b174_c5ec_d5a2;
    const PRIME: u64 = 0x9fb2_1c65_1e98_df25;
    let seed = seed ^ (u64::from((seed as u32).swap_bytes()) << 32);
    let keyed = hash.rotate_left(32) ^ SECRET.wrapping_sub(seed);
    let once = (keyed ^ keyed.rotate_left(49) ^ keyed.rotate_left(24)).wrapping_mul(PRIME);
    let twice = (once ^ ((once >> 35) + 8)).wrapping_mul(PRIME);
    twice ^ (twice >> 28)
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
    fn hashes_are_mixed_as_xxh3_mixes_them() {
        for (hash, seed) in [(0, 0), (1, 1), (u64::MAX, 127), (0x0123_4567_89ab_cdef, 64), (1 << 63, 3)] {
            assert_eq!(mixed(hash, seed), xxhash_rust::xxh3::xxh3_64_with_seed(&u64::to_le_bytes(hash), seed), "{hash} {seed}");
        }
    }

    #[test]
    fn short_texts_have_no_signature() {
        assert_eq!(signature(&blocks("too few words to be told apart")), None);
    }
}
