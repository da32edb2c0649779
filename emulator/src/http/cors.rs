//! CORS headers. As strict as a server that allows exactly the methods and headers it supports.

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

/// Returns the response to a preflight request for an API route; `None` for other requests.
pub fn preflight(path: &str, method: &Method, headers: &HeaderMap, settings: &Settings) -> Option<Reply> {
    let requested = requested_method(method, headers)?;
    let origin = text(headers, &ORIGIN).unwrap_or_default();
    let methods: Vec<_> = methods_of(path).into_iter().map(|method| method.as_str()).collect();
    let is_allowed = |name: &str| name.eq_ignore_ascii_case("content-type") || name.eq_ignore_ascii_case(KEY);
    let names = text(headers, &ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let mut names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    let error = if !settings.allows_origin(origin) {
        Some("Disallowed CORS origin")
    } else if !methods.contains(&requested) {
        Some("Disallowed CORS method")
    } else if !names.all(is_allowed) {
        Some("Disallowed CORS headers")
    } else {
        None
    };
    let reply = match error {
        Some(error) => Reply::new(400, "text/plain; charset=utf-8", error),
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

fn requested_method<'a>(method: &Method, headers: &'a HeaderMap) -> Option<&'a str> {
    text(headers, &ACCESS_CONTROL_REQUEST_METHOD).filter(|_| method == Method::OPTIONS)
}

/// Adds CORS headers to an API response if the origin is allowed.
pub fn with_cors(reply: Reply, headers: &HeaderMap, settings: &Settings) -> Reply {
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

/// Returns the response to a preflight request for any other path: allows everything.
pub fn open_preflight(method: &Method, headers: &HeaderMap) -> Option<Reply> {
    let requested = requested_method(method, headers)?;
    let names = text(headers, &ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let reply = Reply::empty(204)
        .with_header("access-control-allow-methods", requested)
        .with_header("access-control-allow-headers", names);
    Some(open(reply))
}

/// Allows pages of all origins to read the response.
pub fn open(reply: Reply) -> Reply {
    reply.with_header("access-control-allow-origin", "*")
}
