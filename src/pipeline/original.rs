//! Originals: the pages of stories as they were received, read when they come and whenever there is a better reader, and kept.

use jiff::Timestamp;

use crate::{
    fetch,
    model::{
        fetched::Fetched,
        original::{ItemSaid, Original},
        page::{ArticleReading, FeedItem},
        story::Story,
    },
    read::{Unreadable, article, rules::OutletRules},
    store::{StoryOutcome, Writer},
};

use super::Halt;

/// A page with what was read in it.
#[derive(Debug, Clone)]
pub struct PageRead {
    pub reading: ArticleReading,
    pub original: Original,
}

/// What was fetched, as it is kept.
pub fn of(fetched: Fetched, now: Timestamp) -> Original {
    Original {
        at: now,
        url: fetched.url,
        answered: fetched.final_url,
        status: Some(fetched.status),
        headers: fetched.headers,
        item: ItemSaid::default(),
        body: fetched.body,
    }
}

/// Reads a page as of the day on which it was received.
///
/// # Errors
/// Where it is no page.
pub fn read(original: Original) -> Result<PageRead, Unreadable> {
    let (media_type, charset) = original.header("content-type").map(fetch::content_type_of).unwrap_or_default();
    let (rules, charset) = (OutletRules::built_in(), charset.as_deref());
    let reading = article::read(&original.body, media_type.as_deref(), charset, &original.answered, rules, original.at)?;
    Ok(PageRead { reading, original })
}

/// Keeps the original of a story whose text was taken in, with what its list says of it; of one that is as it was, unless one
/// is kept.
///
/// # Errors
/// Where the database fails.
pub fn keep(writer: &Writer<'_>, story: &Story, outcome: StoryOutcome, item: &FeedItem, original: &Original) -> Result<(), Halt> {
    let wanted = match outcome {
        StoryOutcome::New | StoryOutcome::Changed => true,
        StoryOutcome::Same => !story.walled && writer.original(&story.id)?.is_none(),
        StoryOutcome::Forgotten => false,
    };
    if wanted {
        writer.put_original(&story.id, &Original { item: ItemSaid::from(item), ..original.clone() })?;
    }
    Ok(())
}
