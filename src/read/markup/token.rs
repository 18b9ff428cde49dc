//! The tags and text of any string, in one pass that never looks back.

/// Attributes of one tag that are kept.
const MAX_ATTRIBUTES: usize = 64;

/// A piece of markup; comments, declarations and instructions are left out.
#[derive(Debug, PartialEq)]
pub(crate) enum Token<'a> {
    Text(&'a str),
    Start {
        /// In lower case.
        name: String,
        /// Names in lower case, values as written.
        attributes: Vec<(String, &'a str)>,
    },
    End {
        name: String,
    },
    /// A script or another element whose content is not markup, with its end tag.
    Raw {
        name: String,
        attributes: Vec<(String, &'a str)>,
        content: &'a str,
    },
}

/// Elements that hold no markup, or none for a reader.
const RAW: [&str; 8] = ["script", "style", "noscript", "iframe", "noembed", "noframes", "textarea", "xmp"];

pub(crate) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    sees_noscript: bool,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, sees_noscript: false }
    }

    /// The same for a reader without scripts: what stands in `<noscript>` is markup.
    pub(crate) fn without_scripts(text: &'a str) -> Self {
        Self { sees_noscript: true, ..Self::new(text) }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Moves behind the next `mark`, or to the end; gives what stands before it.
    fn skip_past(&mut self, mark: &str) -> &'a str {
        let rest = self.rest();
        let (before, step) = match rest.find(mark) {
            Some(found) => (rest.get(..found).unwrap_or_default(), found + mark.len()),
            None => (rest, rest.len()),
        };
        self.at += step;
        before
    }

    /// The tag that begins at `<`, its name at `name_at` bytes further on; none if it never ends.
    fn tag(&mut self, name_at: usize) -> Option<(String, Vec<(String, &'a str)>)> {
        let bytes = self.text.as_bytes();
        let start = self.at + name_at;
        let is_end = |byte: u8| byte.is_ascii_whitespace() || byte == b'/' || byte == b'>';
        let until = |from: usize, stop: &dyn Fn(u8) -> bool| {
            bytes.iter().skip(from).position(|byte| stop(*byte)).map_or(bytes.len(), |found| from + found)
        };
        let mut at = until(start, &is_end);
        let name = self.text.get(start..at)?.to_ascii_lowercase();
        let mut attributes = Vec::new();
        loop {
            at = until(at, &|byte| !byte.is_ascii_whitespace() && byte != b'/');
            if *bytes.get(at)? == b'>' {
                self.at = at + 1;
                return Some((name, attributes));
            }
            // An attribute's name may begin with "=", so look one byte further on.
            let named = until(at + 1, &|byte| is_end(byte) || byte == b'=');
            let key = self.text.get(at..named).unwrap_or_default();
            at = until(named, &|byte| !byte.is_ascii_whitespace());
            let mut value = "";
            if bytes.get(at) == Some(&b'=') {
                at = until(at + 1, &|byte| !byte.is_ascii_whitespace());
                let quote = *bytes.get(at)?;
                let (from, to) = match quote {
                    b'"' | b'\'' => (at + 1, until(at + 1, &|byte| byte == quote)),
                    _ => (at, until(at, &|byte| byte.is_ascii_whitespace() || byte == b'>')),
                };
                value = self.text.get(from..to).unwrap_or_default();
                at = if matches!(quote, b'"' | b'\'') { to + 1 } else { to };
            }
            if attributes.len() < MAX_ATTRIBUTES {
                attributes.push((key.to_ascii_lowercase(), value));
            }
        }
    }

    /// The content of a raw element and the place behind its end tag.
    fn raw_content(&mut self, name: &str) -> &'a str {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut from = 0;
        while let Some(found) = rest.get(from..).and_then(|part| part.find("</")) {
            let open = from + found;
            let behind = open + 2 + name.len();
            let is_it = bytes.get(open + 2..behind).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
            if is_it && bytes.get(behind).is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/')) {
                self.at += open;
                self.skip_past(">");
                return rest.get(..open).unwrap_or_default();
            }
            from = open + 2;
        }
        self.at = self.text.len();
        rest
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            let open = rest.find('<').unwrap_or(rest.len());
            if open > 0 {
                self.at += open;
                return rest.get(..open).map(Token::Text);
            }
            let bytes = rest.as_bytes();
            match (bytes.get(1), bytes.get(2)) {
                (Some(first), _) if first.is_ascii_alphabetic() => {
                    let Some((name, attributes)) = self.tag(1) else {
                        self.at = self.text.len();
                        return None;
                    };
                    if RAW.contains(&name.as_str()) && !(self.sees_noscript && name == "noscript") {
                        let content = self.raw_content(&name);
                        return Some(Token::Raw { name, attributes, content });
                    }
                    return Some(Token::Start { name, attributes });
                }
                (Some(b'/'), Some(first)) if first.is_ascii_alphabetic() => {
                    let Some((name, _)) = self.tag(2) else {
                        self.at = self.text.len();
                        return None;
                    };
                    return Some(Token::End { name });
                }
                (Some(b'!'), _) if rest.starts_with("<!--") => {
                    // "<!-->" is a whole comment.
                    self.at += 2;
                    self.skip_past("-->");
                }
                (Some(b'!' | b'?' | b'/'), _) => {
                    self.skip_past(">");
                }
                _ => {
                    self.at += 1;
                    return rest.get(..1).map(Token::Text);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markup: &str, expected: &str) {
        let shown: Vec<String> = Tokens::new(markup)
            .map(|token| match token {
                Token::Text(text) => format!("'{text}'"),
                Token::Start { name, attributes } => {
                    let shown: Vec<String> = attributes.iter().map(|(key, value)| format!(" {key}={value}")).collect();
                    format!("<{name}{}>", shown.concat())
                }
                Token::End { name } => format!("</{name}>"),
                Token::Raw { name, content, .. } => format!("[{name}:{content}]"),
            })
            .collect();
        assert_eq!(shown.join(""), expected, "{markup}");
    }

    #[test]
    fn tags_text_and_attributes() {
        check("a<P CLASS='x y' id=z data-q=\"1>2\" hidden>b</p >", "'a'<p class=x y id=z data-q=1>2 hidden=>'b'</p>");
        check("<img src=a.jpg/><br/>", "<img src=a.jpg/><br>");
        check("5 < 6 & <3", "'5 ''<'' 6 & ''<''3'");
    }

    #[test]
    fn comments_and_declarations_are_left_out() {
        check("<!doctype html><!-- <p> --><?php x ?>a<!-->b--></>", "'a''b-->'");
        check("a<!-- never closed <p>", "'a'");
    }

    #[test]
    fn raw_content_is_no_markup() {
        check("<script>if (a</b) '<p>'</SCRIPT >x", "[script:if (a</b) '<p>']'x'");
        check("<style>never closed <p>", "[style:never closed <p>]");
    }

    #[test]
    fn a_tag_that_never_ends_is_nothing() {
        check("a<p class=\"x", "'a'");
        check("a<p", "'a'");
        check("é<p =x é=ü>ß", "'é'<p =x= é=ü>'ß'");
    }
}
