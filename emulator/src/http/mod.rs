//! The emulator as an HTTP server.
//!
//! Uses hyper directly: there is nothing to route here, and only a bare service can close a connection without a
//! response, as the `drop` fault requires.

mod cors;
mod payload;

use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use browser_use_skills::policy::header::KEY;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{AsHeaderName, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::message::{Reply, Request, WireFault};
use crate::state::Emulator;
use payload::Payload;

/// Path prefix of the API.
pub const BASE: &str = "/api/v2";
/// Maximum size of a request body: 32 MiB.
const MAX_BODY_BYTES: usize = 32 << 20;

/// An emulator, shared by all connections.
#[derive(Debug)]
pub struct Server {
    emulator: Mutex<Emulator>,
    /// Host and port for URLs when a request has no `Host` header.
    host: String,
    /// Closes the open connections after their current request.
    retirement: Mutex<watch::Sender<()>>,
}

/// Closes a connection without a response.
#[derive(Debug)]
struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("dropped by a fault")
    }
}

impl std::error::Error for Dropped {}

/// Serves an emulator. Never returns, except on error.
///
/// When a reused connection breaks, a browser retries the request by itself, also a `POST`, and a test that counts
/// requests would count it twice. Connections therefore serve one request each while a fault may break them.
///
/// # Errors
/// When the local IP address of the listener is unavailable.
pub async fn serve(listener: TcpListener, emulator: Emulator) -> io::Result<()> {
    let host = listener.local_addr()?.to_string();
    let server = Arc::new(Server {
        emulator: Mutex::new(emulator),
        host,
        retirement: Mutex::new(watch::Sender::new(())),
    });
    loop {
        // A failed connection does not affect the others.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        tokio::spawn(Arc::clone(&server).serve(stream));
    }
}

impl Server {
    async fn serve(self: Arc<Self>, stream: TcpStream) {
        // Subscribes first: a fault that is added in between is then either seen or retires this connection.
        let mut retirement = lock(&self.retirement).subscribe();
        let keep_alive = !lock(&self.emulator).may_break_connections();
        let service = service_fn(|request| Arc::clone(&self).respond(request));
        let mut http = http1::Builder::new();
        let mut connection =
            pin!(http.keep_alive(keep_alive).serve_connection(TokioIo::new(stream), service));
        // Connections fail when the peer disconnects or a fault closes them.
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = retirement.changed() => connection.as_mut().graceful_shutdown(),
        }
        // One poll closes an idle connection.
        let is_over = poll_fn(|context| Poll::Ready(connection.as_mut().poll(context).is_ready())).await;
        drop(retirement);
        if !is_over {
            let _ = connection.await;
        }
    }

    /// Closes idle connections, and active ones after their response. Returns once the idle ones are closed.
    async fn retire_connections(&self) {
        let retired = std::mem::take(&mut *lock(&self.retirement));
        retired.send_replace(());
        retired.closed().await;
    }

    async fn respond(
        self: Arc<Self>,
        request: hyper::Request<Incoming>,
    ) -> Result<hyper::Response<Payload>, Dropped> {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MAX_BODY_BYTES).collect().await else { return Err(Dropped) };
        let was_safe = !lock(&self.emulator).may_break_connections();
        let mut reply = self.reply(&head.method, &head.uri, &head.headers, &body.to_bytes());
        if was_safe && lock(&self.emulator).may_break_connections() {
            self.retire_connections().await;
        }
        let delay_ms = std::mem::take(&mut reply.delay_ms);
        if delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(delay_ms)).await;
        }
        match reply.fault {
            Some(WireFault::Drop) => Err(Dropped),
            Some(WireFault::StallHeaders) => std::future::pending().await,
            Some(WireFault::DropBody { .. } | WireFault::StallBody { .. }) | None => Ok(response(reply)),
        }
    }

    fn reply(
        &self,
        method: &hyper::Method,
        uri: &hyper::Uri,
        headers: &HeaderMap,
        body: &hyper::body::Bytes,
    ) -> Reply {
        let mut emulator = lock(&self.emulator);
        let Some(path) = api_path(uri) else {
            return match cors::open_preflight(method, headers) {
                Some(reply) => reply,
                None => {
                    let path = uri.path_and_query().map_or_else(|| uri.path(), |path| path.as_str());
                    cors::open(emulator.admin(method.as_str(), path, body, now_ms()))
                }
            };
        };
        if let Some(reply) = cors::preflight(path, method, headers, emulator.settings()) {
            return reply;
        }
        let request = Request {
            method: method.as_str().to_owned(),
            path: path.to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            key: text(headers, KEY),
            content_type: text(headers, CONTENT_TYPE),
            body: body.to_vec(),
            origin: format!("http://{}", text(headers, HOST).unwrap_or_else(|| self.host.clone())),
            header_names: headers.keys().map(|name| name.as_str().to_owned()).collect(),
        };
        let reply = emulator.handle(&request, now_ms());
        cors::with_cors(reply, headers, emulator.settings())
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the path below [`BASE`]; `None` for administration requests.
fn api_path(uri: &hyper::Uri) -> Option<&str> {
    uri.path().strip_prefix(BASE).filter(|path| path.is_empty() || path.starts_with('/'))
}

fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn response(reply: Reply) -> hyper::Response<Payload> {
    let mut response = hyper::Response::new(Payload::new(reply.body, reply.fault));
    *response.status_mut() = hyper::StatusCode::from_u16(reply.status).unwrap_or_default();
    for (name, value) in reply.headers {
        // Skips invalid headers, which a fault may contain.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
