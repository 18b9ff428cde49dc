//! JSON-LD: what the page says of its article to search engines.

use std::collections::HashMap;

use scraper::Html;
use serde_json::Value;

use crate::model::text::folded;
use crate::read::json::values;
use crate::read::markup::{plain_text, select};

/// Scripts looked into, and objects taken from them.
const MAX_SCRIPTS: usize = 30;
const MAX_OBJECTS: usize = 300;

/// Levels of `@graph`, lists and `mainEntity`.
const MAX_LEVELS: usize = 6;

/// The article of a page, merged from the objects that speak of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    pub headline: Option<String>,
    pub authors: Vec<String>,
    /// As written, best first.
    pub published: Vec<String>,
    pub publisher: Option<String>,
    pub description: Option<String>,
    /// Plain, with line breaks where there were some.
    pub body: Option<String>,
    /// `isAccessibleForFree`; none where it is not said.
    pub is_free: Option<bool>,
}

/// What the page's JSON-LD says; `title` tells the article from others that are described beside it.
pub fn described(page: &Html, title: &str) -> Described {
    let mut objects = Vec::new();
    for script in select(page, "script[type='application/ld+json']").into_iter().take(MAX_SCRIPTS) {
        for value in values(&script.text().collect::<String>()) {
            collect(value, 0, &mut objects);
        }
    }
    let persons = persons(&objects);
    objects.retain(|object| rank(object) < UNRELATED);
    objects.sort_by_key(rank);
    let title = folded(title);
    let mut merged = Described::default();
    for object in objects {
        let Some(object) = object.as_object() else { continue };
        let text = |key: &str| object.get(key).or_else(|| object.get(&key.to_lowercase())).and_then(as_text);
        // GOV.UK writes "headLine".
        let headline = text("headline").or_else(|| text("headLine"));
        if headline.as_deref().is_some_and(|headline| is_other(&folded(headline), &title)) {
            continue;
        }
        merged.headline = merged.headline.or(headline);
        if merged.authors.is_empty() {
            merged.authors =
                object.get("author").or_else(|| object.get("creator")).map(|author| names(author, &persons)).unwrap_or_default();
        }
        merged.published.extend(text("datePublished"));
        merged.publisher =
            merged.publisher.or_else(|| object.get("publisher").and_then(|publisher| names(publisher, &persons).into_iter().next()));
        merged.description = merged.description.or_else(|| text("description"));
        merged.body = merged.body.or_else(|| object.get("articleBody").and_then(Value::as_str).map(body_text));
        let is_free = object.get("isAccessibleForFree").and_then(as_bool);
        merged.is_free = match (merged.is_free, is_free) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (known, said) => known.or(said),
        };
    }
    merged
}

fn collect(value: Value, level: usize, objects: &mut Vec<Value>) {
    if level > MAX_LEVELS || objects.len() >= MAX_OBJECTS {
        return;
    }
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| collect(value, level + 1, objects)),
        Value::Object(mut object) => {
            for key in ["@graph", "mainEntity"] {
                if let Some(inner) = object.remove(key) {
                    collect(inner, level + 1, objects);
                }
            }
            objects.push(Value::Object(object));
        }
        _ => {}
    }
}

const UNRELATED: usize = 9;

/// The names of the persons and organisations that a graph describes, by their ids: an author may be given by id alone.
fn persons(objects: &[Value]) -> HashMap<String, String> {
    objects.iter().filter_map(|object| Some((object.get("@id")?.as_str()?.to_owned(), object.get("name").and_then(as_text)?))).collect()
}

/// Articles first, then pages; other objects do not speak of the article.
fn rank(object: &Value) -> usize {
    let of = |kind: &str| {
        let kind = kind.rsplit(['/', ':', '#']).next().unwrap_or_default();
        match kind {
            "WebPage" | "ItemPage" | "CreativeWork" | "Dataset" => 2,
            "BlogPosting" | "Report" | "LiveBlogPosting" | "SocialMediaPosting" => 1,
            _ if kind.ends_with("Article") => 0,
            _ => UNRELATED,
        }
    };
    match object.get("@type") {
        Some(Value::String(kind)) => of(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).map(of).min().unwrap_or(UNRELATED),
        _ => UNRELATED,
    }
}

/// True where two headlines, folded, share less than a third of their words: related stories are described, too.
fn is_other(headline: &str, title: &str) -> bool {
    if title.is_empty() || headline.is_empty() {
        return false;
    }
    let words: Vec<&str> = headline.split(' ').collect();
    let title: Vec<&str> = title.split(' ').collect();
    words.iter().filter(|word| title.contains(word)).count() * 3 < words.len().min(title.len())
}

fn as_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => plain_text(text),
        Value::Array(values) => values.iter().find_map(Value::as_str).map(plain_text)?,
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// "False" as a string is as false.
fn as_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => match text.trim().rsplit('/').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "false" => Some(false),
            "true" => Some(true),
            _ => None,
        },
        _ => None,
    }
}

/// The names of a person, an organisation, or a list of them.
fn names(value: &Value, persons: &HashMap<String, String>) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().take(10).filter(|value| !value.is_array()).flat_map(|value| names(value, persons)).collect(),
        Value::Object(object) => {
            let by_id = || object.get("@id").and_then(Value::as_str).and_then(|id| persons.get(id)).cloned();
            object.get("name").and_then(as_text).or_else(by_id).into_iter().collect()
        }
        _ => as_text(value).into_iter().collect(),
    }
}

/// Lines of the body, each plain.
fn body_text(body: &str) -> String {
    let body = body.replace("</p>", "\n").replace("<br", "\n<br").replace("\\n", "\n");
    body.lines().map(plain_text).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str, title: &str) -> Described {
        described(&Html::parse_document(&format!("<script type='application/ld+json'>{json}</script>")), title)
    }

    #[test]
    fn the_article_is_found_in_graphs_and_lists() {
        let article = r#"{"@type":["NewsArticle"],"headline":"Council told to act","datePublished":"2024-05-01","author":[{"name":"Ann Other"},"B Else"],"publisher":{"name":"Weekly"}}"#;
        for json in [
            article.to_owned(),
            format!("[{article}]"),
            format!(r#"{{"@graph":[{{"@type":"Organization","name":"x","datePublished":"1999-01-01"}},{article}]}}"#),
            format!("<!-- {article}; -->"),
            format!("/* <![CDATA[ */\n{article}\n/* ]]> */"),
            format!("{{\"@type\":\"WebSite\",\"name\":\"x\"}}\n{article}"),
            format!("{{\"@graph\":[{article},],}}"),
            format!("{{\"@type\":\"WebPage\",\"mainEntity\":{article}}}"),
        ] {
            let read = read(&json, "Council told to act");
            assert_eq!(read.published, ["2024-05-01"], "{json}");
            assert_eq!(read.authors, ["Ann Other", "B Else"]);
            assert_eq!(read.publisher.as_deref(), Some("Weekly"));
        }
    }

    #[test]
    fn an_author_may_be_given_by_id() {
        let json =
            r##"{"@graph":[{"@type":"schema:NewsArticle","author":{"@id":"#ann"}},{"@type":"Person","@id":"#ann","name":"Ann Other"}]}"##;
        assert_eq!(read(json, "").authors, ["Ann Other"]);
    }

    #[test]
    fn related_articles_do_not_speak_for_this_one() {
        let json = r#"[{"@type":"NewsArticle","headline":"Bin strike enters third week","datePublished":"2020-01-01"},{"@type":"NewsArticle","headLine":"Council told to act fast","datePublished":"2024-05-01"}]"#;
        assert_eq!(read(json, "Council told to act fast").published, ["2024-05-01"]);
    }

    #[test]
    fn free_or_not_may_be_a_string() {
        for (said, expected) in
            [("false", Some(false)), ("\"False\"", Some(false)), ("\"http://schema.org/True\"", Some(true)), ("null", None)]
        {
            assert_eq!(read(&format!(r#"{{"@type":"Article","isAccessibleForFree":{said}}}"#), "").is_free, expected, "{said}");
        }
    }

    #[test]
    fn raw_line_breaks_are_mended() {
        assert_eq!(read("{\"@type\":\"Article\",\"description\":\"one\ntwo\"}", "").description.as_deref(), Some("one two"));
        assert_eq!(read("{\"@type\":", ""), Described::default());
    }
}
