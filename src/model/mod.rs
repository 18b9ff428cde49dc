//! The nouns that cross a border between stages; this module imports nothing of ours.

pub mod address;
pub mod authority;
pub mod backfill;
pub mod change;
pub mod date;
pub mod day;
pub mod evidence;
pub mod fetched;
pub mod host;
pub mod keep;
pub mod lit;
pub mod original;
pub mod overview;
pub mod page;
pub mod piece;
pub mod quiet;
pub mod report;
pub mod source;
pub mod story;
pub mod text;
pub mod tie;
pub mod verdict;
pub mod watch;
pub mod wording;
pub mod work;
