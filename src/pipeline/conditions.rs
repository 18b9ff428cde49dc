//! With what conditions an address is asked for: only if it changed, and once in a while whatever it is.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::{
    model::fetched::{Validators, Wishes},
    store::Store,
};

use super::Halt;

/// Servers whose validators are stuck say "not modified" for ever: after this time a full answer is asked for.
const FULL: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What is known of an address when it is asked again.
#[derive(Debug, Clone, Default)]
pub(super) struct Conditions {
    pub validators: Validators,
    pub wishes: Wishes,
}

/// The validators to send, and what was wished of us last time.
pub(super) fn conditions(store: &Store, url: &Url, now: Timestamp) -> Result<Conditions, Halt> {
    let Some(known) = store.resource(url.as_str())? else { return Ok(Conditions::default()) };
    let is_old = known.full_at.is_none_or(|full| now.duration_since(full) >= FULL);
    let validators = if is_old { Validators::default() } else { known.validators };
    Ok(Conditions { validators, wishes: known.wishes })
}
