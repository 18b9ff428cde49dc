//! The query of an address: which parameters say what is shown, and which only who came from where or in which dress.

use url::Url;

use super::escaped_once;

/// Prefixes of parameters that track, in lower case.
const TRACKING_PREFIXES: [&str; 9] = ["_hs", "amp_", "at_", "hsa_", "int_", "mtm_", "ns_", "pk_", "utm_"];

/// Parameters that track, in lower case and sorted. Seen on the sites of the default sources, or set by the usual senders of
/// newsletters and adverts.
const TRACKING: [&str; 39] = [
    "_ga", "_gl", "blocktitle", "cmp", "cmpid", "contentid", "dclid", "fbclid", "gaa_at", "gaa_n", "gaa_sig", "gaa_ts", "gbraid", "gclid",
    "highlight", "icid", "ico", "igshid", "intcid", "intcmp", "ito", "lp", "mc_cid", "mc_eid", "mibextid", "mkt_tok", "msclkid", "ncid",
    "oc", "ocid", "ref", "replytocom", "share", "smid", "twclid", "wbraid", "wt.mc_id", "xtor", "yclid",
];

/// Parameters that ask for another dress of the same page (AMP, print, feed, language), in lower case and sorted. They matter when the page is
/// fetched and not when it is compared.
const DRESS: [&str; 10] = ["amp", "ceid", "format", "gl", "hl", "layout", "outputtype", "print", "service", "tmpl"];

/// What is left for the key: no tracking, no dress, nothing empty; escaped once and sorted.
pub fn essential(url: &Url) -> Option<String> {
    let pairs = url.query()?.split('&');
    // Joomla's feeds are `format=feed&type=rss`; alone, a `type` may say what is shown.
    let has_format = pairs.clone().any(|pair| name(pair) == "format");
    let kept = pairs.filter(|pair| {
        let name = name(pair);
        let is_dress = DRESS.binary_search(&name.as_str()).is_ok() || (has_format && name == "type");
        let is_idle = is_empty(pair) || is_tracking(&name) || is_dress;
        !is_idle
    });
    let mut kept: Vec<String> = kept.map(escaped_pair).collect();
    kept.sort_unstable();
    kept.dedup();
    (!kept.is_empty()).then(|| kept.join("&"))
}

/// The query as it is, less the parameters that track.
pub fn untracked(url: &Url) -> Option<String> {
    let pairs: Vec<&str> = url.query()?.split('&').collect();
    let kept: Vec<&str> = pairs.iter().copied().filter(|pair| !is_tracking(&name(pair))).collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

fn is_tracking(name: &str) -> bool {
    TRACKING.binary_search(&name).is_ok() || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The name of a pair, decoded as for the key, in lower case.
fn name(pair: &str) -> String {
    escaped_once(pair.split('=').next().unwrap_or_default(), true).to_ascii_lowercase()
}

/// True for nothing at all and for a name with an empty value; a bare name may be all that says what is shown (`/story?4711`).
fn is_empty(pair: &str) -> bool {
    pair.is_empty() || pair.split_once('=').is_some_and(|(_, value)| value.is_empty())
}

fn escaped_pair(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, value)) => format!("{}={}", escaped_once(name, true), escaped_once(value, true)),
        None => escaped_once(pair, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_in_lower_case() {
        for list in [&TRACKING[..], &TRACKING_PREFIXES, &DRESS] {
            assert!(list.is_sorted() && list.iter().all(|name| *name == name.to_ascii_lowercase()));
        }
    }

    #[test]
    fn what_tracks_and_what_does_not() {
        for name in ["utm_source", "UTM_Medium", "at_campaign", "ns_mchannel", "fbclid", "CMP", "contentID", "intcmp", "ref", "oc"] {
            assert!(is_tracking(&super::name(&format!("{name}=x"))), "{name}");
        }
        for name in ["id", "ID", "page", "s", "p", "q", "atom", "author", "type", "reference", "cid", "glossary"] {
            assert!(!is_tracking(&super::name(&format!("{name}=x"))), "{name}");
        }
    }
}
