//! A local web server that does as it is told, also badly: it waits, drips, cuts, lies about lengths, and writes down what it was asked.
#![allow(dead_code, reason = "each test program uses a part")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// One request as it came in.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    /// As written in the request line: a path, or a whole address where the server is used as a proxy.
    pub target: String,
    pub headers: Vec<(String, String)>,
    /// When its header was complete.
    pub came: Instant,
    /// How many requests were being answered at this moment, this one included.
    pub at_once: usize,
}

impl Received {
    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What to do on the connection, in order; at the end it is closed.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    head: Option<Head>,
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
enum Step {
    Send(Vec<u8>),
    Wait(Duration),
    /// The piece again and again until the client has gone.
    Forever(Vec<u8>, Duration),
}

impl Reply {
    /// A status line and no body.
    pub fn status(status: u16) -> Self {
        Self { head: Some(Head { status, headers: Vec::new() }), steps: Vec::new() }
    }

    /// 200 with a type and a body; the length is stated.
    pub fn page(kind: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        Self::status(200).header("Content-Type", kind).header("Content-Length", &body.len().to_string()).send(body)
    }

    pub fn text(body: &str) -> Self {
        Self::page("text/plain; charset=utf-8", body)
    }

    pub fn redirect(status: u16, location: &str) -> Self {
        Self::status(status).header("Location", location).header("Content-Length", "0")
    }

    /// Exactly these bytes.
    pub fn raw(bytes: &[u8]) -> Self {
        Self::default().send(bytes)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Some(head) = &mut self.head {
            head.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    pub fn send(mut self, bytes: &[u8]) -> Self {
        self.steps.push(Step::Send(bytes.to_vec()));
        self
    }

    pub fn wait(mut self, time: Duration) -> Self {
        self.steps.push(Step::Wait(time));
        self
    }

    pub fn forever(mut self, piece: &[u8], every: Duration) -> Self {
        self.steps.push(Step::Forever(piece.to_vec(), every));
        self
    }

    fn write_to(&self, stream: &mut dyn Write) -> std::io::Result<()> {
        if let Some(head) = &self.head {
            let mut text = format!("HTTP/1.1 {} Status\r\nConnection: close\r\n", head.status);
            for (name, value) in &head.headers {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
            text.push_str("\r\n");
            stream.write_all(text.as_bytes())?;
        }
        for step in &self.steps {
            match step {
                Step::Send(bytes) => stream.write_all(bytes)?,
                Step::Wait(time) => thread::sleep(*time),
                Step::Forever(piece, every) => loop {
                    stream.write_all(piece)?;
                    thread::sleep(*every);
                },
            }
        }
        Ok(())
    }
}

/// A running server; it ends when this is dropped.
pub struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Received>>>,
    ended: Arc<AtomicBool>,
}

impl Server {
    /// Answers each request by `answer`, each connection in a thread of its own.
    pub fn start(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(None, answer)
    }

    /// The same over TLS, with a certificate and its key in PEM; also as a proxy that opens every tunnel and answers in it itself.
    pub fn start_tls(certificate: &str, key: &str, answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key");
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key);
        Self::listen(Some(Arc::new(config.expect("a certificate with its key"))), answer)
    }

    fn listen(tls: Option<Arc<ServerConfig>>, answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (log, ended) = (Arc::<Mutex<Vec<Received>>>::default(), Arc::<AtomicBool>::default());
        let (answer, busy) = (Arc::new(answer), Arc::new(Mutex::new(0_usize)));
        let shared = (Arc::clone(&log), Arc::clone(&ended));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.1.load(Ordering::Relaxed) {
                    break;
                }
                // A connection on which nothing is said ends with the test that opened it, or after this.
                let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
                let (answer, busy, log, tls) = (Arc::clone(&answer), Arc::clone(&busy), Arc::clone(&shared.0), tls.clone());
                thread::spawn(move || {
                    // A client that hangs up is what many tests are about.
                    let _ = match tls {
                        None => serve(stream, &*answer, &busy, &log),
                        Some(config) => within_tls(stream, config).and_then(|stream| serve(stream, &*answer, &busy, &log)),
                    };
                });
            }
        });
        Self { address, log, ended }
    }

    /// A server without robots.txt that answers any other path by `answer`.
    pub fn pages(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(move |request| if request.target.ends_with("/robots.txt") { Reply::status(404) } else { answer(request) })
    }

    pub fn url(&self, path: &str) -> url::Url {
        format!("http://{}{path}", self.address).parse().expect("an address")
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All requests so far, in the order in which they came.
    pub fn log(&self) -> Vec<Received> {
        self.log.lock().expect("the log").clone()
    }

    /// The requests since this was last asked; they are forgotten.
    pub fn take_log(&self) -> Vec<Received> {
        std::mem::take(&mut *self.log.lock().expect("the log"))
    }

    /// The requests so far without those for robots.txt.
    pub fn asked(&self) -> Vec<Received> {
        self.log().into_iter().filter(|request| !request.target.ends_with("/robots.txt")).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees the end.
        drop(TcpStream::connect(self.address));
    }
}

/// Takes up TLS; before it, a tunnel is opened for a client that asks for one.
fn within_tls(mut stream: TcpStream, config: Arc<ServerConfig>) -> std::io::Result<StreamOwned<ServerConnection, TcpStream>> {
    let mut first = [0];
    stream.peek(&mut first)?;
    if first == *b"C" {
        read_request(&mut stream)?;
        stream.write_all(b"HTTP/1.1 200 Tunnel\r\n\r\n")?;
    }
    Ok(StreamOwned::new(ServerConnection::new(config).map_err(std::io::Error::other)?, stream))
}

fn serve(
    mut stream: impl Read + Write,
    answer: &(impl Fn(&Received) -> Reply + ?Sized),
    busy: &Mutex<usize>,
    log: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    let mut request = read_request(&mut stream)?;
    {
        let mut busy = busy.lock().expect("the count");
        *busy += 1;
        request.at_once = *busy;
    }
    log.lock().expect("the log").push(request.clone());
    let written = answer(&request).write_to(&mut stream);
    *busy.lock().expect("the count") -= 1;
    written.and_then(|()| stream.flush())
}

fn read_request(stream: &mut impl Read) -> std::io::Result<Received> {
    let end = || std::io::Error::other("no whole request");
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if bytes.len() > 64 * 1024 || stream.read(&mut byte)? == 0 {
            return Err(end());
        }
        bytes.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = text.lines();
    let mut first = lines.next().ok_or_else(end)?.split(' ');
    let (method, target) = (first.next().ok_or_else(end)?.to_owned(), first.next().ok_or_else(end)?.to_owned());
    let headers =
        lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    Ok(Received { method, target, headers, came: Instant::now(), at_once: 0 })
}
