//! What is meant: the configuration and the gazetteer, read from TOML and checked.

mod error;
mod file;
mod gazetteer;
mod guess;
mod partial;
mod source;
mod typed;
mod units;
mod watch;
mod written;

use std::{
    fs,
    io::{self, Read},
    path::Path,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use url::Url;

use crate::model::{fetched::FetchSettings, keep::Lifetimes, quiet::Quiet, source::Source, watch::Watch};

pub use error::{ConfigError, FilePlace};
pub use gazetteer::gazetteer;
pub use guess::nearest;
pub use units::duration;
pub use written::sources_as_toml;

/// The name of the built-in configuration in messages.
const BUILT_IN: &str = "config/default.toml";
const DEFAULT: &str = include_str!("../../config/default.toml");
/// The longest wait for what is no plain file.
const PATIENCE: Duration = Duration::from_secs(5);

/// The configuration as meant: the built-in one, with what the user's file says instead.
#[derive(Debug, Clone)]
pub struct Config {
    /// An e-mail address or a web page of whoever runs the program.
    pub contact: Option<String>,
    pub fetch: FetchSettings,
    /// When nothing is fetched that can wait.
    pub quiet: Option<Quiet>,
    /// How long what was received is kept.
    pub keep: Lifetimes,
    pub digest: DigestSettings,
    pub sources: Vec<Source>,
    pub watches: Vec<Watch>,
}

/// How the digest presents itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestSettings {
    pub title: String,
    /// Where the digest will be published, if anywhere.
    pub link: Option<Url>,
}

impl Config {
    /// The built-in configuration.
    pub fn built_in() -> Result<Self, ConfigError> {
        Self::from_text(BUILT_IN, "")
    }

    /// The built-in configuration, with the keys of the file at `path` in their place.
    ///
    /// A file with any `[[source]]` brings the whole list of sources.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = path else { return Self::built_in() };
        let name = crate::model::text::clean_line(&path.display().to_string());
        let text = read(path, &name)?;
        Self::from_text(&name, &text)
    }

    /// As [`Config::load`], from the text of a file called `name`.
    pub fn from_text(name: &str, text: &str) -> Result<Self, ConfigError> {
        let gazetteer = gazetteer()?;
        let built_in = partial::Partial::read(BUILT_IN, DEFAULT, &gazetteer)?;
        let user = partial::Partial::read(name, text, &gazetteer)?;
        built_in.overlaid(user).complete().ok_or_else(|| ConfigError::new(BUILT_IN, "a setting has no default"))
    }
}

/// The built-in configuration as a file to edit: every setting with its meaning.
pub fn commented_default() -> &'static str {
    DEFAULT
}

/// The text of the file; at most one byte more than the limit is read. What is no plain file, such as the pipe of a shell's
/// `<(…)`, has [`PATIENCE`] to say all that it says.
fn read(path: &Path, name: &str) -> Result<String, ConfigError> {
    let owned = path.to_owned();
    let all = move || {
        let mut bytes = Vec::new();
        fs::File::open(owned).and_then(|file| file.take(file::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)).map(|_| bytes)
    };
    let is_plain = fs::metadata(path).map_or(true, |known| known.is_file() || known.is_dir());
    let came = if is_plain { Ok(all()) } else { within(PATIENCE, all) };
    let Ok(read) = came else {
        return Err(ConfigError::new(name, "cannot be read: it is a pipe or a device, from which nothing comes"));
    };
    let bytes = read.map_err(|error| {
        let fault = ConfigError::new(name, format!("cannot be read: {error}"));
        match error.kind() {
            io::ErrorKind::NotFound => fault.hint("`tieback init` writes one with all settings explained"),
            _ => fault,
        }
    })?;
    if bytes.len() > file::MAX_BYTES {
        return Err(file::too_large(name));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        ConfigError::new(name, "not UTF-8 from here on, expected plain text in UTF-8").at(&before, valid)
    })
}

/// What `work` gives in this time; where it takes longer, it is left to itself.
fn within<T: Send + 'static>(time: Duration, work: impl FnOnce() -> T + Send + 'static) -> Result<T, RecvTimeoutError> {
    let (send, receive) = mpsc::channel();
    // Nobody may be left to hear it.
    thread::spawn(move || send.send(work()));
    receive.recv_timeout(time)
}
