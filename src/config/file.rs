//! One configuration file: its text with its name, and faults that point into it.

use std::{
    ops::{Range, RangeInclusive},
    time::Duration,
};

use jiff::civil;
use toml::Spanned;
use url::Url;

use super::{
    ConfigError,
    guess::nearest,
    typed::Typed,
    units::{self, DURATION_FORM, SIZE_FORM},
};
use crate::model::{
    quiet::Quiet,
    text::{clean_line, is_hostile, shorten},
};

/// Larger files are refused: the longest sensible list of sources is a tenth of it.
pub(super) const MAX_BYTES: usize = 1_000_000;

/// Longer names, notes and contacts are refused.
const MAX_TEXT: usize = 500;

pub(super) struct ConfigFile<'a> {
    pub name: &'a str,
    pub text: &'a str,
}

impl ConfigFile<'_> {
    pub fn parse(&self) -> Result<Typed, ConfigError> {
        if self.text.len() > MAX_BYTES {
            return Err(too_large(self.name));
        }
        toml::from_str(self.text).map_err(|error| self.syntax(&error))
    }

    /// A fault of what stands at `span`.
    pub fn fault(&self, span: Range<usize>, message: impl Into<String>) -> ConfigError {
        ConfigError::new(self.name, message).at(self.text, span.start)
    }

    /// What the TOML reader says, with the key's name before it and a guess after it.
    fn syntax(&self, error: &toml::de::Error) -> ConfigError {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        let Some(span) = error.span() else { return ConfigError::new(self.name, message) };
        if let Some(unknown) = message.strip_prefix("unknown field ") {
            let words: Vec<&str> = unknown.split('`').skip(1).step_by(2).collect();
            let Some((typed, known)) = words.split_first() else { return self.fault(span, message) };
            let fault = self.fault(span, format!("unknown key `{typed}`, expected one of {}", known.join(", ")));
            return match nearest(typed, known.iter().copied()) {
                Some(word) => fault.hint(format!("did you mean `{word}`?")),
                None => fault,
            };
        }
        let fault = self.fault(
            span.clone(),
            match self.key_at(span.start) {
                Some(key) => format!("`{key}`: {message}"),
                None => message.clone(),
            },
        );
        let table = self.text[span.start..].lines().next().and_then(|line| line.trim().strip_prefix('[')?.strip_suffix(']'));
        if let (Some(name @ ("watch" | "source")), true) = (table, message.ends_with("expected a sequence")) {
            return self.fault(span, format!("`[{name}]` stands for one alone")).hint(format!("there may be several: write `[[{name}]]`"));
        }
        match (self.key_at(span.start), message.starts_with("invalid type: integer")) {
            (
                Some(
                    "per_host_delay" | "connect_timeout" | "timeout" | "every" | "unrelated_pages" | "unrelated_texts" | "pages" | "items",
                ),
                true,
            ) => fault.hint(DURATION_FORM),
            (Some("max_page" | "max_report" | "size"), true) => fault.hint(SIZE_FORM),
            _ => fault,
        }
    }

    /// The key of the line that holds a byte.
    fn key_at(&self, byte: usize) -> Option<&str> {
        let before = self.text.get(..byte)?;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text[start..].lines().next()?;
        let key = line.split_once('=')?.0.trim();
        (!key.is_empty() && key.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')).then_some(key)
    }

    /// A line of text without control characters, not empty.
    pub fn line(&self, key: &str, typed: &Spanned<String>) -> Result<String, ConfigError> {
        let text = typed.get_ref().trim();
        if text.is_empty() {
            return Err(self.fault(typed.span(), format!("`{key}` is empty, expected some text")));
        }
        if text.chars().count() > MAX_TEXT {
            return Err(self.fault(typed.span(), format!("`{key}` is longer than {MAX_TEXT} characters")));
        }
        if text.chars().any(is_hostile) {
            return Err(self.fault(typed.span(), format!("`{key}` holds a control character, expected plain text on one line")));
        }
        Ok(text.to_owned())
    }

    pub fn duration(&self, key: &str, typed: &Spanned<String>, bounds: RangeInclusive<Duration>) -> Result<Duration, ConfigError> {
        let text = typed.get_ref();
        let found = units::duration(text)
            .ok_or_else(|| self.fault(typed.span(), format!("`{key}`: cannot read `{}` as a duration", cut(text))).hint(DURATION_FORM))?;
        if bounds.contains(&found) {
            return Ok(found);
        }
        let (least, most) = (units::spoken(*bounds.start()), units::spoken(*bounds.end()));
        Err(self.fault(typed.span(), format!("`{key}` is {}, expected {least} to {most}", units::spoken(found))))
    }

    /// A duration, or "forever".
    pub fn lifetime(&self, key: &str, typed: &Spanned<String>, bounds: RangeInclusive<Duration>) -> Result<Option<Duration>, ConfigError> {
        if typed.get_ref().trim() == "forever" { Ok(None) } else { self.duration(key, typed, bounds).map(Some) }
    }

    /// "22:00-06:30".
    pub fn quiet(&self, key: &str, typed: &Spanned<String>) -> Result<Quiet, ConfigError> {
        let text = typed.get_ref();
        let time = |text: &str| civil::Time::strptime("%H:%M", text.trim()).ok();
        let times = text.split_once('-').and_then(|(from, until)| Some(Quiet { from: time(from)?, until: time(until)? }));
        times.filter(|quiet| quiet.from != quiet.until).ok_or_else(|| {
            self.fault(typed.span(), format!("`{key}`: cannot read `{}` as hours of the day", cut(text)))
                .hint("write from when until when, on London's clock, as in \"22:00-06:30\"")
        })
    }

    pub fn size(&self, key: &str, typed: &Spanned<String>, bounds: RangeInclusive<usize>) -> Result<usize, ConfigError> {
        let text = typed.get_ref();
        let found = units::size(text)
            .ok_or_else(|| self.fault(typed.span(), format!("`{key}`: cannot read `{}` as a size", cut(text))).hint(SIZE_FORM))?;
        if bounds.contains(&found) {
            return Ok(found);
        }
        let (least, most) = (bounds.start() / 1_000, bounds.end() / 1_000);
        Err(self.fault(typed.span(), format!("`{key}` is {found} bytes, expected {least} KB to {most} KB")))
    }

    pub fn count(&self, key: &str, typed: &Spanned<i64>, bounds: RangeInclusive<usize>) -> Result<usize, ConfigError> {
        let found = *typed.get_ref();
        usize::try_from(found)
            .ok()
            .filter(|count| bounds.contains(count))
            .ok_or_else(|| self.fault(typed.span(), format!("`{key}` is {found}, expected {} to {}", bounds.start(), bounds.end())))
    }

    /// An address of the web: http or https, with a host, without a user or a password.
    pub fn url(&self, key: &str, typed: &Spanned<String>) -> Result<Url, ConfigError> {
        let text = typed.get_ref().trim();
        let fault = |message: String| self.fault(typed.span(), message);
        let url = match Url::parse(text) {
            Ok(url) => url,
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                let fault = fault(format!("`{key}`: `{}` is not a whole address, expected http:// or https://", cut(text)));
                return Err(if text.contains('.') { fault.hint(format!("did you mean `https://{}`?", cut(text))) } else { fault });
            }
            Err(error) => return Err(fault(format!("`{key}`: `{}` is not an address: {error}", cut(text)))),
        };
        if !matches!(url.scheme(), "http" | "https") {
            let fault =
                fault(format!("`{key}`: an address that begins with `{}:` cannot be fetched, expected http:// or https://", url.scheme()));
            return Err(if url.scheme() == "feed" { fault.hint("write https:// for feed://") } else { fault });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(fault(format!("`{key}`: the address holds a user name or a password, expected none")));
        }
        Ok(url)
    }
}

pub(super) fn too_large(name: &str) -> ConfigError {
    ConfigError::new(name, format!("the file is too large, expected at most {} KB", MAX_BYTES / 1_000))
}

/// What was typed, short enough for a message and without characters that steer a terminal.
pub(super) fn cut(text: &str) -> String {
    shorten(&clean_line(text), 60)
}
