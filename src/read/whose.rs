//! Whose story a page is: a feed may list pages of other hosts, and those are not its outlet's.

use url::{Host, Url};

/// Whose a page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// The outlet of the source that listed it.
    Source,
    /// Another's, known by this registrable domain.
    Site(String),
}

/// Of the addresses in a list, the share in per cent on one site that makes it that site's list, wherever it is served from.
const OWN_SHARE: usize = 60;

/// Whose story the page at `page` is, listed by a source at `source` beside the pages at `listed`.
///
/// A feed may stand on a host of its own (`feeds.bbci.co.uk` lists `www.bbc.co.uk`): most of what it lists is then its outlet's.
pub fn whose_story(page: &Url, source: &Url, listed: &[Url]) -> Whose {
    let Some(site) = site_of(page).filter(|_| !is_on_site_of(page, source)) else { return Whose::Source };
    let there = listed.iter().filter_map(site_of).filter(|other| is_one_site(other, &site)).count();
    if !listed.is_empty() && there * 100 >= listed.len() * OWN_SHARE { Whose::Source } else { Whose::Site(site) }
}

/// True for two addresses on one site, or where the first has none.
pub fn is_on_site_of(page: &Url, source: &Url) -> bool {
    site_of(page).is_none_or(|site| site_of(source).is_some_and(|own| is_one_site(&own, &site)))
}

/// The registrable domain of an address: `example.co.uk` of `https://www.example.co.uk/x`; the host where there is none.
pub fn site_of(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(host) => Some(psl::domain_str(host).unwrap_or(host).to_owned()),
        address => Some(address.to_string()),
    }
}

/// True for two domains of one site: the same, or the same name under another ending (`example.com`, `example.co.uk`).
pub fn is_one_site(a: &str, b: &str) -> bool {
    let name = |domain: &str| domain.split('.').next().unwrap_or_default().to_owned();
    let is_number = a.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    a == b || (!is_number && name(a).len() >= MIN_NAME && name(a) == name(b))
}

/// Shorter names under different endings belong to different owners.
const MIN_NAME: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn whose(page: &str, source: &str, listed: &[&str]) -> Whose {
        let listed: Vec<Url> = listed.iter().map(|url| Url::parse(url).unwrap()).collect();
        whose_story(&Url::parse(page).unwrap(), &Url::parse(source).unwrap(), &listed)
    }

    #[test]
    fn a_page_of_the_same_site_is_the_sources() {
        for (page, source) in [
            ("https://www.echo.example.co.uk/a", "https://feeds.echo.example.co.uk/rss"),
            ("https://www.bbc.com/news/1", "https://www.bbc.co.uk/rss"),
            ("http://127.0.0.1:81/a", "http://127.0.0.1:80/rss"),
        ] {
            assert_eq!(whose(page, source, &[]), Whose::Source, "{page}");
        }
    }

    #[test]
    fn a_list_on_a_host_of_its_own_is_of_the_site_that_it_lists() {
        let listed = ["https://www.bbc.co.uk/1", "https://www.bbc.co.uk/2", "https://www.bbc.com/3", "https://other.example/4"];
        assert_eq!(whose(listed[0], "https://feeds.bbci.co.uk/rss", &listed), Whose::Source);
        assert_eq!(whose(listed[3], "https://feeds.bbci.co.uk/rss", &listed), Whose::Site("other.example".to_owned()));
    }

    #[test]
    fn a_page_elsewhere_is_anothers() {
        let listed = ["https://echo.example/1", "https://www.rival.co.uk/2"];
        assert_eq!(whose(listed[1], "https://echo.example/rss", &listed), Whose::Site("rival.co.uk".to_owned()));
        assert_eq!(whose("http://10.0.0.2/a", "http://10.0.0.1/rss", &[]), Whose::Site("10.0.0.2".to_owned()));
        assert_eq!(whose("https://a.co.uk/1", "https://a.com/rss", &[]), Whose::Site("a.co.uk".to_owned()));
    }
}
