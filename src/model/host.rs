//! What is remembered of hosts from run to run: who asked to be left alone, when each was last asked, and its robots.txt.

use jiff::Timestamp;

use super::fetched::Validators;

/// One host, by its name, with the port where it is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    pub name: String,
    /// It asked to be left alone until then.
    pub held: Option<Hold>,
    /// When it last answered, or should have.
    pub asked: Option<Timestamp>,
}

/// A host's own word that it is to be left alone (Retry-After, 429).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub until: Timestamp,
    /// What it answered.
    pub why: String,
}

/// The robots.txt of one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotsFile {
    pub origin: String,
    /// None where there is no such file: then there are no rules.
    pub body: Option<Vec<u8>>,
    pub validators: Validators,
    /// The last answer, with a body or "not modified".
    pub fetched: Timestamp,
}

/// All that is remembered, or what was learnt since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    pub hosts: Vec<Host>,
    pub robots: Vec<RobotsFile>,
}

impl Memory {
    pub fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.robots.is_empty()
    }
}
