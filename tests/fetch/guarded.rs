//! Private networks: refused however the address is written or reached.

use std::time::{Duration, Instant};

use tieback::fetch::{Fetcher, Route};
use tieback::model::fetched::FailureKind;
use url::Url;

use crate::common::server::{Reply, Server};
use crate::{check_failure, fetcher, request, settings};

fn strict() -> Fetcher {
    let mut settings = settings();
    settings.allow_private = false;
    fetcher(settings)
}

#[tokio::test]
async fn a_local_server_is_not_asked_by_any_of_its_names() {
    let server = Server::pages(|_| Reply::text("secret"));
    let port = server.address().port();
    let fetcher = strict();
    for host in [
        "127.0.0.1", "localhost", "localhost.", "2130706433", "0x7f000001", "127.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
    ] {
        let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
        check_failure(fetcher.get(&request(&url)).await, FailureKind::PrivateAddress, "not on the public internet");
    }
    assert_eq!(server.log().len(), 0);
}

#[tokio::test]
async fn schemes_user_info_and_ports() {
    let fetcher = strict();
    for text in ["file:///etc/passwd", "ftp://example.org/", "http://anna:geheim@example.org/", "http://example.org:25/"] {
        let answer = fetcher.get(&request(&Url::parse(text).unwrap())).await;
        check_failure(answer, FailureKind::BadAddress, "");
    }
}

/// The proxy's own address is private and exempt; nothing that it redirects to is.
#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused_behind_a_proxy_too() {
    for location in [
        "http://127.0.0.1/",
        "http://10.0.0.1/x",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:7f00:1]/",
        "http://printer/",
    ] {
        let proxy = Server::pages(move |_| Reply::redirect(302, location));
        let mut settings = settings();
        settings.allow_private = false;
        let fetcher = Fetcher::by_route(settings, &Route::Proxy(proxy.url("/"))).unwrap();
        let url = Url::parse("http://paper.example/story").unwrap();
        check_failure(fetcher.get(&request(&url)).await, FailureKind::PrivateAddress, "not on the public internet");
        assert_eq!(proxy.asked().len(), 1, "{location}");
    }
}

#[tokio::test]
async fn the_proxy_is_not_asked_for_its_own_address() {
    let proxy = Server::pages(|_| Reply::text("inside"));
    let mut settings = settings();
    settings.allow_private = false;
    let fetcher = Fetcher::by_route(settings, &Route::Proxy(proxy.url("/"))).unwrap();
    check_failure(fetcher.get(&request(&proxy.url("/"))).await, FailureKind::PrivateAddress, "");
    assert_eq!(proxy.log().len(), 0);
}

#[tokio::test]
async fn a_refused_connection_and_a_name_that_is_not_are_told_apart() {
    // A port that is taken, so that no other test gets it, and at which nobody listens.
    let held = tokio::net::TcpSocket::new_v4().unwrap();
    held.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = held.local_addr().unwrap();
    let started = Instant::now();
    let closed = Url::parse(&format!("http://{address}/")).unwrap();
    check_failure(
        fetcher(settings()).get(&request(&closed)).await,
        FailureKind::Connect,
        &format!("no connection to {address}: connection refused"),
    );
    let nobody = Url::parse("http://nobody.invalid/").unwrap();
    check_failure(fetcher(settings()).get(&request(&nobody)).await, FailureKind::Dns, "no address found for nobody.invalid");
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}
