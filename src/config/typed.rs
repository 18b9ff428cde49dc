//! The configuration as typed: the keys, each with its place in the file; nothing is checked yet.

use serde::Deserialize;
use toml::{Spanned, Value};

use super::watch::TypedWatch;

type Text = Option<Spanned<String>>;
type Number = Option<Spanned<i64>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    pub contact: Text,
    #[serde(default)]
    pub fetch: TypedFetch,
    #[serde(default)]
    pub keep: TypedKeep,
    #[serde(default)]
    pub digest: TypedDigest,
    pub watch: Option<Vec<Spanned<TypedWatch>>>,
    pub source: Option<Vec<Spanned<TypedSource>>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub(super) struct TypedFetch {
    pub page: Text,
    pub quiet: Text,
    pub per_host_delay: Text,
    pub hosts_at_once: Number,
    pub connect_timeout: Text,
    pub timeout: Text,
    pub tries: Number,
    pub max_page: Text,
    pub max_report: Text,
    pub allow_private: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub(super) struct TypedKeep {
    pub unrelated_pages: Text,
    pub unrelated_texts: Text,
    pub pages: Text,
    pub items: Text,
    pub size: Text,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub(super) struct TypedDigest {
    pub title: Text,
    pub link: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub(super) struct TypedSource {
    pub name: Text,
    pub kind: Text,
    pub url: Text,
    pub outlet: Text,
    pub every: Text,
    pub on: Option<bool>,
    pub note: Text,
    pub links: Text,
    #[serde(default)]
    pub fallback: Vec<Spanned<TypedFallback>>,
    /// A string or a date of TOML's own.
    pub since: Option<Spanned<Value>>,
    #[serde(default)]
    pub area: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub(super) struct TypedFallback {
    pub kind: Text,
    pub url: Text,
    pub links: Text,
}
