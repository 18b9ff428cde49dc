//! Whatever paragraphs a report holds, they come back word for word, with their numbers and pages.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/councils.rs"]
mod councils;

use proptest::prelude::*;
use tieback::command::demo::pdf::Layout;
use tieback::model::report::{PassageKind, ReportHints};
use tieback::read::report::read;

/// Words of which any can come to stand at the end or the beginning of a line.
fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "children", "are", "seen", "multi-agency", "decision-making", "18.", "COVID-19.", "in", "2019", "3.", "‘front", "door’", "–",
        "well-being,", "the", "council’s", "£5", "12%", "(LSCB)", "Good", "inadequate", "a", "out-of-area", "Recommendations", "support;",
        "2.",
    ])
}

/// A paragraph: it begins with a capital and ends with a stop.
fn paragraph() -> impl Strategy<Value = String> {
    proptest::collection::vec(word(), 3..90).prop_map(|words| format!("Children {} here.", words.join(" ")))
}

#[test]
fn numbers_of_three_digits_and_paragraphs_that_begin_with_a_figure() {
    let mut layout = Layout::new();
    for line in ["Inspection of Wexcombe local", "authority children’s services"] {
        layout.line(26.0, false, line);
    }
    layout.line(12.0, true, "Inspection dates: 3 to 7 July 2023");
    layout.heading("Findings");
    // A word of its own: the same line at the head of many pages would be a running header.
    let own = |number: u32| format!("{}{}", char::from(b'a' + (number / 26) as u8), char::from(b'a' + (number % 26) as u8));
    let text = |number: u32| match number % 10 {
        0 => format!(
            "{number}% of {} were seen within {number} days, and all were asked what they wished for by {}.",
            own(number),
            own(number)
        ),
        1 => format!(
            "268 children live outside {}, although most are within 20 miles of their home and their school at {}.",
            own(number),
            own(number)
        ),
        _ => format!(
            "In {} children are seen quickly, by managers who know all of their {number} families well and long, says {}.",
            own(number),
            own(number)
        ),
    };
    for number in 1..=130 {
        layout.numbered(&format!("{number}."), &text(number));
    }
    let found = read(&layout.bytes(), &ReportHints::default(), &councils::gazetteer()).unwrap();
    assert_eq!(found.last_paragraph, 130);
    for number in 1..=130 {
        let passage = found.passages.iter().find(|passage| passage.number == Some(number));
        let passage = passage.unwrap_or_else(|| panic!("paragraph {number}"));
        assert_eq!(passage.text, text(number));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn paragraphs_and_bullets_come_back_whole(items in proptest::collection::vec((paragraph(), any::<bool>()), 1..30)) {
        let mut layout = Layout::new();
        layout.footer(&["Inspection of Wexcombe local authority children’s services", "3 to 7 July 2023"]);
        for line in ["Inspection of Wexcombe local", "authority children’s services"] {
            layout.line(26.0, false, line);
        }
        layout.line(12.0, true, "Inspection dates: 3 to 7 July 2023");
        layout.row(&["The impact of leaders"], &["Good"], 0.0);
        layout.row(&["Overall effectiveness"], &["Good"], 0.0);
        let opening = "Services for children in Wexcombe are good. ".repeat(6);
        layout.paragraph(opening.trim());
        layout.heading("Findings");
        let mut wanted = vec![(PassageKind::Paragraph, None, opening.trim().to_owned())];
        let mut number = 0;
        for (at, (text, bullet)) in items.iter().enumerate() {
            // An ending of its own: the same short line at the head of many pages would be a running header.
            let text = &text.replace("here.", &format!("end {}.", "x".repeat(at + 1)));
            if *bullet && number > 0 {
                layout.bullet(1, text);
                wanted.push((PassageKind::Bullet, Some(number), text.clone()));
            } else {
                number += 1;
                layout.numbered(&format!("{number}."), text);
                wanted.push((PassageKind::Paragraph, Some(number), text.clone()));
            }
        }
        let found = read(&layout.bytes(), &ReportHints::default(), &councils::gazetteer()).unwrap();
        prop_assert_eq!(found.last_paragraph, number);
        let passages = found.passages.iter().filter(|passage| matches!(passage.kind, PassageKind::Paragraph | PassageKind::Bullet));
        let passages: Vec<_> = passages.map(|passage| (passage.kind, passage.number, passage.text.clone())).collect();
        for (found, wanted) in passages.iter().zip(&wanted) {
            prop_assert_eq!(found, wanted);
        }
        prop_assert_eq!(passages.get(wanted.len()), None);
    }
}
