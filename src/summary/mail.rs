//! The summary as one message of e-mail (RFC 5322, MIME), for `sendmail -t`.

use jiff::fmt::rfc2822;

use super::{Came, Extent, Look, text};
use crate::model::{day, overview::Overview, wording};

/// Columns of a line of mail.
const WIDTH: usize = 72;
/// Characters of an encoded line (RFC 2045, 6.7), and of an encoded word (RFC 2047, 2).
const LINE: usize = 76;
const WORD: usize = 45;
/// Characters of a line of a header, with its name before it or a blank.
const HEADER: usize = 66;

/// The message: to whom, from whom, and what the summary says.
pub fn mail(overview: &Overview, from: &str, to: &str, extent: Extent) -> String {
    let body = text(overview, Look { width: WIDTH, colour: false, links: false }, extent);
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let moment = overview.until;
    let date = rfc2822::to_string(&day::zoned(moment)).unwrap_or_default();
    format!(
        "From: {from}\nTo: {to}\nSubject: {}\nDate: {date}\nMessage-ID: <tieback.{}.{}@{domain}>\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\nAuto-Submitted: auto-generated\n\n{}",
        header(&subject(overview)),
        overview.since.as_second(),
        moment.as_second(),
        quoted_printable(&body)
    )
}

/// "Inspections: Fernshire: requires improvement; 1 other report; 4 stories": the counts are those of the summary. That of a
/// watch begins with its name: "Inspections, Dorset: …".
fn subject(overview: &Overview) -> String {
    let of_watch = overview.only.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
    format!("Inspections{of_watch}: {}", news(overview))
}

fn news(overview: &Overview) -> String {
    if overview.runs.is_overdue(overview.until) {
        return "no run, so no news".to_owned();
    }
    let Some(came) = Came::of(overview) else {
        return format!("nothing new since {}", wording::day(overview.since));
    };
    let first = overview.reports.iter().find(|new| !overview.is_old_report(&new.report));
    let first = first.map(|first| format!("{}: {}", wording::authority(&first.report), wording::overall_words(&first.report)));
    let others = Came { reports: came.reports - usize::from(first.is_some()), ..came };
    let report = if first.is_some() { ("other report", "other reports") } else { ("report", "reports") };
    let counts = others.said(report.0, report.1).into_iter().filter(|said| !said.starts_with("0 "));
    let said: Vec<String> = first.into_iter().chain(counts).collect();
    if said.is_empty() { "older ones taken in".to_owned() } else { said.join("; ") }
}

/// A header of plain ASCII in lines of bearable length; of anything else in encoded words, each on a line (RFC 2047).
fn header(text: &str) -> String {
    if text.is_ascii() {
        return textwrap::wrap(text, HEADER).join("\n ");
    }
    let mut words = vec![String::new()];
    for char in text.chars() {
        let mut bytes = [0; 4];
        let encoded: String = char.encode_utf8(&mut bytes).bytes().map(q).collect();
        if words.last().is_some_and(|word| word.len() + encoded.len() > WORD) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push_str(&encoded);
        }
    }
    words.iter().map(|word| format!("=?utf-8?Q?{word}?=")).collect::<Vec<_>>().join("\n ")
}

fn q(byte: u8) -> String {
    match byte {
        b' ' => "_".to_owned(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("={byte:02X}"),
    }
}

/// RFC 2045, section 6.7.
fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for line in text.lines() {
        let mut column = 0;
        let bytes = line.as_bytes();
        for (at, &byte) in bytes.iter().enumerate() {
            let last = at + 1 == bytes.len();
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (matches!(byte, b' ' | b'\t') && !last);
            // A dot alone on a line ends a message, and "From " begins one, in programs that are older than the standard.
            let plain = plain && !(column == 0 && matches!(byte, b'.' | b'F'));
            let width = if plain { 1 } else { 3 };
            if column + width >= LINE {
                out.push_str("=\n");
                column = 0;
            }
            if plain {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("={byte:02X}"));
            }
            column += width;
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_short_and_ascii_and_come_back() {
        let text = format!("“{}”\n.\nFrom here\nend \n\n", "é wörd ".repeat(40));
        let encoded = quoted_printable(&text);
        assert!(encoded.is_ascii());
        assert!(
            encoded.lines().all(|line| line.len() <= LINE && line != "." && !line.starts_with("From") && !line.ends_with(' ')),
            "{encoded}"
        );
        let mut bytes = Vec::new();
        let joined = encoded.replace("=\n", "");
        let mut rest = joined.as_bytes();
        while let [first, tail @ ..] = rest {
            let escaped = (*first == b'=').then(|| std::str::from_utf8(&tail[..2]).unwrap());
            bytes.push(escaped.map_or(*first, |hex| u8::from_str_radix(hex, 16).unwrap()));
            rest = if escaped.is_some() { &tail[2..] } else { tail };
        }
        assert_eq!(String::from_utf8(bytes).unwrap(), text);
    }

    #[test]
    fn a_header_is_ascii_in_words_of_bounded_length() {
        assert_eq!(header("Inspections: Dorset: good"), "Inspections: Dorset: good");
        let encoded = header(&"Caffè “Nero” ".repeat(20));
        assert!(encoded.is_ascii());
        assert!(
            encoded.lines().all(|line| line.trim().len() <= 75 && line.trim().starts_with("=?utf-8?Q?") && line.ends_with("?=")),
            "{encoded}"
        );
    }
}
