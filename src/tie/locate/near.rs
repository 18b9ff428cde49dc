//! Where a quotation stands nearly as the report has it: a few words lost, put in, or in another form.

use std::ops::Range;

use super::{QuotePlace, ReportIndex, sought::Sought, sought::WordForms};

/// Words of one piece that are compared; a longer one is known by its beginning.
const COMPARED: usize = 120;
/// Places tried for one piece, those with the most words in common.
const WINDOWS: usize = 3;
/// Places looked up of one run or pair of words.
const MAX_PLACES: usize = 40;
/// Pieces of fewer words say nothing by themselves.
const LEAST_PIECE: usize = 4;

/// Words of the report that may stand between those of a piece.
fn slack(length: usize) -> usize {
    (length / 2 + 1).clamp(3, 14)
}

/// Words of the report that may stand where the story left something out, and in all such places together.
const LEFT_OUT: usize = 30;
const MAX_LEFT_OUT: usize = 90;

/// The same for a whole quotation.
fn room(sought: &Sought) -> usize {
    let cuts = if sought.cut { sought.pieces.len().saturating_sub(1) } else { 0 };
    slack(sought.tokens.len()) + (cuts * LEFT_OUT).min(MAX_LEFT_OUT)
}

/// Comparisons of two words that looking for a quotation costs at most, in one report.
pub(super) fn cost(sought: &Sought) -> usize {
    let of = |length: usize, room: usize| WINDOWS * length.min(COMPARED) * (length.min(COMPARED) + 3 * room);
    let pieces = sought.pieces.iter().filter(|_| sought.pieces.len() > 1);
    of(sought.tokens.len(), room(sought)) + pieces.map(|piece| of(piece.len(), slack(piece.len()))).sum::<usize>()
}

/// How well a piece stands somewhere.
#[derive(Debug, Clone, Copy)]
struct NearFit {
    /// Words of the report, the longest run of neighbours among them, and where that begins.
    word: usize,
    end: usize,
    core: usize,
    matched: usize,
    heavy: usize,
}

impl NearFit {
    /// Its place, within the passage that has most of it.
    fn place(&self, index: &ReportIndex, matched: usize) -> QuotePlace {
        let passage = index.passage_of(self.core);
        let (from, to) = (index.start_of(passage), index.end_of(passage));
        QuotePlace { passage, word: self.word.clamp(from, self.core), end: self.end.min(to), exact: false, matched }
    }
}

/// The best place of a quotation as a whole; else of the pieces between brackets or ellipses, or of its sentences, which
/// the story may have taken from anywhere in the report.
pub(super) fn find(index: &ReportIndex, sought: &Sought) -> Option<QuotePlace> {
    let length = sought.tokens.len();
    if let Some(fit) = best(index, sought, 0..length, room(sought)) {
        return Some(fit.place(index, fit.matched));
    }
    if sought.pieces.len() < 2 {
        return None;
    }
    let fits: Vec<(usize, NearFit)> = sought
        .pieces
        .iter()
        .filter(|piece| piece.len() >= LEAST_PIECE)
        .filter_map(|piece| best(index, sought, piece.clone(), slack(piece.len())).map(|fit| (piece.len(), fit)))
        .collect();
    let (_, longest) = fits.iter().copied().reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let covered: usize = fits.iter().map(|(length, _)| length).sum();
    let matched: usize = fits.iter().map(|(_, fit)| fit.matched).sum();
    let (heavy, all) = (fits.iter().map(|(_, fit)| fit.heavy).sum::<usize>(), heavies(&sought.tokens));
    let least = if sought.cut { 6 } else { 7 };
    (covered * 10 >= length * least && heavy * 10 >= all * least).then(|| longest.place(index, matched))
}

fn heavies(tokens: &[WordForms]) -> usize {
    tokens.iter().filter(|token| token.heavy).count()
}

fn best(index: &ReportIndex, sought: &Sought, piece: Range<usize>, room: usize) -> Option<NearFit> {
    let tokens = &sought.tokens[piece.start..piece.end.min(piece.start + COMPARED)];
    let mut best: Option<NearFit> = None;
    let words = &sought.words[piece.start..piece.start + tokens.len()];
    for window in windows(index, words, tokens, room) {
        let fit = align(tokens, &index.tokens[window.clone()], room).filter(|fit| fit.is_near(tokens));
        if let Some(fit) = fit
            && best.is_none_or(|best| fit.matched > best.matched)
        {
            let at = |column: usize| window.start + column;
            let (word, end, core) = (at(fit.first), at(fit.end), at(fit.core));
            best = Some(NearFit { word, end, core, matched: fit.matched, heavy: fit.heavy });
        }
    }
    best
}

/// The parts of the report with the most of a piece's runs of three words and pairs of telling ones.
fn windows(index: &ReportIndex, words: &[u64], tokens: &[WordForms], room: usize) -> Vec<Range<usize>> {
    // Where the piece would begin in the report, by each of them.
    let mut starts: Vec<usize> = Vec::new();
    for (at, gram) in words.windows(super::GRAM).enumerate() {
        starts.extend(index.places(gram).take(MAX_PLACES).map(|place| (place + room).saturating_sub(at)));
    }
    for (hash, at) in pairs(tokens) {
        starts.extend(index.pairs.of(hash).take(MAX_PLACES).map(|place| (place + room).saturating_sub(at)));
    }
    starts.sort_unstable();
    let mut groups: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for to in 0..starts.len() {
        while starts[to] - starts[from] > room {
            from += 1;
        }
        let votes = to - from + 1;
        match groups.last_mut() {
            Some(last) if starts[from] <= last.1 + room => {
                if votes > last.0 {
                    *last = (votes, starts[from]);
                }
            }
            _ => groups.push((votes, starts[from])),
        }
    }
    groups.sort_by_key(|&(votes, start)| (std::cmp::Reverse(votes), start));
    let end = index.tokens.len();
    groups
        .into_iter()
        .take(WINDOWS)
        .map(|(_, start)| start.saturating_sub(2 * room).min(end)..(start + tokens.len() + room).min(end))
        .collect()
}

/// Each two telling words that follow each other but for light ones, and where the first stands.
pub(super) fn pairs(tokens: &[WordForms]) -> impl Iterator<Item = (u64, usize)> + '_ {
    let mut last: Option<(usize, u32)> = None;
    tokens.iter().enumerate().filter(|(_, token)| token.heavy).filter_map(move |(at, token)| {
        let before = last.replace((at, token.stem))?;
        Some(((u64::from(before.1) << 32) | u64::from(token.stem), before.0))
    })
}

/// Neighbours in both texts that let more telling words be missing elsewhere.
const LONG_RUN: usize = 8;

/// A piece held against a part of the report.
#[derive(Debug, Clone, Copy)]
struct Aligned {
    /// Words in the same order in both.
    matched: usize,
    /// Telling ones among them.
    heavy: usize,
    /// The longest run of neighbours in both.
    run: usize,
    /// Where that run begins in the part of the report.
    core: usize,
    /// Where those that stand near it begin there, and where they end.
    first: usize,
    end: usize,
}

/// More words of the report than this between two that match, beyond those between them in the piece, and they stand apart.
const APART: usize = 5;

impl Aligned {
    fn of(both: &[(usize, usize)], tokens: &[WordForms]) -> Option<Self> {
        // The longest run ends at `to`.
        let (mut run, mut longest, mut to) = (1, 1, 0);
        for (at, pair) in both.windows(2).enumerate() {
            run = if pair[1] == (pair[0].0 + 1, pair[0].1 + 1) { run + 1 } else { 1 };
            if run > longest {
                (longest, to) = (run, at + 1);
            }
        }
        let core = both.get(to + 1 - longest)?.1;
        let near = |pair: &[(usize, usize)]| pair[1].1 - pair[0].1 <= pair[1].0 - pair[0].0 + APART;
        let before = both[..to + 1].windows(2).rev().take_while(|pair| near(pair)).count();
        let behind = both[to..].windows(2).take_while(|pair| near(pair)).count();
        let heavy = both.iter().filter(|(row, _)| tokens[*row].heavy).count();
        Some(Self { matched: both.len(), heavy, run: longest, core, first: both[to - before].1, end: both[to + behind].1 + 1 })
    }

    /// True if so much agrees that it is beyond chance: of a short piece every telling word, of a longer one nearly all.
    fn is_near(&self, tokens: &[WordForms]) -> bool {
        let (length, all) = (tokens.len(), heavies(tokens));
        let missing = all - self.heavy.min(all);
        let whole = self.matched == length;
        match length {
            0..=3 => false,
            4..=5 => all >= 2 && missing == 0 && (whole || self.run >= 3),
            6..=9 => all >= 2 && self.matched * 10 >= length * 7 && (missing == 0 || missing == 1 && all >= 3 && self.run >= 4),
            _ => {
                let telling = self.heavy * 4 >= all * 3 || self.run >= LONG_RUN && self.heavy * 3 >= all * 2;
                all >= 3 && self.matched * 10 >= length * 7 && telling && (self.run >= 4 || whole)
            }
        }
    }
}

/// The longest common subsequence of a piece and a part of the report.
fn align(tokens: &[WordForms], window: &[WordForms], room: usize) -> Option<Aligned> {
    let same = |row: usize, column: usize| tokens[row].stem == window[column].stem;
    let columns = window.len() + 1;
    let mut table = vec![0u16; (tokens.len() + 1) * columns];
    for row in (0..tokens.len()).rev() {
        for column in (0..window.len()).rev() {
            table[row * columns + column] = if same(row, column) {
                table[(row + 1) * columns + column + 1] + 1
            } else {
                table[(row + 1) * columns + column].max(table[row * columns + column + 1])
            };
        }
    }
    let mut both = Vec::with_capacity(tokens.len());
    // All of it stands behind this word, too: what stands before is further from the rest.
    let (mut row, mut column) = (0, table[..columns].partition_point(|&common| common >= table[0]).saturating_sub(1));
    while row < tokens.len() && column < window.len() {
        if same(row, column) {
            both.push((row, column));
            (row, column) = (row + 1, column + 1);
        } else if table[(row + 1) * columns + column] >= table[row * columns + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    Aligned::of(together(&both, tokens.len() + room), tokens)
}

/// The words that stand within `room` of each other: of those at either end the stragglers are left off.
fn together(both: &[(usize, usize)], room: usize) -> &[(usize, usize)] {
    let mut both = both;
    while let [first, second, .., before, last] = both
        && last.1 - first.1 >= room
    {
        both = if second.1 - first.1 > last.1 - before.1 { &both[1..] } else { &both[..both.len() - 1] };
    }
    both
}
