//! The items of a list: which are new, which have moved, and which of their pages are wanted.

use jiff::Timestamp;
use url::Url;

use crate::{
    dedupe::{
        address,
        item::{self, Known, Sameness},
    },
    model::{
        address::end,
        page::FeedItem,
        source::Source,
        work::{Due, Job, Standing},
    },
    store::{KnownItem, Writer},
    tie::relevance::{self, Gate},
};

use super::{Halt, settle::want};

/// Addresses of one story that are kept; a link with a session in it has a new one each time.
const MAX_ADDRESSES: usize = 8;

/// A list whose items are remembered.
#[derive(Clone, Copy)]
pub(super) struct Listed<'a> {
    pub source: &'a Source,
    /// Pages are wanted also where the headline does not say what they are about: of today's list, and not of the past with
    /// its thousands.
    pub unclear: bool,
    pub now: Timestamp,
}

/// Remembers each item not seen before: its page is wanted where the gate lets it through. Gives how many were new.
pub(super) fn keep_items(writer: &Writer<'_>, list: Listed<'_>, items: &[FeedItem]) -> Result<u32, Halt> {
    let Listed { source, now, .. } = list;
    let keyed: Vec<(&FeedItem, &Url, String)> =
        items.iter().filter_map(|item| item.url.as_ref().map(|url| (item, url, address::canonical(url).0))).collect();
    let listed: Vec<item::ListedItem<'_>> = keyed
        .iter()
        .map(|(item, url, key)| item::ListedItem { guid: (item.key != url.as_str()).then_some(item.key.as_str()), key })
        .collect();
    let guids = item::guids(&listed);
    let mut new = 0;
    for ((item, url, key), listed) in keyed.iter().zip(&listed) {
        let guid = listed.guid.filter(|guid| guids.contains(guid));
        if writer.forgotten(key)?.is_some() || writer.forgotten_item(&source.name, guid, item, url)? {
            continue;
        }
        new += u32::from(keep_item(writer, list, item, url, key, guid)?);
        writer.item_listed(&source.name, key, now)?;
    }
    Ok(new)
}

/// Remembers one item; true where it was not seen before.
fn keep_item(writer: &Writer<'_>, list: Listed<'_>, item: &FeedItem, url: &Url, key: &str, guid: Option<&str>) -> Result<bool, Halt> {
    let Listed { source, now, .. } = list;
    let at_address = writer.item(&source.name, key)?;
    let of_guid = match guid {
        Some(guid) if at_address.is_none() => writer.item_of_guid(&source.name, guid)?,
        _ => None,
    };
    let sameness = item::compare(item.published, known(at_address.as_ref(), item, url), known(of_guid.as_ref(), item, url));
    if let Sameness::Moved(from) | Sameness::MovedRetitled(from) | Sameness::Corrected(from) = sameness {
        move_item(writer, source, from, key, url, now)?;
    }
    match sameness {
        Sameness::Known | Sameness::Moved(_) => return Ok(false),
        Sameness::Corrected(_) => {
            retry_moved(writer, list, item, url, key)?;
            return Ok(false);
        }
        Sameness::New | Sameness::Retitled | Sameness::MovedRetitled(_) => {}
    }
    let passed = passes(list, item, url);
    writer.put_item(&source.name, key, guid, item, passed, now)?;
    let new = sameness == Sameness::New;
    // A page that another source brought is here already, whatever this one calls it; a teaser is no page.
    let here = new && has_text(writer, key)?;
    if passed && !here {
        want(writer, &Job::Article { source: source.name.clone(), key: key.to_owned() }, now)?;
    }
    Ok(new)
}

/// An item is listed at another address now, and so is its story.
fn move_item(writer: &Writer<'_>, source: &Source, from: &str, key: &str, url: &Url, now: Timestamp) -> Result<(), Halt> {
    writer.move_item(&source.name, from, key, url, now)?;
    let Some(story) = writer.story_of_address(from)? else { return Ok(()) };
    if writer.addresses(&story)?.len() < MAX_ADDRESSES {
        writer.add_address(&story, key, url.as_str())?;
    } else {
        // The last one stays known: by it the story is found when it moves again, and when it is to be forgotten.
        writer.move_address(from, key, url)?;
    }
    Ok(())
}

/// True where the text of the page at an address is stored.
fn has_text(writer: &Writer<'_>, key: &str) -> Result<bool, Halt> {
    let Some(story) = writer.story_of_address(key)? else { return Ok(false) };
    Ok(writer.has_text(&story)?)
}

/// The page of an item was given up at its former address: it may be at the new one.
fn retry_moved(writer: &Writer<'_>, list: Listed<'_>, item: &FeedItem, url: &Url, key: &str) -> Result<(), Halt> {
    let job = Job::Article { source: list.source.name.clone(), key: key.to_owned() };
    let is_given_up = writer.standing(&job)?.is_some_and(|standing| standing.due == Due::Never);
    if is_given_up && passes(list, item, url) && writer.story_of_address(key)?.is_none() {
        writer.set_standing(&job, &Standing::wanted(list.now))?;
    }
    Ok(())
}

fn known<'a>(found: Option<&'a KnownItem>, item: &FeedItem, url: &Url) -> Option<Known<'a>> {
    found.map(|found| Known {
        key: &found.key,
        same_title: found.same_title(&item.title),
        published: found.published,
        same_end: found.url.as_ref().and_then(end).is_some_and(|before| end(url) == Some(before)),
    })
}

/// True where the item may be for us. Plain sitemaps and bare links have no title; then the words of the address are the title, which
/// tell too little to ask more of them.
fn passes(list: Listed<'_>, item: &FeedItem, url: &Url) -> bool {
    let slug = if item.title.is_empty() { url.path().replace(['/', '-', '_', '.', '+'], " ") } else { String::new() };
    match relevance::gate(if item.title.is_empty() { &slug } else { &item.title }, &item.summary) {
        Gate::Fetch => true,
        Gate::Unclear => list.unclear && !item.title.is_empty(),
        Gate::Pass => false,
    }
}
