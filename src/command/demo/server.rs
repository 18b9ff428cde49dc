//! A small HTTP/1.1 server on this machine's loopback that answers as a proxy for every host of the made-up web.

use std::{collections::BTreeMap, io, sync::Arc};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use xxhash_rust::xxh3::xxh3_64;

use super::web::ServedPage;

/// Longer request heads are cut off; those of the program's own fetcher have some 300 bytes.
const MAX_HEAD: u64 = 16_384;

pub type Web = BTreeMap<String, ServedPage>;

/// Answers for ever.
pub async fn serve(listener: TcpListener, web: Arc<Web>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let web = Arc::clone(&web);
        tokio::spawn(async move {
            let (reading, mut writing) = stream.split();
            let mut reading = BufReader::new(reading);
            while let Ok(Some(asked)) = head(&mut reading).await {
                if writing.write_all(&answer(&asked, &web)).await.is_err() {
                    break;
                }
            }
        });
    }
}

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
struct DemoRequest {
    method: String,
    target: String,
    if_none_match: Option<String>,
}

/// One request's head; nothing at the end of the connection. A GET has no body.
async fn head(reading: &mut (impl AsyncBufReadExt + AsyncRead + Unpin)) -> io::Result<Option<DemoRequest>> {
    let mut limited = reading.take(MAX_HEAD);
    let mut line = String::new();
    if limited.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut words = line.split_ascii_whitespace().map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let mut asked = DemoRequest { method, target, if_none_match: None };
    loop {
        line.clear();
        limited.read_line(&mut line).await?;
        if !line.ends_with('\n') {
            return Ok(None);
        }
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("if-none-match") => asked.if_none_match = Some(value.trim().to_owned()),
            Some(_) => {}
            None => return Ok(Some(asked)),
        }
    }
}

/// The whole answer: a page with its validator, "not modified", or why not.
fn answer(asked: &DemoRequest, web: &Web) -> Vec<u8> {
    if asked.method != "GET" {
        return written("405 Method Not Allowed", "Allow: GET\r\n", b"");
    }
    let Some(page) = asked.target.strip_prefix("http://").and_then(|address| web.get(address)) else {
        return written("404 Not Found", "", b"");
    };
    let etag = format!("\"{:016x}\"", xxh3_64(&page.body));
    let headers = format!("ETag: {etag}\r\nContent-Type: {}\r\n", page.media_type);
    if asked.if_none_match.as_ref() == Some(&etag) {
        return format!("HTTP/1.1 304 Not Modified\r\n{headers}\r\n").into_bytes();
    }
    written("200 OK", &headers, &page.body)
}

fn written(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend(body);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(text: &str) -> Option<DemoRequest> {
        head(&mut BufReader::new(text.as_bytes())).await.unwrap()
    }

    fn asked(method: &str, target: &str, if_none_match: Option<&str>) -> DemoRequest {
        DemoRequest { method: method.into(), target: target.into(), if_none_match: if_none_match.map(str::to_owned) }
    }

    #[tokio::test]
    async fn heads_are_read_to_their_end_and_no_further_than_the_limit() {
        let head = "GET http://a.example/b HTTP/1.1\r\nHost: a.example\r\nIf-None-Match: \"x\"\r\n\r\n";
        assert_eq!(read(head).await, Some(asked("GET", "http://a.example/b", Some("\"x\""))));
        assert_eq!(read("").await, None);
        assert_eq!(read("GET http://a.example/b HTTP/1.1\r\nHost: cut").await, None);
        let padded = |bytes: usize| format!("GET / HTTP/1.1\r\nX:{}\r\n\r\n", "x".repeat(bytes));
        let rest = padded(0).len();
        assert!(read(&padded(MAX_HEAD as usize - rest)).await.is_some());
        assert_eq!(read(&padded(MAX_HEAD as usize - rest + 1)).await, None);
    }

    #[test]
    fn a_page_comes_once_and_then_is_not_modified() {
        let web = Web::from([("a.example/b".to_owned(), ServedPage { media_type: "text/plain", body: b"hello".to_vec() })]);
        let ask = |asked: DemoRequest| String::from_utf8(answer(&asked, &web)).unwrap();
        let first = ask(asked("GET", "http://a.example/b", None));
        assert!(first.starts_with("HTTP/1.1 200 OK\r\n") && first.ends_with("Content-Length: 5\r\n\r\nhello"), "{first}");
        let etag = first.split("ETag: ").nth(1).unwrap().split("\r\n").next().unwrap();
        assert!(ask(asked("GET", "http://a.example/b", Some(etag))).starts_with("HTTP/1.1 304 "));
        assert!(ask(asked("GET", "http://a.example/b", Some("\"old\""))).starts_with("HTTP/1.1 200 "));
        assert!(ask(asked("GET", "http://a.example/c", None)).starts_with("HTTP/1.1 404 "));
        assert!(ask(asked("POST", "http://a.example/b", None)).starts_with("HTTP/1.1 405 "));
    }
}
