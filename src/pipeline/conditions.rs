//! With what conditions an address is asked for: only if it changed, and once in a while whatever it is.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::{
    model::fetched::{Validators, Wishes},
    store::{Resource, Store},
};

use super::Halt;

/// Servers whose validators are stuck say "not modified" for ever: after this time a full answer is asked for.
const FULL: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Addresses of one origin that are looked at: lists lead to a few.
const BESIDE: u32 = 200;

/// What is known of an address when it is asked again.
#[derive(Debug, Clone, Default)]
pub(super) struct Conditions {
    pub validators: Validators,
    pub wishes: Wishes,
}

/// The validators to send, and what was wished of us last time.
pub(super) fn conditions(store: &Store, url: &Url, now: Timestamp) -> Result<Conditions, Halt> {
    let Some(known) = store.resource(url.as_str())? else { return Ok(Conditions::default()) };
    let wishes = known.wishes;
    Ok(Conditions { validators: sent(known, now), wishes })
}

/// The validators of everything else that the origin of a list gave, by address: what it leads to stands there.
pub(super) fn beside(store: &Store, url: &Url, now: Timestamp) -> Result<HashMap<String, Validators>, Halt> {
    let known = store.resources_of(&format!("{}/", url.origin().ascii_serialization()), BESIDE)?;
    Ok(known.into_iter().filter(|(address, _)| address != url.as_str()).map(|(address, known)| (address, sent(known, now))).collect())
}

fn sent(known: Resource, now: Timestamp) -> Validators {
    let is_old = known.full_at.is_none_or(|full| now.duration_since(full) >= FULL);
    if is_old { Validators::default() } else { known.validators }
}
