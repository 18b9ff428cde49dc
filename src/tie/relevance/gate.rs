//! The first, cheap step: is the page behind a feed item worth fetching? It lets through too much rather than too little.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::tie::{
    fold::{Folded, Phrases},
    grades,
};

/// What the gate says of a feed item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Worth fetching its page.
    Fetch,
    /// Neither title nor summary, which may be but the beginning of the text, says what it is about: only the page can tell.
    Unclear,
    /// Not our subject, as far as title and summary tell.
    Pass,
}

/// The lists of `config/gate.toml`, ready to be looked for.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    sure: Phrases,
    children: Phrases,
    councils: Phrases,
    events: Phrases,
    verdicts: Phrases,
    alone: Phrases,
    elsewhere: Phrases,
    others: Phrases,
    furniture: Phrases,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| toml::from_str(include_str!("../../../config/gate.toml")).unwrap_or_default());

/// Words besides furniture from which an item says what it is about.
const TELLING: usize = 3;

/// A headline of so few words, alone, does not say what it is about.
const SHORT: usize = 4;

/// Is the page behind a feed item worth fetching?
pub fn gate(title: &str, summary: &str) -> Gate {
    let lines = format!("{title}\n{summary}");
    let text = Folded::of(&lines);
    let any = |phrases: &Phrases| !phrases.find(&text).is_empty();
    let lists = &*LISTS;
    let graded = || grades::are_stated(&lines, &text);
    let spoken = any(&lists.sure)
        || any(&lists.children) && any(&lists.events)
        || !any(&lists.elsewhere) && (any(&lists.councils) && any(&lists.verdicts) || any(&lists.alone) || graded());
    let short = summary.trim().is_empty() && text.words.len() <= SHORT && !any(&lists.elsewhere);
    if spoken || short || says_nothing(&text) {
        return Gate::Fetch;
    }
    if any(&lists.elsewhere) || any(&lists.others) { Gate::Pass } else { Gate::Unclear }
}

/// Too little besides furniture to tell what it is about.
fn says_nothing(text: &Folded) -> bool {
    let furniture: usize = LISTS.furniture.find(text).iter().map(|hit| hit.end - hit.first).sum();
    text.words.len() - furniture < TELLING
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_ours_is_fetched() {
        for (title, summary) in [
            ("Children's service rated good after three years of hard work", ""),
            ("An 'outstanding' for the county", ""),
            ("County joins top tier as two mets are told to improve", "Cookies seem to be switched off."),
            ("Rating shows how far we have come", "Skip to content"),
            ("Council 'turned right round'", ""),
            ("Latest documents", "Latest news"),
            ("Rebuilding for the young of Bromley", ""),
            ("Direction given to West Sussex county council", "Services for children perform poorly."),
            ("A trust will take over from failing council", ""),
            ("City's youngsters let down, says watchdog", ""),
            ("Agenda item - report", ""),
            ("Two boroughs, three in a row: watchdogs' praise", ""),
            ("Thank you, Fernshire", ""),
            ("You can't inspect your way to a full team", ""),
            ("Lambeth gets a ‘good’ at last", ""),
            ("For the first time, Haringey is ‘good’", ""),
            ("Richmond moves up from good to the top", ""),
            ("A year of sorry", "I went along to the Town Hall on Tuesday to hear how sorry everybody was."),
            ("Fernshire agencies “impressive” but police referrals pile up", "Here is a story from just up the road."),
            ("Domestic abuse: agencies 'over-optimistic' about danger to children", ""),
        ] {
            assert_eq!(gate(title, summary), Gate::Fetch, "{title}");
        }
    }

    #[test]
    fn a_headline_that_says_nothing_of_its_subject_is_no_reason_to_lose_the_page() {
        for title in [
            "Living in tents on the edge of town",
            "They came on Tuesday's plane",
            "Fernshire slips back, says it's climbing",
            "Baby authority passes its first big test",
            "'Pockets of poor practice' found on the western shore",
            "From worst to nearly best, and nobody saw it coming",
            "Tea, cake and a very big thank-you",
            "We said it would happen, and it did",
        ] {
            assert_ne!(gate(title, ""), Gate::Pass, "{title}");
        }
        // A summary often is the beginning of the text, and may say it, or not.
        let tents = |summary: &str| gate("Living in tents on the edge of town", summary);
        assert_ne!(tents("THE county that was supposed to be their parent did not know where they slept."), Gate::Pass);
        assert_eq!(tents("The two friends spent a month under canvas to raise money for the air ambulance and its crew."), Gate::Pass);
    }

    /// Headlines of a usual week: a few of them may cost a request each.
    #[test]
    fn most_of_a_papers_headlines_are_known_for_other_news() {
        let headlines = [
            "Man, 42, jailed after cannabis farm found in loft",
            "Lorry sheds load of turnips on A47",
            "Rovers hold on for a point at the Valley",
            "Town's last bank branch to shut in March",
            "Seven bungalows planned behind the Red Lion",
            "New chef takes over at seafront restaurant",
            "Fire crews called to blaze at recycling plant",
            "Woman rescued from river by passing dog walker",
            "Flood alerts as heavy rain heads for the coast",
            "Market traders angry over parking charges",
            "Panto star switches on Christmas lights",
            "Thieves steal lead from church roof",
            "Cyclist seriously hurt in collision with van",
            "How your MP voted on the budget",
            "Bus routes to change from Sunday",
            "Lost cat found 200 miles away",
            "Hospital car park to be free for a month",
            "Plans for solar farm thrown out",
            "Bakery wins award for its sourdough",
            "Tributes paid to much-loved vicar",
            "Drivers warned of roadworks on bypass",
            "Brewery to open its doors to visitors",
            "Students raise £3,000 with sponsored walk",
            "Knife found in bush near station",
            "Striker signs new deal",
            "Seal spotted on beach for the first time",
            "Storm brings down trees across the district",
            "Museum lands lottery grant for Roman gallery",
            "Five of the best walks this weekend",
            "Couple celebrate seventy years of marriage",
        ];
        let passed = headlines.iter().filter(|title| gate(title, "") == Gate::Pass).count();
        assert!(passed * 10 >= headlines.len() * 8, "{passed} of {}", headlines.len());
    }

    #[test]
    fn other_news_is_not() {
        for (title, summary) in [
            ("Man arrested after town centre incident", "Police were called at 2am on Saturday."),
            ("Road works to close town bridge for a week", ""),
            ("Town beat Crewe 4-0 to go second", "Ashcombe scored twice before half-time."),
            ("Inside the town with the cheapest pint", ""),
            ("Five-star hygiene ratings for these takeaways in the borough", ""),
            ("Heavy rain forecast for the weekend", "A yellow warning is in force."),
            ("Bin collections change over Christmas", "Check your new day."),
            ("Winners of the carnival announced", ""),
            ("Plans for 300 homes on old factory site", "The developer hopes to begin next spring."),
            ("House prices rise by 3 per cent", ""),
            ("Police and crime commissioner to stand down", ""),
            ("Theatre director on her favourite play", "The season opens in May."),
            ("Thank you, Fernshire", "The carnival raised £3,000 for the lifeboat."),
            ("Football club wins again", ""),
            ("Good weather for the good people of the town", ""),
            ("Market is a good place to be on Saturday", ""),
            ("Sorry night for the Town", "They lost 3-0 at the Valley and have one win in nine league games."),
        ] {
            assert_eq!(gate(title, summary), Gate::Pass, "{title}");
        }
    }
}
