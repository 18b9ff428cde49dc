//! The digest: what happened, for other programs and people, in five formats; pure.

mod atom;
mod entry;
mod html;
mod json;
mod markdown;
mod markup;
mod report;
mod rss;
mod story;

use jiff::Timestamp;
use url::Url;

pub use atom::atom;
pub use entry::Excerpts;
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use rss::rss;

/// The site that the digest is about.
const HOME: &str = "https://reports.ofsted.gov.uk/";

/// What the digest says of the whole, in one sentence.
const DESCRIPTION: &str = "News about inspections of children's services in England, each story tied to the Ofsted report it is about.";

/// What a digest says about itself.
#[derive(Debug, Clone)]
pub struct DigestMeta {
    pub title: String,
    /// Where it will be published, if anywhere.
    pub link: Option<Url>,
    /// When the last of all that is stored came: the date of a digest with nothing in it.
    pub quiet: Timestamp,
}

/// What a digest is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Rss,
    Atom,
    Json,
}

impl DigestMeta {
    /// The address of the digest in this format: as configured, but for an ending that says another format.
    fn link(&self, format: Format) -> Option<Url> {
        let mut link = self.link.clone()?;
        let Some((stem, ending)) = link.path().rsplit_once('.').map(|(stem, ending)| (stem.to_owned(), ending.to_lowercase())) else {
            return Some(link);
        };
        let own: &[&str] = match format {
            Format::Rss => &["rss", "xml"],
            Format::Atom => &["atom"],
            Format::Json => &["json"],
        };
        if !own.contains(&ending.as_str()) && ["rss", "xml", "atom", "json", "html", "htm", "md"].contains(&ending.as_str()) {
            link.set_path(&format!("{stem}.{}", own[0]));
        }
        Some(link)
    }

    fn title(&self) -> String {
        crate::model::text::clean_line(&self.title)
    }
}
