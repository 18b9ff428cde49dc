//! From bytes to text: byte order mark, HTTP charset, declaration in the text, detection, and a rescue for stray bytes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into the body a declaration may stand (HTML says 1,024 bytes; real pages overdo it).
const DECLARATION_BYTES: usize = 4_096;

/// The text of `bytes`. `charset_param` is the charset of the content type; `is_html` says where to look for a declaration.
///
/// A byte order mark wins, as the Encoding Standard says; then UTF-8 that is valid, whatever was declared
/// (a valid sequence of several bytes is never an accident); then the declarations; then detection. Single
/// windows-1252 bytes in a text declared as UTF-8 are read as such, so that one bad byte costs nothing.
pub fn decode(bytes: &[u8], charset_param: Option<&str>, is_html: bool) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return read_as(encoding, bytes.get(mark..).unwrap_or_default());
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return read_as(encoding, bytes);
    }
    let named = charset_param.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let declared = named.or_else(|| declaration(bytes, is_html));
    // UTF-16 needs a mark or a pattern of zeros: without one the declaration is a mistake.
    let declared = declared.filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE);
    match std::str::from_utf8(bytes) {
        Ok(text) if declared.is_none_or(|encoding| encoding == UTF_8 || encoding.is_single_byte()) => text.to_owned(),
        _ => read_as(declared.unwrap_or_else(|| detect(bytes)), bytes),
    }
}

fn read_as(encoding: &'static Encoding, bytes: &[u8]) -> String {
    if encoding == UTF_8 { mixed(bytes) } else { encoding.decode_without_bom_handling(bytes).0.into_owned() }
}

/// UTF-8 in which single bytes may be windows-1252.
fn mixed(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    text
}

/// `<` and a zero, in either order, is how UTF-16 markup begins.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, second, 0, ..] if second.is_ascii() => Some(UTF_16LE),
        [0, b'<', 0, second, ..] if second.is_ascii() => Some(UTF_16BE),
        _ => None,
    }
}

fn declaration(bytes: &[u8], is_html: bool) -> Option<&'static Encoding> {
    let head = bytes.get(..DECLARATION_BYTES).unwrap_or(bytes).to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let prolog = head.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split("?>").next());
    let from_prolog = prolog.and_then(|prolog| value_after(prolog, "encoding"));
    let from_meta =
        || is_html.then(|| head.split("<meta").skip(1).find_map(|tag| value_after(tag.split('>').next()?, "charset"))).flatten();
    from_prolog.or_else(from_meta).and_then(|label| Encoding::for_label(label.as_bytes()))
}

/// The value in `name="value"`, `name='value'` or `name=value`.
fn value_after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = text.get(text.find(name)? + name.len()..)?.trim_start().strip_prefix('=')?;
    let rest = rest.trim_start().trim_start_matches(['"', '\'']);
    rest.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))).next().filter(|value| !value.is_empty())
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(Some(b"uk"), Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], charset: Option<&str>, is_html: bool, expected: &str) {
        assert_eq!(decode(bytes, charset, is_html), expected, "{:?}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn a_mark_wins() {
        check(b"\xef\xbb\xbfcaf\xc3\xa9", Some("iso-8859-1"), true, "café");
        check(b"\xff\xfe<\0a\0>\0", Some("utf-8"), false, "<a>");
        check(b"\xfe\xff\0<\0a\0>", None, false, "<a>");
        check(b"<\0a\0>\0", None, false, "<a>");
        check(b"\0<\0a\0>", None, false, "<a>");
    }

    #[test]
    fn then_what_was_declared() {
        check(b"\xa35 caf\xe9", Some("ISO-8859-1"), false, "£5 café");
        check(
            b"<?xml version='1.0' encoding='iso-8859-15'?><a>\xa4</a>",
            None,
            false,
            "<?xml version='1.0' encoding='iso-8859-15'?><a>€</a>",
        );
        check(
            b"<META http-equiv=x content=\"text/html; charset=windows-1252\">\x93",
            None,
            true,
            "<META http-equiv=x content=\"text/html; charset=windows-1252\">“",
        );
        check(b"<meta charset=koi8-r>\xc4", None, true, "<meta charset=koi8-r>д");
    }

    #[test]
    fn valid_utf_8_is_utf_8_whatever_the_server_says() {
        check("‘Good’".as_bytes(), Some("iso-8859-1"), true, "‘Good’");
        check(b"plain", Some("utf-16"), true, "plain");
    }

    #[test]
    fn single_windows_1252_bytes_in_utf_8_are_rescued() {
        check(b"Ofsted\x92s \xe2\x80\x9cGood\xe2\x80\x9d \x96 caf\xe9", Some("utf-8"), false, "Ofsted’s “Good” – café");
        check(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><t>It\x92s</t>",
            None,
            false,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><t>It’s</t>",
        );
    }

    #[test]
    fn undeclared_windows_1252_is_detected() {
        check(
            b"The council\x92s services are \x93good\x94, and it costs \xa310 a head.",
            None,
            true,
            "The council’s services are “good”, and it costs £10 a head.",
        );
    }
}
