//! WARC 1.1 of what was received (iipc.github.io/warc-specifications): pages with their header, report files as they are.

use std::io::{self, Write};

use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::Trouble;
use crate::{
    model::original::Original,
    store::{Store, StoredFile},
};

/// Writes every original: first what it is that follows, then pages in the order of their stories, then report files.
///
/// # Errors
/// Where the database cannot be read, or `out` cannot be written.
pub fn write(store: &Store, now: Timestamp, gzip: bool, out: impl Write) -> Result<(), Trouble> {
    let mut warc = Warc { out, gzip, info: String::new() };
    warc.info(now)?;
    store.each_original(|original| Ok::<_, Trouble>(warc.page(&original)?))?;
    store.each_report_file(|file| Ok::<_, Trouble>(warc.file(&file)?))?;
    Ok(warc.out.flush()?)
}

struct Warc<W> {
    out: W,
    gzip: bool,
    /// The id of the record that says what this is.
    info: String,
}

/// One record.
struct Record<'a> {
    kind: &'a str,
    /// The address that it is of.
    target: Option<&'a str>,
    at: Timestamp,
    content_type: &'a str,
    /// What stands before the payload, such as the header of an answer.
    head: &'a [u8],
    payload: &'a [u8],
}

impl<W: Write> Warc<W> {
    fn info(&mut self, at: Timestamp) -> io::Result<()> {
        let said = concat!(
            "software: tieback/",
            env!("CARGO_PKG_VERSION"),
            "\r\nformat: WARC File Format 1.1\r\n",
            "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
            "description: pages with those fields of their header that were kept, without codings of the transfer; report files\r\n"
        );
        let payload = said.as_bytes();
        self.info =
            self.put(&Record { kind: "warcinfo", target: None, at, content_type: "application/warc-fields", head: b"", payload })?;
        Ok(())
    }

    /// A page with the header of its answer; a saved one, of which there is none, as it is.
    fn page(&mut self, original: &Original) -> io::Result<()> {
        let (target, at, payload) = (Some(original.answered.as_str()), original.at, original.body.as_slice());
        let Some(status) = original.status else {
            let content_type = original.header("content-type").unwrap_or("text/html");
            return self.put(&Record { kind: "resource", target, at, content_type, head: b"", payload }).map(drop);
        };
        let mut head = format!("HTTP/1.1 {status} {}\r\n", if status == 200 { "OK" } else { "" });
        for (name, value) in &original.headers {
            head.push_str(&format!("{}: {}\r\n", line(name), line(value)));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", payload.len()));
        let content_type = "application/http; msgtype=response";
        self.put(&Record { kind: "response", target, at, content_type, head: head.as_bytes(), payload }).map(drop)
    }

    fn file(&mut self, file: &StoredFile) -> io::Result<()> {
        let (target, at, payload) = (Some(file.url.as_str()), file.at, file.body.as_slice());
        self.put(&Record { kind: "resource", target, at, content_type: "application/pdf", head: b"", payload }).map(drop)
    }

    /// Writes a record, and gives its id.
    fn put(&mut self, record: &Record<'_>) -> io::Result<String> {
        let digest = Sha256::digest(record.payload);
        let at = Timestamp::from_second(record.at.as_second()).unwrap_or(record.at);
        let id = id_of(record, &digest);
        let mut head = format!("WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: <{id}>\r\nWARC-Date: {at}\r\n", record.kind);
        if let Some(target) = record.target {
            head.push_str(&format!("WARC-Target-URI: {}\r\nWARC-Warcinfo-ID: <{}>\r\n", line(target), self.info));
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            head.push_str(&format!("WARC-Payload-Digest: sha256:{digest}\r\n"));
        }
        let length = record.head.len() + record.payload.len();
        head.push_str(&format!("Content-Type: {}\r\nContent-Length: {length}\r\n\r\n", line(record.content_type)));
        let parts = [head.as_bytes(), record.head, record.payload, b"\r\n\r\n"];
        if self.gzip {
            let mut packed = GzEncoder::new(&mut self.out, Compression::default());
            parts.iter().try_for_each(|part| packed.write_all(part))?;
            packed.finish()?;
        } else {
            parts.iter().try_for_each(|part| self.out.write_all(part))?;
        }
        Ok(id)
    }
}

/// A name that is the same for the same record, whenever it is written (RFC 9562, section 5.8).
fn id_of(record: &Record<'_>, digest: &[u8]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(format!("{}\n{}\n{}\n", record.kind, record.target.unwrap_or_default(), record.at));
    hasher.update(digest);
    let mut bytes: [u8; 32] = hasher.finalize().into();
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// What goes into a line of a header, and ends none.
fn line(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).collect()
}
