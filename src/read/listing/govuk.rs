//! GOV.UK's search API: `/api/search.json`.

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::{json, told_error};
use crate::model::page::{FeedReading, Loss};
use crate::read::feed::item::{Raw, gather};
use crate::read::moment::moment;
use crate::read::unreadable::Unreadable;

/// Results of one answer: the API's own limit.
const MAX_RESULTS: usize = 1_500;

/// Reads search results that were fetched from `base`.
pub fn govuk_search(body: &[u8], base: &Url, now: Timestamp) -> Result<FeedReading, Unreadable> {
    let value = json(body)?;
    let Some(results) = value.get("results").and_then(Value::as_array) else { return Err(told_error(&value)) };
    let mut reading = gather(results.iter().take(MAX_RESULTS).map(raw), base, now);
    reading.losses.extend((results.len() > MAX_RESULTS).then(|| Loss::OverLimit(results.len() - MAX_RESULTS)));
    Ok(reading)
}

fn raw(result: &Value) -> Raw {
    let text = |key: &str| result.get(key).and_then(Value::as_str).map(str::to_owned);
    Raw {
        links: text("link").into_iter().collect(),
        title: text("title"),
        summary: text("description"),
        dates: text("public_timestamp").and_then(|at| moment(&at)).into_iter().collect(),
        ..Raw::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<FeedReading, Unreadable> {
        govuk_search(
            body.as_bytes(),
            &Url::parse("https://www.gov.uk/api/search.json?q=x").unwrap(),
            "2026-08-01T00:00:00Z".parse().unwrap(),
        )
    }

    #[test]
    fn results_become_items() {
        let body = r#"{"results":[{"title":"Direction issued to Southshire: March 2026","link":"/government/publications/direction","description":"A direction.","public_timestamp":"2026-03-02T09:30:00Z"},{"title":"no link"}],"total":2}"#;
        let reading = read(body).unwrap();
        assert_eq!((reading.items.len(), reading.losses.as_slice()), (1, [Loss::WithoutAddress(1)].as_slice()));
        assert_eq!(reading.items[0].key, "https://www.gov.uk/government/publications/direction");
        assert_eq!(reading.items[0].published.map(|at| at.to_string()).as_deref(), Some("2026-03-02T09:30:00Z"));
    }

    #[test]
    fn an_unknown_parameter_is_told() {
        assert_eq!(
            read(r#"{"error":"Unexpected parameters: x"}"#).unwrap_err().to_string(),
            "JSON of another shape: Unexpected parameters: x"
        );
    }
}
