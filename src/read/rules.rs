//! Reading rules by outlet, from `config/outlets.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use scraper::Selector;
use serde::Deserialize;
use url::Url;

const BUILT_IN: &str = include_str!("../../config/outlets.toml");

/// What is known of one outlet's pages. All fields may be empty: then the general rules decide alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutletRule {
    /// Selectors of the elements that hold the text.
    pub text: Vec<String>,
    /// Selectors of elements in the text that are no part of it.
    pub drop: Vec<String>,
    /// Blocks that start with one of these are left out.
    pub drop_lines: Vec<String>,
    /// Phrases that begin a wall.
    pub wall: Vec<String>,
    /// Selector of the headline.
    pub title: Option<String>,
    /// Selector of the author's line.
    pub byline: Option<String>,
    /// Where the rule comes from and when that was seen to hold.
    pub source: String,
}

/// The rules of all outlets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutletRules {
    by_host: BTreeMap<String, OutletRule>,
}

/// Why rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    #[error("cannot read the reading rules: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("reading rules of `{host}`: `{selector}` is not a CSS selector")]
    Selector { host: String, selector: String },
    #[error("reading rules of `{host}`: {expected}")]
    Host { host: String, expected: &'static str },
}

static EMPTY: OutletRule = OutletRule {
    text: Vec::new(),
    drop: Vec::new(),
    drop_lines: Vec::new(),
    wall: Vec::new(),
    title: None,
    byline: None,
    source: String::new(),
};

static BUILT: LazyLock<OutletRules> = LazyLock::new(|| OutletRules::parse(BUILT_IN).unwrap_or_default());

impl OutletRules {
    /// The rules in a text like `config/outlets.toml`: one table for each host.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let by_host: BTreeMap<String, OutletRule> = toml::from_str(text)?;
        for (host, rule) in &by_host {
            if host.is_empty() || host.starts_with("www.") || host.contains('/') || *host != host.to_lowercase() {
                return Err(RulesError::Host { host: host.clone(), expected: "expected a host in lower case, without `www.` and path" });
            }
            if rule.source.trim().is_empty() {
                return Err(RulesError::Host { host: host.clone(), expected: "expected a `source` that says where the rule comes from" });
            }
            let selectors = rule.text.iter().chain(&rule.drop).chain(&rule.title).chain(&rule.byline);
            for selector in selectors {
                if Selector::parse(selector).is_err() {
                    return Err(RulesError::Selector { host: host.clone(), selector: selector.clone() });
                }
            }
        }
        Ok(Self { by_host })
    }

    /// The rules that come with the program.
    pub fn built_in() -> &'static Self {
        &BUILT
    }

    /// The rule of the longest host that is `url`'s host or one above it.
    pub fn of(&self, url: &Url) -> &OutletRule {
        let mut host = url.host_str().unwrap_or_default();
        loop {
            if let Some(rule) = self.by_host.get(host) {
                return rule;
            }
            match host.split_once('.') {
                Some((_, above)) => host = above,
                None => return &EMPTY,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(rules: &'a OutletRules, url: &str) -> &'a OutletRule {
        rules.of(&Url::parse(url).unwrap())
    }

    #[test]
    fn the_built_in_rules_are_sound_and_sorted() {
        let rules = OutletRules::parse(BUILT_IN).unwrap();
        let written: Vec<&str> = BUILT_IN.lines().filter_map(|line| line.strip_prefix("[\"")?.strip_suffix("\"]")).collect();
        assert!(written.is_sorted(), "{written:?}");
        assert_eq!(written.len(), rules.by_host.len());
        assert_eq!(OutletRules::built_in(), &rules);
    }

    #[test]
    fn a_rule_holds_for_the_hosts_below_and_the_longest_wins() {
        let rules = OutletRules::parse("[\"example\"]\nsource='a'\n[\"news.example\"]\nsource='b'").unwrap();
        assert_eq!(of(&rules, "https://www.news.example/x").source, "b");
        assert_eq!(of(&rules, "https://www.old.example/x").source, "a");
        assert_eq!(of(&rules, "https://oldnews.test/x").source, "");
    }

    #[test]
    fn errors_name_the_host_and_the_selector() {
        let error = |text: &str| OutletRules::parse(text).unwrap_err().to_string();
        assert_eq!(error("[\"a.example\"]\nsource='x'\ntext=['p[']"), "reading rules of `a.example`: `p[` is not a CSS selector");
        assert!(error("[\"www.a.example\"]\nsource='x'").contains("without `www.`"));
        assert!(error("[\"a.example\"]").contains("expected a `source`"));
        assert!(error("[\"a.example\"]\nsource='x'\ntxet=[]").contains("txet"));
    }
}
