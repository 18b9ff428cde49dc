//! What a page has no room for: how much it is, and the command that shows it.

use super::page::PageWriter;
use crate::model::{overview::Overview, text::word, wording};

/// The command that shows all that came, with nothing cut.
pub(super) fn command(overview: &Overview) -> String {
    format!("tieback summary --all --since {}{}", overview.since, of_watch(overview))
}

/// " --watch NAME", where there is nothing in the overview but what a watch means.
pub(super) fn of_watch(overview: &Overview) -> String {
    overview.only.as_deref().map(|name| format!(" --watch {}", word(name))).unwrap_or_default()
}

/// "and 8 more stories: tieback …", where there are more than were shown.
pub(super) fn rest(total: usize, shown: usize, (one, many): (&str, &str), command: &str, page: &mut PageWriter) {
    if total > shown {
        page.gap();
        page.leading_to(2, &format!("and {}", wording::count(total - shown, one, many)), command);
    }
}
