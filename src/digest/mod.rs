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

use crate::model::overview::Overview;

pub use atom::atom;
pub use entry::{Excerpts, beyond};
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use rss::rss;

/// The site that the digest is about.
const HOME: &str = "https://reports.ofsted.gov.uk/";

/// What the digest says of the whole, in one sentence.
const DESCRIPTION: &str = "News about inspections of children's services in England, each story tied to the Ofsted report it is about.";

/// That sentence, and how many entries a feed has no room for.
fn described(overview: &Overview) -> String {
    match beyond(overview) {
        0 => DESCRIPTION.to_owned(),
        beyond => format!("{DESCRIPTION} These are the newest {}; {beyond} older ones are left out.", entry::ENTRIES),
    }
}

/// What a digest says about itself.
#[derive(Debug, Clone)]
pub struct DigestMeta {
    pub title: String,
    /// Which part of the whole it is, where it is not the whole.
    pub part: Option<DigestPart>,
    /// Where the whole will be published, if anywhere.
    pub link: Option<Url>,
    /// When the last of all that is stored came: the date of a digest with nothing in it.
    pub quiet: Timestamp,
}

/// What a digest of a part is of: a "watch", an "authority" or an "outlet", and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestPart {
    pub kind: &'static str,
    pub name: String,
}

/// What a digest is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Rss,
    Atom,
    Json,
}

impl DigestMeta {
    /// What tells this digest from all others, whatever is in it: the address of the whole, else a name of its own.
    fn id(&self) -> String {
        match (&self.part, self.link(Format::Atom)) {
            (Some(DigestPart { kind, name }), _) => format!("urn:tieback:digest:{kind}:{}", in_a_urn(&name.to_lowercase())),
            (None, Some(link)) => link.to_string(),
            (None, None) => "urn:tieback:digest".to_owned(),
        }
    }

    /// The address of the digest in this format: as configured, but for an ending that says another format. Of a part none is
    /// known: under the configured one stands the whole.
    fn link(&self, format: Format) -> Option<Url> {
        let mut link = self.link.clone().filter(|_| self.part.is_none())?;
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

/// Any text as the end of a URN (RFC 8141, section 2).
fn in_a_urn(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
