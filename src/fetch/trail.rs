//! The trail of one request through its redirects: how far, where to, and whether the move is for good.

use url::Url;

use super::guard::{Guard, MAX_ADDRESS};
use super::outcome::host_of;
use crate::model::fetched::{Failure, FailureKind};

/// Redirects followed for one request (RFC 9309 asks for at least five for robots.txt).
pub const MAX_HOPS: usize = 5;

/// Where a request has been; the last address is the one to ask.
#[derive(Debug)]
pub struct Trail {
    guard: Guard,
    passed: Vec<Url>,
    here: Url,
    all_permanent: bool,
}

impl Trail {
    /// Starts at an address, checked and without its fragment.
    pub fn new(start: &Url, guard: Guard) -> Result<Self, Failure> {
        guard.check(start)?;
        Ok(Self { guard, passed: Vec::new(), here: without_fragment(start.clone()), all_permanent: true })
    }

    pub fn here(&self) -> &Url {
        &self.here
    }

    /// True if there was a redirect and every one was permanent.
    pub fn moved_for_good(&self) -> bool {
        !self.passed.is_empty() && self.all_permanent
    }

    /// Goes on to where a `Location` points.
    pub fn follow(&mut self, location: &str, permanent: bool) -> Result<(), Failure> {
        let next = self.resolve(location)?;
        self.guard.check(&next).map_err(|failure| {
            Failure::new(failure.kind, format!("{} redirects to an address that is refused: {}", host_of(&self.here), failure.detail))
        })?;
        let refuse = |detail: String| Err(Failure::new(FailureKind::Redirects, detail));
        if self.here.scheme() == "https" && next.scheme() == "http" {
            return refuse(format!("{} redirects from https down to http at {}, which is refused", host_of(&self.here), host_of(&next)));
        }
        if next == self.here || self.passed.contains(&next) {
            return refuse(format!("{} redirects in a circle", host_of(&self.here)));
        }
        if self.passed.len() >= MAX_HOPS {
            return Err(self.too_long());
        }
        self.passed.push(std::mem::replace(&mut self.here, next));
        self.all_permanent &= permanent;
        Ok(())
    }

    pub fn too_long(&self) -> Failure {
        let start = self.passed.first().unwrap_or(&self.here);
        Failure::new(FailureKind::Redirects, format!("{} redirects more than {MAX_HOPS} times", host_of(start)))
    }

    /// A browser reads a backslash as a slash and other programs do not; such an address means two things and is refused.
    fn resolve(&self, location: &str) -> Result<Url, Failure> {
        let bad = |what: &str| Failure::new(FailureKind::BadAddress, format!("{} redirects to {what}", host_of(&self.here)));
        let location = location.trim();
        if location.is_empty() {
            return Err(Failure::new(FailureKind::Redirects, format!("{} redirects without saying where to", host_of(&self.here))));
        }
        if location.len() > MAX_ADDRESS {
            return Err(bad("an address that is too long"));
        }
        if location.chars().any(|char| char == '\\' || char.is_control()) {
            return Err(bad("an address with a backslash or a control character"));
        }
        self.here.join(location).map(without_fragment).map_err(|_| bad("something that is not an address"))
    }
}

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(start: &str) -> Trail {
        Trail::new(&Url::parse(start).unwrap(), Guard { allow_private: false }).unwrap()
    }

    fn check(start: &str, location: &str, expected: Result<&str, FailureKind>) {
        let mut trail = trail(start);
        let found = trail.follow(location, true).map(|()| trail.here().to_string()).map_err(|failure| failure.kind);
        assert_eq!(found, expected.map(str::to_owned), "{start} -> {location}");
    }

    #[test]
    fn where_a_location_leads() {
        let start = "https://example.org/a/b?c#d";
        check(start, "https://other.example/x#y", Ok("https://other.example/x"));
        check(start, " /x ", Ok("https://example.org/x"));
        check(start, "x", Ok("https://example.org/a/x"));
        check(start, "//other.example/x", Ok("https://other.example/x"));
        check("http://example.org/", "https://example.org/", Ok("https://example.org/"));
        check(start, "http://other.example/x", Err(FailureKind::Redirects));
        check(start, "#e", Err(FailureKind::Redirects));
        check(start, "", Err(FailureKind::Redirects));
        check(start, "https://10.0.0.1/", Err(FailureKind::PrivateAddress));
        check(start, "https://localhost/", Err(FailureKind::PrivateAddress));
        check(start, "file:///etc/passwd", Err(FailureKind::BadAddress));
        check(start, "javascript:alert(1)", Err(FailureKind::BadAddress));
        check(start, "https://other.example\\@10.0.0.1/", Err(FailureKind::BadAddress));
        check(start, "https://user@other.example/", Err(FailureKind::BadAddress));
        check(start, "https://other.example:22/", Err(FailureKind::BadAddress));
        check(start, "https://[::1", Err(FailureKind::BadAddress));
        check(start, "/a\tb", Err(FailureKind::BadAddress));
    }

    #[test]
    fn five_hops_and_no_sixth() {
        let mut trail = trail("https://example.org/0");
        for hop in 1..=MAX_HOPS {
            trail.follow(&format!("/{hop}"), true).unwrap();
        }
        let failure = trail.follow("/6", true).unwrap_err();
        assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::Redirects, "example.org redirects more than 5 times"));
    }

    #[test]
    fn a_circle_is_seen_at_once() {
        let mut trail = trail("https://example.org/a");
        trail.follow("/b", false).unwrap();
        assert_eq!(trail.follow("/a", false).unwrap_err().detail, "example.org redirects in a circle");
    }

    #[test]
    fn a_move_is_for_good_only_if_every_step_is() {
        let mut trail = trail("https://example.org/a");
        assert!(!trail.moved_for_good());
        trail.follow("/b", true).unwrap();
        assert!(trail.moved_for_good());
        trail.follow("/c", false).unwrap();
        trail.follow("/d", true).unwrap();
        assert!(!trail.moved_for_good());
    }
}
