//! The same page: which of the addresses of a fetched page is its own, and whether it is the page of its item at all.
//!
//! A final or a canonical address is believed only where it can be an article's: not a front or section page, not one that
//! the list names for another item, not one of a stored story unless that has the same names and text. What is not believed
//! costs an address at most; what is believed wrongly costs the story that stood there.

use std::collections::HashSet;

use url::Url;

use super::{
    address::canonical,
    headline::{are_alike, contradicts, says_gone, says_the_same},
    section::{can_be_an_article, is_list, said_by},
};
use crate::model::text::words;

/// Words in a row that are compared.
const SHINGLE: usize = 3;
/// Texts with fewer of them, of a wall or a stub, say too little.
const LEAST_SHINGLES: usize = 20;
/// The share of the shorter text's that the longer one must have.
const LEAST_SHARE: f64 = 0.5;

/// A page that was fetched for an item.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The item's headline; empty where its list gives none.
    pub item_title: &'a str,
    pub asked: &'a Url,
    /// The address that answered, after redirects.
    pub answered: &'a Url,
    /// The address that the page calls its own.
    pub canonical: Option<&'a Url>,
    pub headline: &'a str,
    pub text: &'a str,
    /// Who has the canonical address.
    pub holder: Holder<'a>,
}

/// Who has an address that a page calls its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder<'a> {
    /// Nobody, or the story that stands at the address asked for.
    Nobody,
    /// The same list names it, under another headline.
    Item,
    /// A story that was never seen at the address asked for.
    Story { headline: &'a str, text: &'a str },
}

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity<'a> {
    /// The item's article, and the address that is its own.
    Article(&'a Url),
    /// Another page: what was there is gone, and its address leads elsewhere.
    Elsewhere(&'static str),
}

/// Decides what a page is.
pub fn identify<'a>(claim: Claim<'a>) -> Identity<'a> {
    if says_gone(claim.headline) && !says_the_same(claim.item_title, claim.headline) {
        return Identity::Elsewhere("it says that there is no such page");
    }
    let (asked, answered) = (canonical(claim.asked), canonical(claim.answered));
    if asked != answered {
        if is_list(claim.answered, claim.asked) || is_unlike_an_article(&claim) {
            return Identity::Elsewhere("its address leads to a front or section page");
        }
        if contradicts(claim.item_title, claim.headline, claim.text) {
            return Identity::Elsewhere("its address leads to another page");
        }
    }
    match claim.canonical {
        Some(own) if canonical(own) == asked || canonical(own) == answered => Identity::Article(own),
        Some(own) if is_believed(own, &claim) => Identity::Article(own),
        _ => Identity::Article(claim.answered),
    }
}

/// True where neither the address that answered nor the headline there is one of the item's article, as far as that is known.
fn is_unlike_an_article(claim: &Claim<'_>) -> bool {
    let by_address = said_by(claim.asked);
    let said = if claim.item_title.is_empty() { &by_address } else { claim.item_title };
    // What says too little of itself says nothing against any page.
    says_the_same(said, said) && !can_be_an_article(claim.answered, claim.asked, said) && !says_the_same(said, claim.headline)
}

fn is_believed(own: &Url, claim: &Claim<'_>) -> bool {
    !is_list(own, claim.asked)
        && can_be_an_article(own, claim.asked, claim.headline)
        && match claim.holder {
            Holder::Nobody => true,
            Holder::Item => false,
            Holder::Story { headline, text } => is_same(claim, headline, text),
        }
}

/// True where a page is the story of this headline and text: the names of each stand in the other, and the texts are one; where
/// one is too short, the headlines.
fn is_same(claim: &Claim<'_>, headline: &str, text: &str) -> bool {
    if contradicts(headline, claim.headline, claim.text) || contradicts(claim.headline, headline, text) {
        return false;
    }
    match shared(claim.text, text) {
        Some(share) => share >= LEAST_SHARE,
        None => are_alike(headline, claim.headline),
    }
}

/// The share of the shorter of two texts that stands in the other; none where it is too short.
fn shared(one: &str, other: &str) -> Option<f64> {
    let (one, other) = (words(one), words(other));
    let folded: Vec<Vec<&str>> = [&one, &other].map(|text| text.iter().map(|word| word.folded.as_str()).collect()).into();
    let sets: Vec<HashSet<&[&str]>> = folded.iter().map(|text| text.windows(SHINGLE).collect()).collect();
    let least = sets.iter().map(HashSet::len).min().unwrap_or_default();
    let common = sets[0].intersection(&sets[1]).count();
    (least >= LEAST_SHINGLES).then(|| common as f64 / least as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLE: &str = "Ofsted rates Leeds inadequate";

    fn url(path: &str) -> Url {
        Url::parse("https://www.marlecho.example").unwrap().join(path).unwrap()
    }

    fn claim<'a>(asked: &'a Url, answered: &'a Url, canonical: Option<&'a Url>, headline: &'a str, holder: Holder<'a>) -> Claim<'a> {
        Claim { item_title: TITLE, asked, answered, canonical, headline, text: "", holder }
    }

    /// A text of so many words about a council.
    fn text(council: &str, words: usize) -> String {
        (0..words).map(|n| format!("{council} word{n} of {council}{n}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn whose_address_is_believed() {
        let (leeds, amp, section, moved, other) =
            (url("/news/leeds"), url("/news/leeds/amp"), url("/news/"), url("/2025/leeds-inadequate"), url("/news/1234567-round-up"));
        let nobody = Holder::Nobody;
        let stub = |headline| Holder::Story { headline, text: "" };
        let cases = [
            ("as asked", claim(&leeds, &leeds, None, TITLE, nobody), Identity::Article(&leeds)),
            ("its AMP page", claim(&amp, &amp, Some(&leeds), TITLE, nobody), Identity::Article(&leeds)),
            ("a section as canonical", claim(&leeds, &leeds, Some(&section), TITLE, nobody), Identity::Article(&leeds)),
            ("moved", claim(&leeds, &moved, None, TITLE, nobody), Identity::Article(&moved)),
            ("another canonical", claim(&leeds, &leeds, Some(&moved), TITLE, nobody), Identity::Article(&moved)),
            ("one that the list names for another", claim(&leeds, &leeds, Some(&moved), TITLE, Holder::Item), Identity::Article(&leeds)),
            (
                "one that another story has",
                claim(&leeds, &leeds, Some(&other), TITLE, stub("Bus lane opens in Otley")),
                Identity::Article(&leeds),
            ),
            (
                "one that it has itself",
                claim(&leeds, &leeds, Some(&other), TITLE, stub("Leeds rated inadequate by Ofsted")),
                Identity::Article(&other),
            ),
        ];
        for (name, claim, wanted) in cases {
            assert_eq!(identify(claim), wanted, "{name}");
        }
        let gone = |answered| matches!(identify(claim(&leeds, answered, None, "News from the valley", nobody)), Identity::Elsewhere(_));
        let front = url("/");
        assert!(gone(&front) && gone(&section) && gone(&other));
    }

    #[test]
    fn an_address_of_another_story_needs_its_names_and_its_text() {
        let (asked, own) = (url("/news/leeds"), url("/news/1234567-findings"));
        let (whole, cut, other) = (text("Leeds", 40), text("Leeds", 12), text("Bradford", 40));
        let nameless = "Children's services rated inadequate by Ofsted";
        let is_believed = |headline: &str, text: &str, holder: &str, its_text: &str| {
            let story = Holder::Story { headline: holder, text: its_text };
            let claim = Claim { headline, text, ..claim(&asked, &asked, Some(&own), "", story) };
            identify(claim) == Identity::Article(&own)
        };
        assert!(is_believed(TITLE, &whole, "Leeds told to improve", &whole));
        assert!(is_believed(TITLE, &whole, "Leeds told to improve", &cut), "a page that has grown");
        assert!(is_believed(nameless, &whole, nameless, &whole));
        assert!(!is_believed(nameless, &whole, nameless, &other), "one headline, two texts");
        assert!(!is_believed(nameless, "", nameless, ""), "two walls under a headline that says nothing");
        assert!(!is_believed(
            "Council told to improve after failings found by inspectors in Leeds",
            &whole,
            "Council told to improve after failings found by inspectors in Bradford",
            &other
        ));
        assert!(!is_believed(
            "Council told to improve, says Leeds",
            &whole,
            "Council told to improve, says Bradford",
            &whole.replace("Leeds", "the city")
        ));
    }

    #[test]
    fn a_page_that_is_gone_or_a_list_is_no_article() {
        let asked = url("/news/leeds");
        let cards = "Leeds and Ofsted, headline one. Leeds and Ofsted, headline two.";
        let is_gone = |to: &str, item_title: &str, headline: &str| {
            let answered = url(to);
            let claim = Claim { item_title, text: cards, ..claim(&asked, &answered, None, headline, Holder::Nobody) };
            matches!(identify(claim), Identity::Elsewhere(_))
        };
        assert!(is_gone("/news/leeds", TITLE, "Page not found - Marl Echo"), "at the address itself");
        assert!(is_gone("/news/leeds", "", "Page not found - Marl Echo"), "also where nothing was said of it");
        for list in ["/leeds-news/", "/topic/leeds-city-council", "/en/", "/home.aspx", "/search?q=leeds"] {
            assert!(is_gone(list, TITLE, "All about Leeds"), "{list}");
        }
        assert!(!is_gone("/content/city-told-to-do-better", TITLE, "City told to do better"));
        assert!(!is_gone("/x/leeds", TITLE, "City told to do better"), "the same end");
        assert!(!is_gone("/s/leeds-1a", TITLE, "Ofsted rates Leeds inadequate | Marl Echo"), "the same headline");
        assert!(!is_gone("/leeds-news/", "", "Leeds told to improve"), "nothing is known of what was there");
    }
}
