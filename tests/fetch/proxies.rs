//! The environment: proxies and the trust store. The environment is that of a whole process, so each case runs this test program again.

use std::io::Write;
use std::process::Command;

use tieback::fetch::Fetcher;
use tieback::model::fetched::FailureKind;
use url::Url;

use crate::common::server::{Reply, Server};
use crate::{check_failure, fetcher, fresh, request, settings};

const VARIABLES: [&str; 9] =
    ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "REQUEST_METHOD"];

/// Runs one of the ignored tests below in a process with the given environment.
#[track_caller]
fn in_environment(test: &str, environment: &[(&str, &str)]) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", &format!("proxies::{test}"), "--ignored"]);
    for name in VARIABLES {
        child.env_remove(name);
    }
    let output = child.envs(environment.iter().copied()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

fn by_environment(allow_private: bool) -> Fetcher {
    let mut settings = settings();
    settings.allow_private = allow_private;
    Fetcher::new(settings).unwrap()
}

#[test]
fn the_proxy_of_the_environment_is_used_and_exempt_from_the_guard() {
    let proxy = Server::pages(|asked| Reply::text(&asked.target));
    in_environment("asks_a_paper_by_proxy", &[("HTTP_PROXY", proxy.url("/").as_str())]);
    assert_eq!(proxy.asked()[0].target, "http://paper.example/story");
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn asks_a_paper_by_proxy() {
    let page = fresh(by_environment(false).get(&request(&Url::parse("http://paper.example/story").unwrap())).await);
    assert_eq!(page.body, b"http://paper.example/story");
}

#[test]
fn no_proxy_goes_straight_and_through_the_guard() {
    let proxy = Server::pages(|_| Reply::text("by proxy"));
    let environment = [("HTTP_PROXY", proxy.url("/").to_string()), ("NO_PROXY", "127.0.0.1,.invalid".to_owned())];
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    in_environment("asks_without_proxy", &environment);
    assert_eq!(proxy.log().len(), 0);
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn asks_without_proxy() {
    let server = Server::pages(|_| Reply::text("straight"));
    assert_eq!(fresh(by_environment(true).get(&request(&server.url("/"))).await).body, b"straight");
    check_failure(by_environment(false).get(&request(&server.url("/"))).await, FailureKind::PrivateAddress, "");
    let nobody = Url::parse("http://nobody.invalid/").unwrap();
    check_failure(by_environment(false).get(&request(&nobody)).await, FailureKind::Dns, "nobody.invalid");
}

#[test]
fn a_proxy_that_refuses_or_is_not_there_is_named() {
    let proxy = Server::start(|asked| match asked.method.as_str() {
        "CONNECT" if asked.target.starts_with("closed.") => Reply::status(407),
        "CONNECT" => Reply::status(502),
        _ => Reply::status(504),
    });
    let address = proxy.url("/").to_string();
    in_environment("asks_in_vain", &[("ALL_PROXY", &address)]);
    drop(proxy);
    in_environment("finds_no_proxy", &[("ALL_PROXY", &address)]);
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn asks_in_vain() {
    let fetcher = by_environment(false);
    let ask = async |text: &str| fetcher.get(&request(&Url::parse(text).unwrap())).await;
    check_failure(
        ask("https://paper.example/").await,
        FailureKind::Connect,
        "no connection to paper.example through the proxy: the proxy did not reach it",
    );
    check_failure(ask("https://closed.example/").await, FailureKind::Connect, "the proxy asks for a password");
    check_failure(
        ask("http://paper.example/").await,
        FailureKind::ServerError,
        "paper.example answered 504 (gateway timeout) through the proxy",
    );
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn finds_no_proxy() {
    let answer = by_environment(false).get(&request(&Url::parse("https://paper.example/").unwrap())).await;
    check_failure(answer, FailureKind::Connect, "no connection to paper.example through the proxy: connection refused");
}

const AUTHORITY: &str = include_str!("authority/ca.pem");

/// A server at 127.0.0.1 and, as a proxy that re-signs TLS as those of councils do, at paper.example.
fn signed_by_the_authority() -> Server {
    Server::start_tls(include_str!("authority/server.pem"), include_str!("authority/server.key"), |asked| match asked.target.as_str() {
        "/robots.txt" => Reply::status(404),
        _ => Reply::text("within"),
    })
}

#[test]
fn an_authority_from_a_file_or_a_folder_of_the_environment_is_trusted() {
    let server = signed_by_the_authority();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("council.pem");
    std::fs::write(&file, AUTHORITY).unwrap();
    let port = server.address().port().to_string();
    in_environment("trusts_the_server", &[("SSL_CERT_FILE", file.to_str().unwrap()), ("TEST_PORT", &port)]);
    in_environment("trusts_the_server", &[("SSL_CERT_DIR", folder.path().to_str().unwrap()), ("SSL_CERT_FILE", ""), ("TEST_PORT", &port)]);
    let proxy = server.url("/").to_string();
    in_environment("reads_a_paper_within_tls", &[("SSL_CERT_FILE", file.to_str().unwrap()), ("HTTPS_PROXY", &proxy)]);
    assert_eq!(server.asked().len(), 3);
    assert!(server.asked()[2].header("host") == Some("paper.example"));
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn trusts_the_server() {
    let fetcher = by_environment(true);
    let port = std::env::var("TEST_PORT").unwrap();
    let ask = async |host: &str| fetcher.get(&request(&Url::parse(&format!("https://{host}:{port}/")).unwrap())).await;
    assert_eq!(fresh(ask("127.0.0.1").await).body, b"within");
    check_failure(ask("localhost").await, FailureKind::Tls, "its certificate is for another name");
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn reads_a_paper_within_tls() {
    let page = fresh(by_environment(false).get(&request(&Url::parse("https://paper.example/story").unwrap())).await);
    assert_eq!(page.body, b"within");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_and_the_way_out_is_named() {
    let server = signed_by_the_authority();
    let url = Url::parse(&format!("https://{}/", server.address())).unwrap();
    let mut settings = settings();
    settings.tries = 3;
    let answer = fetcher(settings).get(&request(&url)).await;
    check_failure(
        answer,
        FailureKind::Tls,
        "signed by nobody this machine trusts (if a proxy re-signs TLS, name its authority in SSL_CERT_FILE)",
    );
    assert_eq!(server.log().len(), 0);
}

#[tokio::test]
async fn what_is_not_tls_is_no_secure_connection() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
    std::thread::spawn(move || listener.incoming().flatten().try_for_each(|mut stream| stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n")));
    check_failure(fetcher(settings()).get(&request(&url)).await, FailureKind::Tls, "no secure connection to 127.0.0.1");
}

#[test]
fn without_any_authority_https_says_what_to_do_and_http_is_fetched() {
    let nowhere = tempfile::tempdir().unwrap();
    let (file, folder) = (nowhere.path().join("none.pem"), nowhere.path().to_owned());
    in_environment("has_no_authorities", &[("SSL_CERT_FILE", file.to_str().unwrap()), ("SSL_CERT_DIR", folder.to_str().unwrap())]);
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn has_no_authorities() {
    let server = Server::pages(|_| Reply::text("here"));
    let fetcher = Fetcher::new(settings()).unwrap();
    assert_eq!(fresh(fetcher.get(&request(&server.url("/"))).await).body, b"here");
    let secure = Url::parse(&format!("https://{}/", server.address())).unwrap();
    check_failure(fetcher.get(&request(&secure)).await, FailureKind::Tls, "install the package `ca-certificates`");
}
