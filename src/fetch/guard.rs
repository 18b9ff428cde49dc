//! Which addresses are asked at all: http and https on ordinary ports, and hosts on the public internet only.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::model::fetched::{Failure, FailureKind};

/// Longer addresses are refused; no publisher's come near.
pub const MAX_ADDRESS: usize = 4096;

/// Ports from here on are open to any program; below it only those of the web are asked.
const FIRST_FREE_PORT: u16 = 1024;

/// Names that never stand for a public host: special-use names (RFC 6761, 6762, 8375, ICANN's `internal`) and those that
/// office networks use by custom.
const LOCAL_NAMES: [&str; 8] = ["corp", "home", "home.arpa", "internal", "intranet", "lan", "local", "localhost"];

/// What may be asked.
#[derive(Debug, Clone, Copy)]
pub struct Guard {
    /// Lets hosts on private networks through; all other rules stay.
    pub allow_private: bool,
}

/// A name that leads to no public address; found again in the chain of a connection's error.
#[derive(Debug, thiserror::Error)]
#[error("{name} leads to {address}, which is not on the public internet")]
pub struct PrivateName {
    pub name: String,
    pub address: IpAddr,
}

impl Guard {
    /// Checks an address before anything is sent. A name is checked again when it is resolved.
    pub fn check(self, url: &Url) -> Result<(), Failure> {
        let bad = |detail: String| Err(Failure::new(FailureKind::BadAddress, detail));
        if !matches!(url.scheme(), "http" | "https") {
            return bad(format!("an address that begins with `{}:` is not fetched; http or https is expected", url.scheme()));
        }
        let Some(host) = url.host() else { return bad("the address names no host".to_owned()) };
        if url.as_str().len() > MAX_ADDRESS {
            return bad(format!("an address at {host} is longer than {MAX_ADDRESS} bytes"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return bad(format!("an address at {host} carries a user name or password, which is never sent"));
        }
        if let Some(port) = url.port().filter(|port| !matches!(port, 80 | 443) && *port < FIRST_FREE_PORT) {
            return bad(format!("port {port} of {host} is not one of the web"));
        }
        if !self.allow_private && !may_be_public(&host) {
            return Err(Failure::new(FailureKind::PrivateAddress, format!("{host} is not on the public internet")));
        }
        Ok(())
    }

    /// The addresses of a name that may be connected to.
    fn filter(self, name: &str, found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, PrivateName> {
        let mut refused = None;
        let mut kept = Vec::new();
        for address in found {
            if self.allow_private || is_public(address.ip()) {
                kept.push(address);
            } else {
                refused.get_or_insert(address.ip());
            }
        }
        match refused {
            Some(address) if kept.is_empty() => Err(PrivateName { name: name.to_owned(), address }),
            _ => Ok(kept),
        }
    }
}

/// Name service behind the guard: what it lets through is what is connected to, so that a name cannot point elsewhere between
/// the check and the connection.
pub struct GuardedNames(pub Guard);

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let kept = guard.filter(name.as_str(), found)?;
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

fn may_be_public(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => is_public(IpAddr::V4(*address)),
        Host::Ipv6(address) => is_public(IpAddr::V6(*address)),
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let is_under = |local: &str| name.strip_suffix(local).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            name.contains('.') && !LOCAL_NAMES.into_iter().any(is_under)
        }
    }
}

/// True for addresses of the public internet: the registries of special-purpose addresses (RFC 6890, IANA, seen 2026-11) less
/// all that is private, local, shared, reserved, for documentation or benchmarks, multicast, or a way of writing another address
/// (v4-mapped, v4-compatible, NAT64, 6to4, Teredo).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [224..=255, ..]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Only 2000::/3 is given out as global unicast; within it stand protocol assignments, documentation and 6to4.
    match address.segments() {
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x2002, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Guard = Guard { allow_private: false };
    const OPEN: Guard = Guard { allow_private: true };

    fn check(guard: Guard, text: &str, expected: Option<FailureKind>) {
        let found = guard.check(&Url::parse(text).unwrap()).err().map(|failure| failure.kind);
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn private_addresses_in_all_their_spellings_are_refused() {
        for host in [
            "localhost", "localhost.", "LOCALHOST", "a.localhost", "printer", "printer.local", "wiki.corp", "router.home.arpa",
            "x.internal", "127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1.", "0.0.0.0", "0", "10.0.0.1",
            "10.255.255.255", "100.64.0.1", "100.127.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1",
            "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
            "240.0.0.1", "255.255.255.255", "[::]", "[::1]", "[::127.0.0.1]", "[::8.8.8.8]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]",
            "[::ffff:8.8.8.8]", "[64:ff9b::7f00:1]", "[64:ff9b::808:808]", "[64:ff9b:1::1]", "[100::1]", "[2001::1]",
            "[2001:0:53aa:64c:0:0:0:1]", "[2001:2::1]", "[2001:10::1]", "[2001:20::1]", "[2001:db8::1]", "[2002:7f00:1::]",
            "[2002:0a00:0001::1]", "[3fff::1]", "[5f00::1]", "[fc00::1]", "[fd00::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]",
        ] {
            check(STRICT, &format!("http://{host}/"), Some(FailureKind::PrivateAddress));
            check(OPEN, &format!("http://{host}/"), None);
        }
    }

    #[test]
    fn public_addresses_beside_the_private_ranges_are_let_through() {
        for host in [
            "example.org", "localhost.example.org", "notlocalhost.example", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255",
            "100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.1",
            "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "[2001:200::1]", "[2001:db7::1]",
            "[2001:db9::1]", "[2003::1]", "[2606:4700::1111]", "[2a00:1450::1]", "[3fff:1000::1]",
        ] {
            check(STRICT, &format!("https://{host}/"), None);
        }
    }

    #[test]
    fn only_web_addresses_without_secrets_on_ordinary_ports() {
        for guard in [STRICT, OPEN] {
            for text in [
                "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "data:text/plain,x", "javascript:alert(1)",
                "http://user@example.org/", "http://user:word@example.org/", "http://:word@example.org/", "http://example.org:22/",
                "http://example.org:1023/", "https://example.org:25/",
            ] {
                check(guard, text, Some(FailureKind::BadAddress));
            }
            for text in ["http://example.org:443/", "https://example.org:80/", "http://example.org:1024/", "https://example.org:8443/"] {
                check(guard, text, None);
            }
        }
    }

    #[test]
    fn an_address_has_a_longest_length() {
        let of_length = |length: usize| format!("https://example.org/{}", "a".repeat(length - "https://example.org/".len()));
        check(STRICT, &of_length(MAX_ADDRESS), None);
        check(STRICT, &of_length(MAX_ADDRESS + 1), Some(FailureKind::BadAddress));
    }

    #[test]
    fn a_secret_is_not_repeated_in_the_message() {
        let failure = STRICT.check(&Url::parse("http://anna:geheim@example.org/").unwrap()).unwrap_err();
        assert!(!failure.detail.contains("geheim") && !failure.detail.contains("anna"), "{}", failure.detail);
        assert!(failure.detail.contains("example.org"));
    }

    #[test]
    fn of_a_name_with_several_addresses_only_the_public_ones_are_kept() {
        let found: Vec<SocketAddr> = vec!["10.0.0.1:0".parse().unwrap(), "8.8.8.8:0".parse().unwrap()];
        assert_eq!(STRICT.filter("x.example", found.clone().into_iter()).unwrap(), found[1..]);
        assert_eq!(OPEN.filter("x.example", found.clone().into_iter()).unwrap(), found);
        let refused = STRICT.filter("x.example", found[..1].iter().copied()).unwrap_err();
        assert_eq!(refused.to_string(), "x.example leads to 10.0.0.1, which is not on the public internet");
    }

    #[tokio::test]
    async fn names_are_checked_when_they_are_resolved() {
        let error = GuardedNames(STRICT).resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert!(error.is::<PrivateName>(), "{error}");
        assert!(GuardedNames(OPEN).resolve("localhost".parse().unwrap()).await.is_ok());
    }
}
