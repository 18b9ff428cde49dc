//! What went wrong, from the errors and status codes of HTTP into the fixed list of failures, in words for a reader.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use reqwest::StatusCode;
use rustls::{CertificateError, Error as TlsError};
use url::Url;

use super::guard::PrivateName;
use crate::model::fetched::{Failure, FailureKind};
use crate::model::text::{clean_line, shorten};

/// Characters of a cause shown in a message.
const MAX_CAUSE: usize = 120;

const PASSWORD: &str = "the proxy asks for a password";

/// A failure with what it tells of the host.
#[derive(Debug)]
pub struct FailedRequest {
    pub failure: Failure,
    pub standing: HostStanding,
}

/// How a host stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostStanding {
    /// It answered, if only with an error.
    Alive,
    /// Nothing came from it.
    Dead,
    /// It asked to be left alone: 429, or a Retry-After with another answer that may carry one.
    Away,
}

/// Whom a request went to, and with what patience.
#[derive(Debug, Clone, Copy)]
pub struct Peer<'a> {
    pub host: &'a str,
    pub proxied: bool,
    pub connect_timeout: Duration,
    pub timeout: Duration,
}

impl FailedRequest {
    pub fn alive(failure: Failure) -> Self {
        Self { failure, standing: HostStanding::Alive }
    }

    fn dead(kind: FailureKind, detail: String) -> Self {
        Self { failure: Failure::new(kind, detail), standing: HostStanding::Dead }
    }

    /// True for a passing failure of a host that did not ask to be left alone.
    pub fn is_worth_another_try(&self) -> bool {
        self.failure.kind.is_passing() && self.standing != HostStanding::Away
    }
}

/// Nothing came within the time for the whole request.
pub fn no_answer(peer: &Peer<'_>) -> FailedRequest {
    FailedRequest::dead(FailureKind::Timeout, format!("no answer from {} within {}", peer.host, time(peer.timeout)))
}

/// The header came in time and the body did not.
pub fn slow_body(bytes: usize, peer: &Peer<'_>) -> FailedRequest {
    let detail = format!("{} sent only {} within {}", peer.host, size(bytes), time(peer.timeout));
    FailedRequest::alive(Failure::new(FailureKind::Timeout, detail))
}

/// An error before the header of the answer.
pub fn of_send_error(error: &reqwest::Error, peer: &Peer<'_>) -> FailedRequest {
    let Peer { host, .. } = peer;
    let through = if peer.proxied { " through the proxy" } else { "" };
    if let Some(private) = find::<PrivateName>(error) {
        return FailedRequest::alive(Failure::new(FailureKind::PrivateAddress, private.to_string()));
    }
    if let Some(tls) = find::<TlsError>(error) {
        return FailedRequest::alive(Failure::new(
            FailureKind::Tls,
            format!("no secure connection to {host}{through}: {}", tls_cause(tls)),
        ));
    }
    if error.is_timeout() {
        let detail = format!("no connection to {host}{through} within {}", time(peer.connect_timeout));
        return FailedRequest::dead(FailureKind::Timeout, detail);
    }
    if error.is_dns() {
        let whom = if peer.proxied { "the proxy" } else { host };
        return FailedRequest::dead(FailureKind::Dns, format!("no address found for {whom}"));
    }
    let what = if error.is_connect() { "no connection to" } else { "no answer from" };
    FailedRequest::dead(FailureKind::Connect, format!("{what} {host}{through}: {}", cause(error)))
}

/// The connection ended before the body did.
pub fn broken_body(peer: &Peer<'_>) -> FailedRequest {
    FailedRequest::alive(Failure::new(FailureKind::Connect, format!("the connection to {} broke before the end of the body", peer.host)))
}

/// The failure of a status code that is none of success, redirect or "not modified".
pub fn of_status(status: StatusCode, retry_after: Option<Duration>, peer: &Peer<'_>) -> FailedRequest {
    let kind = match status.as_u16() {
        401 | 402 | 403 | 451 => FailureKind::Forbidden,
        404 => FailureKind::NotFound,
        410 => FailureKind::Gone,
        429 => FailureKind::TooMany,
        400..=499 => FailureKind::ClientError,
        500..=599 => FailureKind::ServerError,
        _ => FailureKind::Unreadable,
    };
    // Those of its own, or of RFC 9110, 15.5, and of servers that count requests.
    let asked_away = matches!(status.as_u16(), 403 | 408 | 413 | 420 | 425 | 429 | 500..=599);
    let retry_after = retry_after.filter(|wait| asked_away && !wait.is_zero());
    let reason = status.canonical_reason().map(|reason| format!(" ({})", reason.to_lowercase())).unwrap_or_default();
    let through = if peer.proxied && status.is_server_error() { " through the proxy" } else { "" };
    let detail = match status.as_u16() {
        407 if peer.proxied => format!("no connection to {} through the proxy: {PASSWORD}", peer.host),
        number => format!("{} answered {number}{reason}{through}", peer.host),
    };
    let standing = if kind == FailureKind::TooMany || retry_after.is_some() { HostStanding::Away } else { HostStanding::Alive };
    FailedRequest { failure: Failure { kind, detail, retry_after }, standing }
}

/// The host of an address as a reader knows it, with the port where it is not the usual one.
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("nowhere");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// "512 bytes", "10 KiB", "15 MiB"; and "5 MB", as limits are written in the configuration.
pub fn size(bytes: usize) -> String {
    match bytes {
        1.. if bytes.is_multiple_of(1_000_000) => format!("{} MB", bytes / 1_000_000),
        1.. if bytes.is_multiple_of(1_000) => format!("{} KB", bytes / 1_000),
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}

/// "20 s", "300 ms".
fn time(duration: Duration) -> String {
    if duration.subsec_millis() == 0 { format!("{} s", duration.as_secs()) } else { format!("{} ms", duration.as_millis()) }
}

fn tls_cause(error: &TlsError) -> String {
    match error {
        TlsError::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its certificate is signed by nobody this machine trusts (if a proxy re-signs TLS, name its authority in SSL_CERT_FILE)"
                .to_owned()
        }
        TlsError::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "its certificate has expired".to_owned()
        }
        TlsError::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            "its certificate is not valid yet, or the clock of this machine is slow".to_owned()
        }
        TlsError::InvalidCertificate(CertificateError::Other(other)) if other.to_string().contains("CaUsedAsEndEntity") => {
            "its certificate is signed by itself".to_owned()
        }
        TlsError::InvalidMessage(_) => "what answers there does not speak TLS".to_owned(),
        TlsError::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) => {
            "its certificate is for another name".to_owned()
        }
        other => shorten(&clean_line(&other.to_string()), MAX_CAUSE),
    }
}

/// The innermost cause, which is the one that says something.
fn cause(error: &reqwest::Error) -> String {
    if let Some(io) = find::<io::Error>(error) {
        match io.kind() {
            io::ErrorKind::ConnectionRefused => return "connection refused".to_owned(),
            io::ErrorKind::ConnectionReset => return "connection reset".to_owned(),
            io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => return "network unreachable".to_owned(),
            _ => {}
        }
    }
    let mut innermost: &dyn StdError = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    // How the HTTP client says that a proxy opened no tunnel.
    match innermost.to_string().as_str() {
        "tunnel error: unsuccessful" => "the proxy did not reach it".to_owned(),
        "tunnel error: proxy authorization required" => PASSWORD.to_owned(),
        other => shorten(&clean_line(other), MAX_CAUSE),
    }
}

/// Finds an error of a type in the chain, also inside I/O errors, which do not show what they wrap as their source.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
            && let Some(found) = find::<T>(inner)
        {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: Peer<'_> =
        Peer { host: "example.org", proxied: false, connect_timeout: Duration::from_secs(10), timeout: Duration::from_secs(20) };

    #[test]
    fn status_codes() {
        for (code, kind, standing) in [
            (401, FailureKind::Forbidden, HostStanding::Alive),
            (402, FailureKind::Forbidden, HostStanding::Alive),
            (403, FailureKind::Forbidden, HostStanding::Alive),
            (451, FailureKind::Forbidden, HostStanding::Alive),
            (404, FailureKind::NotFound, HostStanding::Alive),
            (410, FailureKind::Gone, HostStanding::Alive),
            (429, FailureKind::TooMany, HostStanding::Away),
            (400, FailureKind::ClientError, HostStanding::Alive),
            (418, FailureKind::ClientError, HostStanding::Alive),
            (500, FailureKind::ServerError, HostStanding::Alive),
            (503, FailureKind::ServerError, HostStanding::Alive),
            (599, FailureKind::ServerError, HostStanding::Alive),
            (204, FailureKind::Unreadable, HostStanding::Alive),
            (300, FailureKind::Unreadable, HostStanding::Alive),
            (999, FailureKind::Unreadable, HostStanding::Alive),
        ] {
            let fault = of_status(StatusCode::from_u16(code).unwrap(), None, &PEER);
            assert_eq!((fault.failure.kind, fault.standing), (kind, standing), "{code}");
        }
    }

    #[test]
    fn a_host_that_is_busy_or_refuses_can_send_us_away() {
        let hour = Some(Duration::from_secs(3600));
        for (code, expected) in
            [(429, hour), (503, hour), (500, hour), (403, hour), (408, hour), (413, hour), (425, hour), (404, None), (400, None)]
        {
            let fault = of_status(StatusCode::from_u16(code).unwrap(), hour, &PEER);
            assert_eq!((fault.failure.retry_after, fault.standing == HostStanding::Away), (expected, expected.is_some()), "{code}");
        }
    }

    #[test]
    fn messages_name_the_host_and_the_cause() {
        assert_eq!(no_answer(&PEER).failure.detail, "no answer from example.org within 20 s");
        assert_eq!(slow_body(2048, &PEER).failure.detail, "example.org sent only 2 KiB within 20 s");
        let busy = of_status(StatusCode::SERVICE_UNAVAILABLE, None, &PEER).failure.detail;
        assert_eq!(busy, "example.org answered 503 (service unavailable)");
    }
}
