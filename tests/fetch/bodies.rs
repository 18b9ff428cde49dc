//! Bodies: too large, endless, dripping, cut, compressed, and compressed with malice.

use std::io::Write;
use std::time::{Duration, Instant};

use tieback::model::fetched::{BodyKind, FailureKind};

use crate::common::server::{Reply, Server};
use crate::{check_failure, fetcher, fresh, get, request, settings};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &brotli::enc::BrotliEncoderParams { quality: 5, ..Default::default() }).unwrap();
    out
}

type Pack = fn(&[u8]) -> Vec<u8>;

const ENCODINGS: [(&str, Pack); 4] = [("gzip", gzip), ("deflate", deflate), ("br", brotli), ("BR", brotli)];

#[tokio::test]
async fn compressed_bodies_are_opened() {
    for (name, pack) in ENCODINGS {
        let server = Server::pages(move |_| Reply::page("text/plain", pack(&b"story ".repeat(1000))).header("Content-Encoding", name));
        assert_eq!(fresh(get(&server.url("/")).await).body, b"story ".repeat(1000), "{name}");
    }
}

#[tokio::test]
async fn a_bomb_goes_off_at_the_limit_and_not_beyond() {
    for (name, pack) in ENCODINGS {
        let bomb = pack(&vec![0; 5_000_000]);
        assert!(bomb.len() < 100_000, "{name}: the body as sent is within the limit");
        let server = Server::pages(move |_| Reply::page("text/plain", &bomb).header("Content-Encoding", name));
        check_failure(get(&server.url("/")).await, FailureKind::TooLarge, "sent more than 100 KB");
    }
}

#[tokio::test]
async fn the_limit_holds_with_and_without_a_stated_length() {
    let limit = settings().max_page;
    for (length, fits) in [(limit, true), (limit + 1, false)] {
        let body = vec![b'x'; length];
        let (stated, unstated) = (body.clone(), body.clone());
        let stated = Server::pages(move |_| Reply::page("text/plain", &stated));
        let unstated = Server::pages(move |_| Reply::status(200).send(&unstated));
        for server in [stated, unstated] {
            let answer = get(&server.url("/")).await;
            if fits {
                assert_eq!(fresh(answer).body.len(), length);
            } else {
                check_failure(answer, FailureKind::TooLarge, "sent more than");
            }
        }
    }
}

#[tokio::test]
async fn reports_have_a_limit_of_their_own() {
    let server = Server::pages(|_| Reply::page("application/pdf", vec![b'x'; 200_000]));
    let mut request = request(&server.url("/"));
    check_failure(fetcher(settings()).get(&request).await, FailureKind::TooLarge, "");
    request.body = BodyKind::Report;
    assert_eq!(fresh(fetcher(settings()).get(&request).await).body.len(), 200_000);
}

#[tokio::test]
async fn a_large_stated_length_is_refused_before_the_body_comes() {
    let server = Server::pages(|_| Reply::status(200).header("Content-Length", "60000000").wait(Duration::from_secs(5)));
    let started = Instant::now();
    check_failure(get(&server.url("/")).await, FailureKind::TooLarge, "");
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
}

#[tokio::test]
async fn an_endless_body_ends_at_the_limit() {
    let server = Server::pages(|_| Reply::status(200).forever(&[b'x'; 8192], Duration::ZERO));
    check_failure(get(&server.url("/")).await, FailureKind::TooLarge, "");
}

#[tokio::test]
async fn a_dripping_body_ends_at_the_time_for_one_request() {
    let server = Server::pages(|_| Reply::status(200).header("Content-Length", "1000").forever(b"x", Duration::from_millis(20)));
    let mut settings = settings();
    settings.timeout = Duration::from_millis(300);
    let started = Instant::now();
    check_failure(fetcher(settings).get(&request(&server.url("/"))).await, FailureKind::Timeout, "within 300 ms");
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_dripping_header_ends_at_the_time_for_one_request() {
    let server = Server::pages(|_| Reply::raw(b"HTTP/1.1 200 OK\r\nX-Slow: ").forever(b"x", Duration::from_millis(20)));
    let mut settings = settings();
    settings.timeout = Duration::from_millis(300);
    check_failure(fetcher(settings).get(&request(&server.url("/"))).await, FailureKind::Timeout, "no answer from 127.0.0.1");
}

#[tokio::test]
async fn a_cut_body_is_a_broken_connection_and_is_tried_again() {
    for cut in [
        Reply::status(200).header("Content-Length", "1000").send(b"only this"),
        Reply::status(200).header("Transfer-Encoding", "chunked").send(b"5\r\nhello\r\n"),
        Reply::status(200).header("Content-Encoding", "gzip").header("Content-Length", "1000").send(&gzip(b"hello")[..12]),
    ] {
        let server = Server::pages(move |_| cut.clone());
        let mut settings = settings();
        settings.tries = 2;
        let answer = fetcher(settings).get(&request(&server.url("/"))).await;
        check_failure(answer, FailureKind::Connect, "broke before the end of the body");
        assert_eq!(server.asked().len(), 2);
    }
}

#[tokio::test]
async fn a_body_that_is_not_compressed_as_it_says_is_unreadable() {
    for (name, said) in [("deflate", "sent broken deflate"), ("br", "sent broken brotli")] {
        let server = Server::pages(move |_| Reply::page("text/plain", b"not compressed at all").header("Content-Encoding", name));
        check_failure(get(&server.url("/")).await, FailureKind::Unreadable, said);
    }
    // What is no gzip by its first bytes is none.
    let server = Server::pages(|_| Reply::page("text/plain", b"not compressed at all").header("Content-Encoding", "gzip"));
    assert_eq!(fresh(get(&server.url("/")).await).body, b"not compressed at all");
}

#[tokio::test]
async fn what_is_not_http_is_no_answer() {
    for bytes in [&b"SSH-2.0-OpenSSH_9.6\r\n"[..], b"", b"HTTP/1.1 200 OK\r\nnonsense"] {
        let server = Server::pages(move |_| Reply::raw(bytes));
        check_failure(get(&server.url("/")).await, FailureKind::Connect, "no answer from 127.0.0.1");
    }
}
