//! What pages of other origins may do, as strict as a server that lists exactly what it takes.

use hyper::Method;
use hyper::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderName, ORIGIN,
};

use crate::message::Reply;
use crate::route::methods_of;
use crate::settings::Settings;
use browser_use_skills::policy::header::KEY;

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The answer to a question of the browser about an API route; nothing if the request is none.
pub fn preflight(path: &str, method: &Method, headers: &HeaderMap, settings: &Settings) -> Option<Reply> {
    let wanted = asked_method(method, headers)?;
    let origin = text(headers, &ORIGIN).unwrap_or_default();
    let methods: Vec<_> = methods_of(path).into_iter().map(|method| method.as_str()).collect();
    let known = |name: &str| name.eq_ignore_ascii_case("content-type") || name.eq_ignore_ascii_case(KEY);
    let asked = text(headers, &ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let mut asked = asked.split(',').map(str::trim).filter(|name| !name.is_empty());
    let wrong = if !settings.allows_origin(origin) {
        Some("Disallowed CORS origin")
    } else if !methods.contains(&wanted) {
        Some("Disallowed CORS method")
    } else if !asked.all(known) {
        Some("Disallowed CORS headers")
    } else {
        None
    };
    let reply = match wrong {
        Some(wrong) => Reply::new(400, "text/plain; charset=utf-8", wrong),
        None => Reply::new(200, "text/plain; charset=utf-8", "OK")
            .with_header("access-control-allow-origin", origin)
            .with_header("access-control-allow-methods", methods.join(", "))
            .with_header(
                "access-control-allow-headers",
                format!("content-type, {}", KEY.to_ascii_lowercase()),
            )
            .with_header("access-control-max-age", "600"),
    };
    Some(reply.with_header("vary", "Origin"))
}

fn asked_method<'a>(method: &Method, headers: &'a HeaderMap) -> Option<&'a str> {
    text(headers, &ACCESS_CONTROL_REQUEST_METHOD).filter(|_| method == Method::OPTIONS)
}

/// An answer of the API that a page may read if its origin is allowed.
pub fn readable(reply: Reply, headers: &HeaderMap, settings: &Settings) -> Reply {
    let Some(origin) = text(headers, &ORIGIN) else { return reply };
    let reply = reply.with_header("vary", "Origin");
    if !settings.allows_origin(origin) {
        return reply;
    }
    let reply = reply.with_header("access-control-allow-origin", origin);
    if settings.expose_headers.is_empty() {
        return reply;
    }
    reply.with_header("access-control-expose-headers", settings.expose_headers.join(", "))
}

/// The answer to such a question about anything else: everything is allowed.
pub fn open_preflight(method: &Method, headers: &HeaderMap) -> Option<Reply> {
    let wanted = asked_method(method, headers)?;
    let asked = text(headers, &ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let reply = Reply::empty(204)
        .with_header("access-control-allow-methods", wanted)
        .with_header("access-control-allow-headers", asked);
    Some(open(reply))
}

/// An answer that every page may read.
pub fn open(reply: Reply) -> Reply {
    reply.with_header("access-control-allow-origin", "*")
}
