//! `[[watch]]`: what somebody wants to hear of first.

use serde::Deserialize;
use toml::Spanned;

use super::{ConfigError, file::ConfigFile, guess::nearest};
use crate::model::{authority::Gazetteer, watch::Watch};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub(super) struct TypedWatch {
    pub name: Option<Spanned<String>>,
    #[serde(default)]
    pub authorities: Vec<Spanned<String>>,
    #[serde(default)]
    pub outlets: Vec<Spanned<String>>,
    #[serde(default)]
    pub words: Vec<Spanned<String>>,
    pub command: Option<Spanned<String>>,
}

/// The watches as meant.
pub(super) fn watches(file: &ConfigFile, typed: &[Spanned<TypedWatch>], gazetteer: &Gazetteer) -> Result<Vec<Watch>, ConfigError> {
    let mut watches: Vec<Watch> = Vec::new();
    for each in typed {
        let watch = watch(file, each, gazetteer)?;
        if watches.iter().any(|known| known.name.to_lowercase() == watch.name.to_lowercase()) {
            return Err(file.fault(each.span(), format!("two watches are called `{}`", watch.name)));
        }
        watches.push(watch);
    }
    Ok(watches)
}

fn watch(file: &ConfigFile, typed: &Spanned<TypedWatch>, gazetteer: &Gazetteer) -> Result<Watch, ConfigError> {
    let keys = typed.get_ref();
    let Some(name) = &keys.name else {
        return Err(file.fault(typed.span(), "this `[[watch]]` has no `name`").hint("for example: name = \"Dorset\""));
    };
    let lines = |key: &str, typed: &[Spanned<String>]| typed.iter().map(|text| file.line(key, text)).collect::<Result<Vec<_>, _>>();
    let watch = Watch {
        name: file.line("name", name)?,
        authorities: keys.authorities.iter().map(|name| authority(file, name, gazetteer)).collect::<Result<_, _>>()?,
        outlets: lines("outlets", &keys.outlets)?,
        words: lines("words", &keys.words)?,
        command: keys.command.as_ref().map(|command| file.line("command", command)).transpose()?,
    };
    if watch.authorities.is_empty() && watch.outlets.is_empty() && watch.words.is_empty() {
        return Err(file
            .fault(typed.span(), format!("the watch `{}` watches nothing", watch.name))
            .hint("give it `authorities`, `outlets` or `words`"));
    }
    Ok(watch)
}

fn authority(file: &ConfigFile, typed: &Spanned<String>, gazetteer: &Gazetteer) -> Result<String, ConfigError> {
    let name = file.line("authorities", typed)?;
    if let Some(found) = gazetteer.get(&name).or_else(|| gazetteer.in_title(&name, None)) {
        return Ok(found.name.clone());
    }
    let fault = file.fault(typed.span(), format!("`authorities`: no authority is called `{name}`"));
    Err(match nearest(&name, gazetteer.all().iter().map(|authority| authority.name.as_str())) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None => fault.hint("`tieback export authorities --format csv` lists them all"),
    })
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn check(text: &str, expected: &str) {
        match Config::from_text("mine.toml", text) {
            Ok(config) => assert_eq!(format!("{:?}", config.watches), expected, "{text}"),
            Err(error) => assert!(error.to_string().contains(expected), "{text}: {error}"),
        }
    }

    #[test]
    fn watches_are_read_and_checked() {
        check("", "[]");
        check(
            "[[watch]]\nname = \"Mine\"\nauthorities = [\"Dorset\"]\nwords = [\"front door\"]\ncommand = \"notify\"",
            "[Watch { name: \"Mine\", authorities: [\"Dorset\"], outlets: [], words: [\"front door\"], command: Some(\"notify\") }]",
        );
        check("[[watch]]\nname = \"Mine\"\nauthorities = [\"Dorste\"]", "no authority is called `Dorste`");
        check("[[watch]]\nauthorities = [\"Dorset\"]", "has no `name`");
        check("[[watch]]\nname = \"Mine\"", "the watch `Mine` watches nothing");
        check("[watch]\nname = \"a\"", "mine.toml:1:1: `[watch]` stands for one alone\nhint: there may be several: write `[[watch]]`");
        check("[[watch]]\nname = \"a\"\nwords = [\"x\"]\n[[watch]]\nname = \"A\"\nwords = [\"y\"]", "two watches are called `A`");
        check("[[watch]]\nname = \"a\"\nword = [\"x\"]", "unknown key `word`");
    }
}
