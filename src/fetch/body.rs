//! Bodies: counted while they arrive and after decompression, so that no bomb and no endless stream gets far.

use reqwest::Response;
use tokio::time::{Instant, timeout_at};

use super::header;
use super::outcome::{self, Fault, Peer};
use crate::model::fetched::{Failure, FailureKind};

/// The first reservation for a body; a stated length is not believed beyond it.
const FIRST_RESERVATION: u64 = 64 * 1024;

/// How much of a body is taken.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// After decompression.
    bytes: usize,
    excess: Excess,
}

#[derive(Debug, Clone, Copy)]
enum Excess {
    Refuse,
    Cut,
}

impl Limit {
    /// A longer body is a failure.
    pub const fn refuse_above(bytes: usize) -> Self {
        Self { bytes, excess: Excess::Refuse }
    }

    /// A longer body is cut.
    pub const fn cut_at(bytes: usize) -> Self {
        Self { bytes, excess: Excess::Cut }
    }
}

/// Reads the body until its end, the limit or the deadline.
pub async fn read(mut response: Response, limit: Limit, deadline: Instant, peer: &Peer<'_>) -> Result<Vec<u8>, Fault> {
    let stated = header::content_length(response.headers());
    if matches!(limit.excess, Excess::Refuse) && stated.is_some_and(|stated| stated > limit.bytes as u64) {
        return Err(too_large(limit, peer));
    }
    let mut body = Vec::with_capacity(stated.unwrap_or(0).min(FIRST_RESERVATION) as usize);
    loop {
        let chunk = match timeout_at(deadline, response.chunk()).await {
            Err(_) => return Err(outcome::slow_body(body.len(), peer)),
            Ok(Err(error)) => return Err(outcome::of_body_error(&error, peer)),
            Ok(Ok(None)) => return Ok(body),
            Ok(Ok(Some(chunk))) => chunk,
        };
        if chunk.len() <= limit.bytes - body.len() {
            body.extend_from_slice(&chunk);
            continue;
        }
        return match limit.excess {
            Excess::Refuse => Err(too_large(limit, peer)),
            Excess::Cut => {
                body.extend_from_slice(&chunk[..limit.bytes - body.len()]);
                Ok(body)
            }
        };
    }
}

fn too_large(limit: Limit, peer: &Peer<'_>) -> Fault {
    let detail = format!("{} sent more than {}", peer.host, outcome::size(limit.bytes));
    Fault::alive(Failure::new(FailureKind::TooLarge, detail))
}
