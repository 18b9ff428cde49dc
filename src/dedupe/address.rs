//! Canonical addresses: what in an address says which story it is, and what only says how a reader came to it.

mod number;
mod query;

use sha2::{Digest, Sha256};
use url::{Position, Url};

use crate::model::address::Address;
use crate::model::report::ReportId;
use crate::model::story::StoryId;

pub use number::article_number;

/// Prefixes of a host that name a way of reading and not another site.
const HOST_PREFIXES: [&str; 3] = ["amp.", "m.", "www."];

/// Hosts that serve the same pages under another name (prefixes already dropped).
const SAME_HOSTS: [(&str, &str); 3] =
    [("bbc.com", "bbc.co.uk"), ("feeds.bbci.co.uk", "bbc.co.uk"), ("files.api.ofsted.gov.uk", "files.ofsted.gov.uk")];

/// Report files stand here, under their number.
const FILES_HOST: &str = "files.ofsted.gov.uk";

/// Longer numbers are not those of files; they have 7 or 8 digits (seen to 2026-09).
const MAX_FILE_DIGITS: usize = 12;

/// Hexadecimal digits of a hash in an id: 48 bits, which makes a clash among a million stories a matter of one in 500.
const ID_DIGITS: usize = 12;

/// The key of an address; the same for all variants of one address, and unchanged when made again from itself.
pub fn canonical(url: &Url) -> Address {
    let Some(host) = host(url) else {
        return Address(url[..Position::AfterQuery].to_owned());
    };
    let mut key = host;
    for segment in segments(url) {
        key.push('/');
        key.push_str(&segment);
    }
    if let Some(query) = query::essential(url) {
        // An address without a path has its slash before the query, as when it is written out.
        key.push_str(if key.contains('/') { "?" } else { "/?" });
        key.push_str(&query);
    }
    Address(key)
}

/// The address to fetch: the real one, without what only tracks the reader and without its fragment.
pub fn fetchable(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    let kept = query::untracked(&url);
    if kept.as_deref() != url.query() {
        url.set_query(kept.as_deref());
    }
    url
}

/// The id of the story at a canonical address.
pub fn story_id(address: &Address) -> StoryId {
    StoryId(format!("s-{}", short_hash(address.as_str())))
}

/// The id of the report at an address: the number of its file, else a hash.
pub fn report_id(url: &Url) -> ReportId {
    let address = canonical(url);
    let number = address.as_str().strip_prefix(FILES_HOST).and_then(|path| path.strip_prefix("/v1/file/"));
    match number.filter(|number| (1..=MAX_FILE_DIGITS).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(number) => ReportId(format!("r-{number}")),
        None => ReportId(format!("r-{}", short_hash(address.as_str()))),
    }
}

fn short_hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(ID_DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

/// The host as the key names it, with a port where it is not one of the web; none for addresses that are not of the web.
fn host(url: &Url) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let mut name = url.host_str()?.trim_end_matches('.');
    while let Some(rest) = HOST_PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).filter(|rest| rest.contains('.')) {
        name = rest;
    }
    let name = SAME_HOSTS.iter().find(|(other, _)| *other == name).map_or(name, |(_, known)| known);
    Some(match url.port().filter(|port| !matches!(port, 80 | 443)) {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    })
}

/// The path without empty segments and without the marks of AMP and print variants; letters keep their case.
fn segments(url: &Url) -> Vec<String> {
    let mut segments: Vec<String> =
        url.path().split('/').filter(|segment| !segment.is_empty()).map(|segment| escaped_once(segment, false)).collect();
    // Taking one mark away can bring out another (`/story.amp/amp`); a mark that is all there is stays.
    while drop_mark(&mut segments) {}
    segments
}

fn drop_mark(segments: &mut Vec<String>) -> bool {
    if segments.len() > 1 {
        if segments.last().is_some_and(|last| last == "print") {
            segments.pop();
            return true;
        }
        if let Some(at) = segments.iter().position(|segment| segment == "amp") {
            segments.remove(at);
            return true;
        }
    }
    match segments.last_mut() {
        Some(last) if last.len() > ".amp".len() && last.ends_with(".amp") => {
            last.truncate(last.len() - ".amp".len());
            true
        }
        _ => false,
    }
}

/// Decodes percent escapes once and encodes what needs it once, so that `’`, `%e2%80%99` and `%E2%80%99` are the same.
///
/// In a query a plus is a space.
fn escaped_once(text: &str, in_query: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, used) = match (first, tail) {
            (b'%', [high, low, ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, 3),
                _ => (b'%', 1),
            },
            (b'+', _) if in_query => (b' ', 1),
            _ => (*first, 1),
        };
        rest = &rest[used..];
        if byte.is_ascii_alphanumeric() || b"-._~!$'()*,;:@".contains(&byte) || (!in_query && b"&=+".contains(&byte)) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(text: &str) -> String {
        canonical(&Url::parse(text).unwrap()).0
    }

    #[test]
    fn the_key_of_an_address() {
        for (text, expected) in [
            ("http://www.harbourecho.example/news/15690215.some-slug/?ref=rl&lp=1#comments", "harbourecho.example/news/15690215.some-slug"),
            ("https://www.bbc.com/news/articles/c1abc2def3go?at_medium=RSS&at_campaign=rss#0", "bbc.co.uk/news/articles/c1abc2def3go"),
            ("https://feeds.bbci.co.uk/news/uk-england-1", "bbc.co.uk/news/uk-england-1"),
            ("https://m.bbc.co.uk/news/amp/uk-england-1", "bbc.co.uk/news/uk-england-1"),
            ("https://files.api.ofsted.gov.uk/v1/file/50004332", "files.ofsted.gov.uk/v1/file/50004332"),
            ("https://www.gov.uk/government/news/a#2026-01", "gov.uk/government/news/a"),
            ("https://amp.daily.example/a/story-12345678.amp", "daily.example/a/story-12345678"),
            ("https://daily.example/story/amp/", "daily.example/story"),
            ("https://daily.example/story/print", "daily.example/story"),
            ("https://law.example/a/50272-slug?tmpl=component&print=1&layout=default", "law.example/a/50272-slug"),
            ("https://law.example/a?format=feed&type=rss", "law.example/a"),
            ("https://x.example/a?type=5", "x.example/a?type=5"),
            ("https://x.example/A-Title/64328?b=2&ID=7&a=1&", "x.example/A-Title/64328?ID=7&a=1&b=2"),
            ("https://x.example/a?empty=&4711", "x.example/a?4711"),
            ("https://x.example/it’s", "x.example/it%E2%80%99s"),
            ("https://x.example/it%e2%80%99s", "x.example/it%E2%80%99s"),
            ("https://x.example/%61%2Fb%20c", "x.example/a%2Fb%20c"),
            ("https://x.example/a?q=b+c", "x.example/a?q=b%20c"),
            ("https://x.example:443//a///b//", "x.example/a/b"),
            ("http://x.example:443/a", "x.example/a"),
            ("https://x.example:8443/a", "x.example:8443/a"),
            ("https://X.Example./", "x.example"),
            ("https://x.example?id=1", "x.example/?id=1"),
            ("https://m.uk/a", "m.uk/a"),
            ("https://x.example/amp", "x.example/amp"),
            ("https://x.example/.amp", "x.example/.amp"),
            ("mailto:anna@x.example", "mailto:anna@x.example"),
        ] {
            assert_eq!(key(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_fetched_keeps_all_but_the_tracking() {
        for (text, expected) in [
            ("http://www.x.example/a/?utm_source=b&ID=7&fbclid=c#d", "http://www.x.example/a/?ID=7"),
            ("https://x.example/a?utm_source=b", "https://x.example/a"),
            ("https://x.example/news/?service=rss", "https://x.example/news/?service=rss"),
            ("https://x.example/a?format=feed&type=rss", "https://x.example/a?format=feed&type=rss"),
            ("https://x.example/a?q=%41+b&&x", "https://x.example/a?q=%41+b&&x"),
        ] {
            assert_eq!(fetchable(&Url::parse(text).unwrap()).as_str(), expected, "{text}");
        }
    }

    #[test]
    fn ids_are_stable_by_rule() {
        let id = story_id(&Address("harbourecho.example/news/15690215.some-slug".to_owned()));
        assert_eq!(id.0, "s-57b92a171e41", "stored databases rely on this");
        let report = |text: &str| report_id(&Url::parse(text).unwrap()).0;
        assert_eq!(report("https://files.ofsted.gov.uk/v1/file/50004332"), "r-50004332");
        assert_eq!(report("http://files.api.ofsted.gov.uk/v1/file/50004332/?x="), "r-50004332");
        for other in [
            "https://files.ofsted.gov.uk/v1/file/5000a",
            "https://files.ofsted.gov.uk/v1/file/",
            "https://files.ofsted.gov.uk/v1/file/1234567890123",
            "https://files.ofsted.gov.uk.x.example/v1/file/1",
            "https://reports.x.example/provider/files/2631211/urn/103980.pdf",
        ] {
            assert!(report(other).len() == "r-".len() + ID_DIGITS && !report(other).ends_with("50004332"), "{other}");
        }
    }

    /// Web addresses with everything in them that the rules touch.
    fn addresses() -> impl Strategy<Value = Url> {
        let host = "((www|m|amp)\\.){0,2}(bbc\\.com|feeds\\.bbci\\.co\\.uk|[a-z]{1,5}\\.example)(:(80|443|8080))?";
        let segment = "(amp|print|\\.amp|a\\.amp|[a-cA-C%\\-.+&=~’ ]{0,6}|%2[fF]|%25|%e9|%2e|15690215\\.a)";
        let pair = "(utm_a=b|ref=c|type=d|format=e|id=[a-c+%’&=;]{0,4}|%2[56]|x=|amp|[a-c]{0,3})";
        ("https?", host, proptest::collection::vec(segment, 0..5), proptest::collection::vec(pair, 0..5), "(#[a-z]{0,3})?").prop_filter_map(
            "an address",
            |(scheme, host, path, query, fragment)| {
                Url::parse(&format!("{scheme}://{host}/{}?{}{fragment}", path.join("/"), query.join("&"))).ok()
            },
        )
    }

    proptest! {
        #[test]
        fn a_key_made_from_itself_is_the_same(url in addresses()) {
            let once = canonical(&url);
            let again = canonical(&Url::parse(&format!("https://{once}")).unwrap());
            prop_assert_eq!(&once, &again, "{}", url);
        }

        #[test]
        fn a_key_is_the_same_for_all_variants(url in addresses()) {
            let expected = canonical(&url);
            let mut variants = vec![fetchable(&url)];
            let mut put = |change: &dyn Fn(&mut Url)| {
                let mut variant = url.clone();
                change(&mut variant);
                variants.push(variant);
            };
            put(&|url| url.set_fragment(Some("comments")));
            put(&|url| { let _ = url.set_scheme("http"); });
            put(&|url| { let host = format!("www.{}", url.host_str().unwrap()); url.set_host(Some(&host)).unwrap(); });
            put(&|url| { let path = format!("{}/", url.path()); url.set_path(&path); });
            put(&|url| { url.query_pairs_mut().append_pair("utm_source", "x").append_pair("at_medium", "RSS"); });
            put(&|url| { let query = url.query().unwrap_or("").split('&').rev().collect::<Vec<_>>().join("&"); url.set_query(Some(&query)); });
            for variant in variants {
                prop_assert_eq!(&expected, &canonical(&variant), "{} and {}", url, variant);
            }
        }

        #[test]
        fn no_address_makes_it_panic(text in "\\PC{0,60}") {
            for text in [text.clone(), format!("https://{text}"), format!("https://x.example/{text}")] {
                if let Ok(url) = Url::parse(&text) {
                    let _ = (canonical(&url), fetchable(&url), report_id(&url), article_number(&url));
                }
            }
        }
    }
}
