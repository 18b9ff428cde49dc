//! Text whose words are met as often as in print: some in nearly every story, most in few.

use super::chance::Chance;

/// Words there are in all.
const VOCABULARY: u64 = 60_000;
/// The most frequent words of news about councils, in the order of frequency.
const FREQUENT: [&str; 64] = [
    "the", "to", "and", "of", "a", "in", "for", "that", "said", "is", "on", "council", "was", "with", "be", "has", "it", "as", "have",
    "at", "by", "are", "from", "people", "will", "their", "who", "not", "this", "been", "they", "but", "were", "our", "had", "an", "we",
    "year", "children", "new", "more", "which", "local", "after", "police", "service", "school", "one", "also", "work", "support", "about",
    "area", "day", "time", "family", "community", "home", "services", "young", "would", "out", "two", "first",
];
/// Words of stories that are ours.
const OURS: [&str; 24] = [
    "Ofsted", "inspectors", "inspection", "social", "workers", "safeguarding", "care", "leavers", "inadequate", "improvement", "report",
    "published", "children’s", "services", "judged", "leadership", "outstanding", "rated", "good", "requires", "plan", "pathway", "foster",
    "carers",
];
const SYLLABLES: [&str; 32] = [
    "ba", "ce", "do", "fa", "gi", "ho", "ju", "la", "me", "no", "pe", "ri", "su", "ta", "ve", "wi", "zo", "bran", "clo", "dre", "fli",
    "gram", "har", "kel", "lin", "mor", "nes", "pol", "quin", "rus", "ster", "ton",
];

/// The words, made once.
pub struct Words(Vec<String>);

impl Words {
    pub fn new() -> Self {
        let made = (0..VOCABULARY - FREQUENT.len() as u64).map(|n| {
            let mut chance = Chance::new(n + 17);
            (0..2 + chance.below(3)).map(|_| SYLLABLES[chance.below(32) as usize]).collect::<String>()
        });
        Self(FREQUENT.iter().map(|word| (*word).to_owned()).chain(made).collect())
    }

    /// A sentence; of one that is ours a fifth are words of our subject.
    pub fn sentence(&self, words: u64, ours: bool, chance: &mut Chance) -> String {
        let mut text = String::with_capacity(words as usize * 7);
        for at in 0..words {
            if at > 0 {
                text.push(' ');
            }
            let word = match ours && chance.of_thousand(200) {
                true => OURS[chance.below(OURS.len() as u64) as usize],
                false => &self.0[chance.zipf(VOCABULARY) as usize],
            };
            if at == 0 {
                let mut letters = word.chars();
                text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
                text.push_str(letters.as_str());
            } else {
                text.push_str(word);
            }
        }
        text.push('.');
        text
    }
}
