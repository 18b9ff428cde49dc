//! Grades of one story set beside each other: which of them is of an earlier inspection.

use jiff::civil::Date;

use super::{Said, Tense, context::OLD};
use crate::tie::{event::EventStanding, when};

/// Of two times of grades of one authority, far apart, the earlier is of an earlier inspection. `of` says whose each is.
pub fn outdate(found: &mut [Said], of: &[Vec<usize>]) {
    let timed: Vec<Option<Date>> = found.iter().map(|said| said.time.filter(|time| !time.any_year).map(|time| time.to)).collect();
    for at in 0..found.len() {
        let Some(own) = timed[at].filter(|_| found[at].standing == EventStanding::New) else { continue };
        let later = |other: usize| {
            timed[other].is_some_and(|time| when::days(own, time) > OLD) && of[other].iter().any(|name| of[at].contains(name))
        };
        if (0..found.len()).any(later) {
            found[at].standing = EventStanding::Previous;
        }
    }
}

/// Of two grades of one authority as a whole, that which "was" is of before, where another "is", "has been", or is the
/// headline's; that which "was" at a time of its own, where any other has none.
pub fn contrast(found: &mut [Said], of: &[Vec<usize>], title: impl Fn(&Said) -> bool) {
    let told = |said: &Said| said.overall && said.standing == EventStanding::New;
    let holds =
        |said: &Said| told(said) && (matches!(said.tense, Tense::Present | Tense::Perfect) || title(said) && said.tense == Tense::Open);
    for at in 0..found.len() {
        if !told(&found[at]) || found[at].tense != Tense::Past {
            continue;
        }
        let shared = |other: usize| of[other].iter().any(|name| of[at].contains(name));
        let same = (0..found.len()).any(|other| holds(&found[other]) && found[other].grade == found[at].grade && shared(other));
        let timed = found[at].time.is_some_and(|time| !time.any_year);
        let untimed = |said: &Said| timed && told(said) && said.time.is_none() && said.tense == Tense::Open && !said.placed;
        let holds = |said: &Said| holds(said) || untimed(said);
        let other = (0..found.len()).any(|other| holds(&found[other]) && found[other].grade != found[at].grade && shared(other));
        if other && !same {
            found[at].standing = EventStanding::Previous;
        }
    }
}

/// "Had been judged good" in minutes tells what the minutes are about: a grade that only its tense puts in the past is news
/// where no other is.
pub fn backshift(found: &mut [Said], of: &[Vec<usize>]) {
    for at in 0..found.len() {
        let shared = |other: usize| of[other].iter().any(|name| of[at].contains(name));
        let news = |other: usize| found[other].overall && found[other].standing == EventStanding::New && shared(other);
        if found[at].overall && found[at].by_tense && !(0..found.len()).any(news) {
            found[at].standing = EventStanding::New;
        }
    }
}
