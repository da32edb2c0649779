//! The emulator behind a socket.
//!
//! Built on hyper itself: there is nothing to route here, and only a bare service can close a connection without an
//! answer, as the faults ask for.

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

/// Where the API begins.
pub const BASE: &str = "/api/v2";
/// Longest body that is taken: 32 MiB.
const LONGEST_BODY: usize = 32 << 20;

/// An emulator that connections share.
#[derive(Debug)]
pub struct Server {
    emulator: Mutex<Emulator>,
    /// Host and port for addresses when a request does not name them.
    address: String,
    /// Tells the connections of today that they may serve no further request.
    retirement: Mutex<watch::Sender<()>>,
}

/// The end of a connection that is to end without an answer.
#[derive(Debug)]
struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("dropped, as a fault asked for")
    }
}

impl std::error::Error for Dropped {}

/// Serves an emulator on a socket, for ever.
///
/// A browser sends a request again by itself, a `POST` too, when a connection that has served others before breaks, and
/// a test that counts requests would count it twice. So connections serve one request while a fault may break them.
///
/// # Errors
/// When the socket has no address.
pub async fn serve(listener: TcpListener, emulator: Emulator) -> io::Result<()> {
    let address = listener.local_addr()?.to_string();
    let server = Arc::new(Server {
        emulator: Mutex::new(emulator),
        address,
        retirement: Mutex::new(watch::Sender::new(())),
    });
    loop {
        // A connection that failed before it began concerns nobody else.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        tokio::spawn(Arc::clone(&server).serve(stream));
    }
}

impl Server {
    async fn serve(self: Arc<Self>, stream: TcpStream) {
        // In this order: a fault that is added in between is then seen, or retires this connection.
        let mut retirement = lock(&self.retirement).subscribe();
        let keep_alive = !lock(&self.emulator).may_break_connections();
        let service = service_fn(|request| Arc::clone(&self).answer(request));
        let mut http = http1::Builder::new();
        let mut connection =
            pin!(http.keep_alive(keep_alive).serve_connection(TokioIo::new(stream), service));
        // An error of a connection is the peer's going away, or a fault that was asked for.
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = retirement.changed() => connection.as_mut().graceful_shutdown(),
        }
        // Polled once, an idle connection is closed.
        let is_over = poll_fn(|context| Poll::Ready(connection.as_mut().poll(context).is_ready())).await;
        drop(retirement);
        if !is_over {
            let _ = connection.await;
        }
    }

    /// Closes the connections that are idle, and the others once they have answered. Returns when the idle ones are gone.
    async fn retire_connections(&self) {
        let today = std::mem::take(&mut *lock(&self.retirement));
        today.send_replace(());
        today.closed().await;
    }

    async fn answer(
        self: Arc<Self>,
        request: hyper::Request<Incoming>,
    ) -> Result<hyper::Response<Payload>, Dropped> {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, LONGEST_BODY).collect().await else { return Err(Dropped) };
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
        let Some(path) = path_of_api(uri) else {
            return match cors::open_preflight(method, headers) {
                Some(reply) => reply,
                None => {
                    let path = uri.path_and_query().map_or_else(|| uri.path(), |whole| whole.as_str());
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
            origin: format!("http://{}", text(headers, HOST).unwrap_or_else(|| self.address.clone())),
            header_names: headers.keys().map(|name| name.as_str().to_owned()).collect(),
        };
        let reply = emulator.handle(&request, now_ms());
        cors::readable(reply, headers, emulator.settings())
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The path below [`BASE`]; nothing for requests that are not for the API but steer the emulator.
fn path_of_api(uri: &hyper::Uri) -> Option<&str> {
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
        // Names and values may come from a fault; what is no header is left out.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
