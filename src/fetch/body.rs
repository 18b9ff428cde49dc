//! Bodies: counted while they arrive and after decompression, so that no bomb and no endless stream gets far.

use std::io::{self, Read};

use brotli_decompressor::Decompressor;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use reqwest::Response;
use tokio::time::{Instant, timeout_at};

use super::header;
use super::outcome::{self, FailedRequest, Peer};
use crate::model::fetched::{Failure, FailureKind};

/// The first reservation for a body; a stated length is not believed beyond it.
const FIRST_RESERVATION: u64 = 64 * 1024;

/// How UTF-8 begins where a byte order mark stands before it.
const BYTE_ORDER: &[u8] = "\u{feff}".as_bytes();

/// How gzip begins.
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

/// What brotli is unpacked in.
const BROTLI_BUFFER: usize = 16 * 1024;

/// Layers that are taken off: some servers pack what is packed.
const MAX_LAYERS: usize = 3;

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

/// Reads the body until its end, the limit or the deadline, and unpacks what is gzip or zlib by its first bytes, whatever its name
/// says, and once each what is called deflate or brotli, which nothing else tells.
pub async fn read(response: Response, limit: Limit, deadline: Instant, peer: &Peer<'_>) -> Result<Vec<u8>, FailedRequest> {
    let mut named: Vec<NamedPacking> = Vec::new();
    for way in header::packings(response.headers()).filter_map(|name| NamedPacking::of(&name)) {
        // Each once, however often it is named: what cannot be unpacked is tried by all of them.
        named.retain(|known| *known != way);
        named.push(way);
    }
    let mut body = arrive(response, limit, deadline, peer).await?;
    for layer in 0.. {
        let (packing, unpacked) = match body.as_slice() {
            packed if packed.starts_with(&GZIP) => ("gzip", unpack(packed, limit.bytes)),
            packed => match take_off(&mut named, packed, limit.bytes) {
                Some(taken) => taken,
                // Nobody calls it so, and it may be none.
                None => match is_zlib(packed).then(|| inflate(packed, limit.bytes)) {
                    Some(Ok(inflated)) => ("deflate", Ok(inflated)),
                    Some(Err(_)) | None => break,
                },
            },
        };
        if layer == MAX_LAYERS {
            return Err(unreadable(format!("{} sent {packing} in more than {MAX_LAYERS} layers", peer.host)));
        }
        body = match unpacked {
            Ok(Unpacked { is_cut: true, .. }) if matches!(limit.excess, Excess::Refuse) => return Err(too_large(limit, peer)),
            Ok(unpacked) => unpacked.bytes,
            Err(error) => return Err(unreadable(format!("{} sent broken {packing} ({error})", peer.host))),
        };
    }
    Ok(body)
}

/// At most as many bytes as were asked for of what was packed.
#[derive(Debug, PartialEq, Eq)]
struct Unpacked {
    bytes: Vec<u8>,
    /// There were more.
    is_cut: bool,
}

/// Ways to pack that no first bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NamedPacking {
    Deflate,
    Brotli,
}

impl NamedPacking {
    fn of(name: &str) -> Option<Self> {
        match name {
            "deflate" | "x-deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Deflate => "deflate",
            Self::Brotli => "brotli",
        }
    }

    fn unpack(self, body: &[u8], limit: usize) -> io::Result<Unpacked> {
        match self {
            Self::Deflate => inflate(body, limit),
            Self::Brotli => expand(body, limit),
        }
    }
}

/// What can be taken off of the ways that are named, the last one first: some servers name them in another order. Where none can, why
/// not the last.
fn take_off(named: &mut Vec<NamedPacking>, body: &[u8], limit: usize) -> Option<(&'static str, io::Result<Unpacked>)> {
    let mut failed = None;
    for at in (0..named.len()).rev().filter(|_| !body.is_empty()) {
        match named[at].unpack(body, limit) {
            Ok(unpacked) => return Some((named.remove(at).word(), Ok(unpacked))),
            Err(error) => failed = failed.or(Some((named[at].word(), Err(error)))),
        }
    }
    failed
}

/// True where it begins as zlib does (RFC 1950, section 2.2), with the usual window and no dictionary: no text begins so.
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [0x78, flags, ..] if flags & 0x20 == 0 && (0x7800 + u16::from(*flags)) % 31 == 0)
}

fn unreadable(detail: String) -> FailedRequest {
    FailedRequest::alive(Failure::new(FailureKind::Unreadable, detail))
}

/// At most `limit` bytes of what is called deflate: with zlib's head, as RFC 9110 says, or without, as some servers send it, or not
/// packed at all.
fn inflate(body: &[u8], limit: usize) -> io::Result<Unpacked> {
    let inflated = up_to(limit, ZlibDecoder::new(body)).or_else(|_| up_to(limit, DeflateDecoder::new(body)));
    inflated.or_else(|error| as_it_stands(body, error))
}

/// At most `limit` bytes of what is called brotli, or the body where it is not packed at all.
fn expand(body: &[u8], limit: usize) -> io::Result<Unpacked> {
    up_to(limit, Decompressor::new(body, BROTLI_BUFFER)).or_else(|error| as_it_stands(body, error))
}

/// A body that begins as feeds and pages do was never packed.
fn as_it_stands(body: &[u8], error: io::Error) -> io::Result<Unpacked> {
    match body.strip_prefix(BYTE_ORDER).unwrap_or(body).trim_ascii_start() {
        [b'<' | b'{' | b'[', ..] => Ok(Unpacked { bytes: body.to_vec(), is_cut: false }),
        _ => Err(error),
    }
}

/// At most `limit` bytes of what the reader has.
fn up_to(limit: usize, reader: impl Read) -> io::Result<Unpacked> {
    let mut bytes = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    let is_cut = bytes.len() > limit;
    bytes.truncate(limit);
    Ok(Unpacked { bytes, is_cut })
}

/// At most `limit` bytes of what is packed in `body`. Bytes behind the last member are no gzip.
fn unpack(body: &[u8], limit: usize) -> io::Result<Unpacked> {
    let mut bytes = Vec::new();
    let mut rest = body;
    while rest.starts_with(&GZIP) {
        let mut member = GzDecoder::new(rest);
        let room = (limit - bytes.len()) as u64 + 1;
        (&mut member).take(room).read_to_end(&mut bytes)?;
        if bytes.len() > limit {
            bytes.truncate(limit);
            return Ok(Unpacked { bytes, is_cut: true });
        }
        rest = member.into_inner();
    }
    Ok(Unpacked { bytes, is_cut: false })
}

async fn arrive(mut response: Response, limit: Limit, deadline: Instant, peer: &Peer<'_>) -> Result<Vec<u8>, FailedRequest> {
    let stated = header::content_length(response.headers());
    if matches!(limit.excess, Excess::Refuse) && stated.is_some_and(|stated| stated > limit.bytes as u64) {
        return Err(too_large(limit, peer));
    }
    let mut body = Vec::with_capacity(stated.unwrap_or(0).min(FIRST_RESERVATION) as usize);
    loop {
        let chunk = match timeout_at(deadline, response.chunk()).await {
            Err(_) => return Err(outcome::slow_body(body.len(), peer)),
            Ok(Err(_)) => return Err(outcome::broken_body(peer)),
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

fn too_large(limit: Limit, peer: &Peer<'_>) -> FailedRequest {
    let detail = format!("{} sent more than {}", peer.host, outcome::size(limit.bytes));
    FailedRequest::alive(Failure::new(FailureKind::TooLarge, detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn whole(bytes: &[u8]) -> Unpacked {
        Unpacked { bytes: bytes.to_vec(), is_cut: false }
    }

    fn cut(bytes: &[u8]) -> Unpacked {
        Unpacked { bytes: bytes.to_vec(), is_cut: true }
    }

    #[test]
    fn gzip_is_unpacked_up_to_the_limit() {
        let body = packed(b"twelve bytes");
        assert_eq!(unpack(&body, 12).unwrap(), whole(b"twelve bytes"));
        assert_eq!(unpack(&body, 11).unwrap(), cut(b"twelve byte"));
        assert_eq!(unpack(&[body.clone(), body.clone()].concat(), 24).unwrap().bytes.len(), 24);
        assert_eq!(unpack(&[body.as_slice(), b"\n<!-- cached -->"].concat(), 24).unwrap().bytes, b"twelve bytes");
        assert!(unpack(&body[..body.len() / 2], 12).is_err());
    }

    #[test]
    fn deflate_has_a_head_or_none_or_is_not_there() {
        let text = b"<rss>twelve bytes, and some more that are worth packing, packing, packing</rss>";
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(text).unwrap();
        let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        bare.write_all(text).unwrap();
        let (zlib, bare) = (zlib.finish().unwrap(), bare.finish().unwrap());
        for body in [zlib.as_slice(), &bare, text] {
            assert_eq!(inflate(body, 1_000).unwrap(), whole(text));
        }
        let marked = [BYTE_ORDER, text].concat();
        assert_eq!(inflate(&marked, 1_000).unwrap().bytes, marked);
        assert_eq!(inflate(&bare, 11).unwrap(), cut(&text[..11]));
        assert!(inflate(b"not packed, and no markup", 1_000).is_err());
    }

    #[test]
    fn a_bomb_ends_at_the_limit() {
        let bomb = packed(&vec![b' '; 50_000_000]);
        let Unpacked { bytes, is_cut } = unpack(&bomb, 1_000).unwrap();
        assert!(is_cut && bytes.len() == 1_000 && bytes.capacity() < 100_000);
    }
}
