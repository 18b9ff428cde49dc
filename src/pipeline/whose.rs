//! Whose page it is that came for an item: which address is its own, and which story it renews.

use url::Url;

use crate::{
    dedupe::{
        address,
        page::{self, Claim, Holder, Identity},
    },
    model::{
        page::{ArticleReading, FeedItem},
        story::{Story, StoryId},
    },
    store::Store,
};

use super::Halt;

/// A page that was read for an item.
pub struct Arrived<'a> {
    /// The source that lists the item.
    pub source: &'a str,
    pub item: &'a FeedItem,
    /// The key of the address asked for.
    pub key: &'a str,
    pub asked: &'a Url,
    pub answered: &'a Url,
    pub reading: &'a ArticleReading,
}

/// The address that is the page's own, or why it is not the page of its item.
pub fn own_address(came: &Arrived<'_>, store: &Store) -> Result<Result<Url, &'static str>, Halt> {
    let own = came.reading.canonical.as_ref().map(|own| address::canonical(own).0);
    let story = match &own {
        Some(own) => other_story(own, came.key, store)?,
        None => None,
    };
    let story_text = story.as_ref().map(Story::text).unwrap_or_default();
    let holder = match (&story, &own) {
        (Some(story), _) => Holder::Story { headline: &story.title, text: &story_text },
        (None, Some(own)) if is_other_item(own, came, store)? => Holder::Item,
        _ => Holder::Nobody,
    };
    let text: Vec<&str> = came.reading.blocks.iter().map(|block| block.text.as_str()).collect();
    let claim = Claim {
        item_title: &came.item.title,
        asked: came.asked,
        answered: came.answered,
        canonical: came.reading.canonical.as_ref(),
        headline: came.reading.title.as_deref().unwrap_or_default(),
        text: &text.join(" "),
        holder,
    };
    Ok(match page::identify(claim) {
        Identity::Article(own) => Ok(own.clone()),
        Identity::Elsewhere(reason) => Err(reason),
    })
}

/// The story at an address that was never seen at the one asked for.
fn other_story(own: &str, asked: &str, store: &Store) -> Result<Option<Story>, Halt> {
    let Some(id) = store.story_of_address(own)? else { return Ok(None) };
    if store.story_of_address(asked)?.as_ref() == Some(&id) {
        return Ok(None);
    }
    Ok(store.story(&id)?)
}

/// True where the same list names that address under another headline.
fn is_other_item(own: &str, came: &Arrived<'_>, store: &Store) -> Result<bool, Halt> {
    let item = if own == came.key { None } else { store.item(came.source, own)? };
    Ok(item.is_some_and(|item| !item.same_title(&came.item.title)))
}

/// The story that a page renews: the one at its own address, else the one at the address asked for, which came to name another
/// address or to lead there.
pub fn known_story(own: &Url, asked: &str, store: &Store) -> Result<Option<StoryId>, Halt> {
    let own = address::canonical(own);
    let id = address::story_id(&own);
    if store.story(&id)?.is_some() {
        return Ok(Some(id));
    }
    match store.story_of_address(own.as_str())? {
        Some(id) => Ok(Some(id)),
        None => Ok(store.story_of_address(asked)?),
    }
}
