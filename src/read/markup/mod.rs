//! HTML made safe to parse, and plain text out of markup.

mod dom;
mod plain;
mod tame;
mod token;

pub use dom::{attr_url, base_of, own_text, select, select_in, text_of};
pub use plain::{decode_entities, plain_text};
pub use tame::{MAX_DEPTH, MAX_TAGS, tame, tame_for_noscript};
pub(crate) use token::{Token, Tokens};
