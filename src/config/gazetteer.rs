//! The gazetteer as shipped: `config/authorities.toml`, built into the program.

use jiff::civil::Date;
use serde::Deserialize;

use super::ConfigError;
use crate::model::authority::{Authority, Gazetteer, ServiceBody};

const FILE: &str = "config/authorities.toml";
const TEXT: &str = include_str!("../../config/authorities.toml");

/// All authorities, in the order of the file: those of today first, then the abolished, then those to come.
///
/// An error would be a fault of the program; a test reads the whole file.
pub fn gazetteer() -> Result<Gazetteer, ConfigError> {
    parse(TEXT)
}

fn parse(text: &str) -> Result<Gazetteer, ConfigError> {
    let typed: TypedCouncil = toml::from_str(text).map_err(|error| {
        let fault = ConfigError::new(FILE, error.message());
        match error.span() {
            Some(span) => fault.at(text, span.start),
            None => fault,
        }
    })?;
    Ok(Gazetteer::new(typed.authority.into_iter().map(Authority::from).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedCouncil {
    authority: Vec<TypedAuthority>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedAuthority {
    name: String,
    official: String,
    urn: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
    #[serde(default)]
    predecessors: Vec<String>,
    #[serde(default)]
    successors: Vec<String>,
    #[serde(default)]
    variants: Vec<String>,
    #[serde(default)]
    needs_company: bool,
    #[serde(default)]
    not: Vec<String>,
    #[serde(default)]
    places: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    body: Vec<TypedBody>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedBody {
    name: String,
    #[serde(default)]
    variants: Vec<String>,
    from: Option<Date>,
    to: Option<Date>,
}

impl From<TypedAuthority> for Authority {
    fn from(typed: TypedAuthority) -> Self {
        Self {
            name: typed.name,
            official: typed.official,
            urn: typed.urn,
            from: typed.from,
            to: typed.to,
            predecessors: typed.predecessors,
            successors: typed.successors,
            variants: typed.variants,
            places: typed.places,
            needs_company: typed.needs_company,
            not: typed.not,
            bodies: typed.body.into_iter().map(ServiceBody::from).collect(),
            hosts: typed.hosts,
        }
    }
}

impl From<TypedBody> for ServiceBody {
    fn from(typed: TypedBody) -> Self {
        Self { name: typed.name, variants: typed.variants, from: typed.from, to: typed.to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        let error = parse("[[authority]]\nname = \"Fernshire\"\noffical = \"x\"\n").unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("config/authorities.toml:3:1: unknown field `offical`"), "{text}");
    }
}
