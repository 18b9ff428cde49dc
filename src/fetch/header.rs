//! What the header of an answer says: validators, ages, waits and the type of the body.

use std::time::Duration;

use jiff::{Timestamp, civil, tz::TimeZone};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::model::fetched::{BodyKind, Validators};

/// Longer validators are not kept: they would have to be stored and sent back each time.
const MAX_VALIDATOR: usize = 1024;

/// The longest wait a host can ask of us (etiquette checklist: cap Retry-After at 7 days).
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(7 * 86_400);

/// The longest age taken from a header; more is a mistake or an attack on arithmetic.
pub const MAX_MAX_AGE: Duration = Duration::from_secs(365 * 86_400);

/// What says what a body is, and when it was so; kept with it.
const KEPT: [HeaderName; 6] =
    [header::DATE, header::CONTENT_TYPE, header::CONTENT_LANGUAGE, header::LAST_MODIFIED, header::ETAG, header::LINK];

/// Longer fields are not kept.
const MAX_KEPT: usize = 1024;

/// Those fields, byte for byte, that are text and no longer than is sensible.
pub fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| Some(std::str::from_utf8(value.as_bytes()).ok()?.to_owned()).filter(|text| text.len() <= MAX_KEPT);
    let of_name = |name: &HeaderName| headers.get(name).and_then(text).map(|value| (name.as_str().to_owned(), value));
    KEPT.iter().filter_map(of_name).collect()
}

/// The validators byte for byte; none that is empty, too long or not text, and no `*`, which asks for nothing that is there.
pub fn validators(headers: &HeaderMap) -> Validators {
    let take = |name: HeaderName| {
        let text = std::str::from_utf8(headers.get(name)?.as_bytes()).ok()?;
        (!matches!(text.trim(), "" | "*") && text.len() <= MAX_VALIDATOR).then(|| text.to_owned())
    };
    Validators { etag: take(header::ETAG), last_modified: take(header::LAST_MODIFIED), from: None }
}

/// What a request accepts, best first; everything else last, since a server that has only that should not refuse.
pub fn accept(kind: BodyKind) -> HeaderValue {
    HeaderValue::from_static(match kind {
        BodyKind::Feed => {
            "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
        }
        BodyKind::Page => "text/html, application/xhtml+xml, */*;q=0.1",
        BodyKind::Sitemap => "application/xml, text/xml, */*;q=0.1",
        BodyKind::Json => "application/json, */*;q=0.1",
        BodyKind::Report => "application/pdf, */*;q=0.1",
    })
}

/// How answers may be packed.
pub const ENCODINGS: HeaderValue = HeaderValue::from_static("gzip, deflate, br");

/// What a request for robots.txt accepts.
pub const ACCEPT_ROBOTS: HeaderValue = HeaderValue::from_static("text/plain, */*;q=0.1");

/// The header that asks for an answer only if something changed.
pub fn conditions(validators: &Validators) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, text: &Option<String>| {
        let value = text.as_deref().filter(|text| !text.is_empty()).map(|text| HeaderValue::from_bytes(text.as_bytes()));
        if let Some(Ok(value)) = value {
            headers.insert(name, value);
        }
    };
    put(header::IF_NONE_MATCH, &validators.etag);
    put(header::IF_MODIFIED_SINCE, &validators.last_modified);
    headers
}

/// The new validators, each replaced by the old one where the answer gave none (RFC 9111, section 3.2).
pub fn freshened(new: Validators, old: &Validators) -> Validators {
    Validators {
        etag: new.etag.or_else(|| old.etag.clone()),
        last_modified: new.last_modified.or_else(|| old.last_modified.clone()),
        from: old.from.clone(),
    }
}

/// Cache-Control: max-age, or Expires less Date (RFC 9111, section 4.2.1), less `now` where there is no Date.
pub fn max_age(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let directives = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    let stated = directives
        .filter_map(|directive| directive.trim().split_once('='))
        .find_map(|(name, value)| name.trim().eq_ignore_ascii_case("max-age").then(|| seconds(value.trim().trim_matches('"'))).flatten());
    let age = stated.or_else(|| {
        let expires = text(headers, header::EXPIRES)?;
        let date = text(headers, header::DATE).and_then(http_date).unwrap_or(now);
        // An Expires that is no date, above all "0", means "expired" (RFC 9111, section 5.3).
        Some(http_date(expires).map_or(Duration::ZERO, |expires| since(expires, date)))
    })?;
    Some(age.min(MAX_MAX_AGE))
}

/// Retry-After in seconds or as a date, from `now` on; at most [`MAX_RETRY_AFTER`]. A date that is past by our clock is
/// taken from the server's own: one of the two is wrong.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = text(headers, header::RETRY_AFTER)?.trim();
    let wait = seconds(text).or_else(|| {
        let until = http_date(text)?;
        let theirs = self::text(headers, header::DATE).and_then(http_date).filter(|date| *date < until);
        Some(since(until, if until > now { now } else { theirs.unwrap_or(now) }))
    })?;
    Some(wait.min(MAX_RETRY_AFTER))
}

/// The media type in lower case, and the charset.
pub fn content_type(headers: &HeaderMap) -> (Option<String>, Option<String>) {
    text(headers, header::CONTENT_TYPE).map(content_type_of).unwrap_or_default()
}

/// The same, of the field itself.
pub fn content_type_of(text: &str) -> (Option<String>, Option<String>) {
    let mut parts = text.split(';');
    let media_type = parts.next().map(|part| part.trim().to_ascii_lowercase()).filter(|part| !part.is_empty());
    let charset = parts.filter_map(|part| part.split_once('=')).find_map(|(name, value)| {
        let value = value.trim().trim_matches(['"', '\'']).trim();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    });
    (media_type, charset)
}

/// The ways in which the body is said to be packed, in small letters, the one that was applied last at the end.
pub fn packings(headers: &HeaderMap) -> impl Iterator<Item = String> {
    let names = headers.get_all(header::CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    names.map(|name| name.trim().to_lowercase())
}

/// The length of the body as sent, where the header states it.
pub fn content_length(headers: &HeaderMap) -> Option<u64> {
    text(headers, header::CONTENT_LENGTH)?.trim().parse().ok()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Whole seconds; more digits than a number holds mean "very long".
fn seconds(text: &str) -> Option<Duration> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

fn since(later: Timestamp, earlier: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(later.as_second().saturating_sub(earlier.as_second())).unwrap_or(0))
}

/// The three forms of a date in a header (RFC 9110, section 5.6.7). The day of the week says nothing that the date does not,
/// and is often wrong.
fn http_date(text: &str) -> Option<Timestamp> {
    const FORMS: [&str; 3] = ["%d %b %Y %H:%M:%S", "%d-%b-%y %H:%M:%S", "%b %d %H:%M:%S %Y"];
    let text = text.trim();
    let is_weekday = |word: &str| word.len() >= 3 && word.trim_end_matches(',').bytes().all(|byte| byte.is_ascii_alphabetic());
    let text = text.split_once(' ').filter(|(word, _)| is_weekday(word)).map_or(text, |(_, rest)| rest.trim_start());
    let zones = [" GMT", " UTC", " Z", " +0000"];
    let text = zones.iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text).replace("  ", " ");
    let parsed = FORMS.iter().find_map(|form| civil::DateTime::strptime(form, &text).ok())?;
    // "Fri, 31 Dec 9999 23:59:59 GMT" is common and lies just beyond the last moment that can be held.
    Some(parsed.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |zoned| zoned.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        map
    }

    #[test]
    fn validators_are_kept_byte_for_byte() {
        let odd = headers(&[("etag", "W/\"a  b,é\""), ("last-modified", "yesterday, about noon")]);
        let kept = validators(&odd);
        assert_eq!(kept.etag.as_deref(), Some("W/\"a  b,é\""));
        assert_eq!(kept.last_modified.as_deref(), Some("yesterday, about noon"));
        let sent = conditions(&kept);
        assert_eq!(sent["if-none-match"].as_bytes(), odd["etag"].as_bytes());
        assert_eq!(sent["if-modified-since"].as_bytes(), odd["last-modified"].as_bytes());
    }

    #[test]
    fn empty_and_overlong_validators_are_neither_kept_nor_sent() {
        assert!(validators(&headers(&[("etag", ""), ("last-modified", "")])).is_empty());
        assert!(validators(&headers(&[("etag", "*")])).is_empty(), "\"not modified\" would be the answer for ever");
        assert!(validators(&headers(&[("etag", &"e".repeat(MAX_VALIDATOR))])).etag.is_some());
        assert!(validators(&headers(&[("etag", &"e".repeat(MAX_VALIDATOR + 1))])).is_empty());
        let bad = Validators { etag: Some(String::new()), last_modified: Some("a\r\nCookie: b".to_owned()), from: None };
        assert!(conditions(&bad).is_empty());
    }

    #[test]
    fn ages() {
        let now: Timestamp = "1994-11-06T08:50:00Z".parse().unwrap();
        let check = |pairs: &[(&'static str, &str)], expected: Option<u64>| {
            assert_eq!(max_age(&headers(pairs), now), expected.map(Duration::from_secs), "{pairs:?}");
        };
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        check(&[("cache-control", "public, Max-Age=600")], Some(600));
        check(&[("cache-control", "public"), ("cache-control", "max-age=\"60\"")], Some(60));
        check(&[("cache-control", "max-age=60"), date, ("expires", "Sun, 06 Nov 1994 09:49:37 GMT")], Some(60));
        check(&[("cache-control", "s-maxage=60, no-store")], None);
        check(&[("cache-control", "max-age=-1")], None);
        check(&[("cache-control", "max-age=99999999999999999999999")], Some(MAX_MAX_AGE.as_secs()));
        check(&[date, ("expires", "Sun, 06 Nov 1994 08:59:37 GMT")], Some(600));
        check(&[date, ("expires", "Sun, 06 Nov 1994 07:49:37 GMT")], Some(0));
        check(&[date, ("expires", "0")], Some(0));
        check(&[date, ("expires", "Fri, 31 Dec 9999 23:59:59 GMT")], Some(MAX_MAX_AGE.as_secs()));
        check(&[("expires", "Sun, 06 Nov 1994 08:59:37 GMT")], Some(577));
        check(&[("date", "today"), ("expires", "Sun, 06 Nov 1994 08:59:37 GMT")], Some(577));
        check(&[], None);
    }

    #[test]
    fn waits_in_seconds_and_as_a_date_in_each_of_its_forms() {
        let now: Timestamp = "1994-11-06T08:49:00Z".parse().unwrap();
        let week = MAX_RETRY_AFTER.as_secs();
        for (text, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(37)),
            ("Sun Nov  6 08:49:37 1994", Some(37)),
            ("Mon, 06 Nov 1994 08:49:37 GMT", Some(37)),
            ("Friday, 06-Nov-94 08:49:37 GMT", Some(37)),
            ("Sun, 6 Nov 1994 08:49:37 UTC", Some(37)),
            ("06 Nov 1994 08:49:37 +0000", Some(37)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("604800", Some(week)),
            ("604801", Some(week)),
            ("99999999999999999999999999", Some(week)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(week)),
            ("soon", None),
            ("-5", None),
            ("1.5", None),
            ("", None),
        ] {
            assert_eq!(retry_after(&headers(&[("retry-after", text)]), now), expected.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn a_date_that_is_past_by_our_clock_counts_from_the_servers() {
        let now: Timestamp = "1994-11-07T00:00:00Z".parse().unwrap();
        let map = headers(&[("date", "Sun, 06 Nov 1994 08:00:00 GMT"), ("retry-after", "Sun, 06 Nov 1994 10:00:00 GMT")]);
        assert_eq!(retry_after(&map, now), Some(Duration::from_secs(7_200)));
    }

    #[test]
    fn types() {
        for (text, media, charset) in [
            ("Text/HTML; Charset=\"ISO-8859-1\"", Some("text/html"), Some("ISO-8859-1")),
            ("application/rss+xml", Some("application/rss+xml"), None),
            ("text/xml;a=b; charset = utf-8 ", Some("text/xml"), Some("utf-8")),
            ("; charset=", None, None),
        ] {
            let (found_media, found_charset) = content_type(&headers(&[("content-type", text)]));
            assert_eq!((found_media.as_deref(), found_charset.as_deref()), (media, charset), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(0_u8..=255, 0..60), number in "[0-9]{0,30}") {
            for bytes in [bytes, format!("max-age={number}").into_bytes(), number.into_bytes()] {
                let Ok(value) = HeaderValue::from_bytes(&bytes) else { continue };
                let names = ["etag", "last-modified", "cache-control", "expires", "date", "retry-after", "content-type", "content-length"];
                let map: HeaderMap = names.into_iter().map(|name| (HeaderName::from_static(name), value.clone())).collect();
                let kept = validators(&map);
                let _ = (conditions(&kept), content_type(&map), content_length(&map));
                proptest::prop_assert!(max_age(&map, Timestamp::MIN).is_none_or(|age| age <= MAX_MAX_AGE));
                proptest::prop_assert!(retry_after(&map, Timestamp::MIN).is_none_or(|wait| wait <= MAX_RETRY_AFTER));
            }
        }
    }

    #[test]
    fn a_304_replaces_only_the_validators_it_carries() {
        let old = Validators { etag: Some("\"1\"".to_owned()), last_modified: Some("then".to_owned()), from: None };
        let new = Validators { etag: Some("\"2\"".to_owned()), last_modified: None, from: None };
        let kept = freshened(new, &old);
        assert_eq!((kept.etag.as_deref(), kept.last_modified.as_deref()), (Some("\"2\""), Some("then")));
    }
}
