//! URLs of requests.

use std::borrow::Cow;

use crate::api::operation_spec::{OperationSpec, Segment};
use crate::api::text::{before, concat, split};

/// Base URL of Browser Use Cloud.
pub const DEFAULT_BASE_URL: &str = "https://api.browser-use.com/api/v2";

/// A validated base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    relative: bool,
    private: bool,
    loopback: bool,
}

impl Default for BaseUrl {
    fn default() -> Self {
        Self { text: DEFAULT_BASE_URL.to_owned(), relative: false, private: true, loopback: false }
    }
}

impl BaseUrl {
    /// Validates a base URL: `http://…`, `https://…`, or relative to the page. It may have a path.
    ///
    /// # Errors
    /// Why it is invalid.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let lower = text.to_ascii_lowercase();
        if text.bytes().any(|byte| byte.is_ascii_control() || byte == b' ' || byte == b'\\') {
            return Err("must not contain white space, line breaks or backslashes");
        }
        if text.bytes().any(|byte| matches!(byte, b'?' | b'#')) {
            return Err("must not have a query or a fragment");
        }
        let after_scheme = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
        let authority = after_scheme.map(|rest| before(rest, b"/"));
        match authority {
            Some("") => return Err("has no host"),
            Some(authority) if authority.bytes().any(|byte| byte == b'@') => {
                return Err("must not hold a user name or password");
            }
            Some(_) => {}
            // A colon before the first slash is part of a scheme (RFC 3986, section 3.1); two slashes precede a host.
            None if before(text, b"/:").len() < before(text, b"/").len() || text.starts_with("//") => {
                return Err("must be an http or https URL, or a path on the page's own origin");
            }
            None => {}
        }
        let relative = authority.is_none();
        let loopback = authority.is_some_and(is_loopback);
        // Scheme and host are case-insensitive. Locks and journals are named after the URL.
        let path_at = authority.map_or(0, |authority| {
            let scheme_length = if lower.starts_with("https") { "https://".len() } else { "http://".len() };
            scheme_length.saturating_add(authority.len())
        });
        let (origin, path) = (lower.get(..path_at), text.get(path_at..));
        let mut path = path.unwrap_or_default();
        while let Some(shorter) = path.strip_suffix('/') {
            path = shorter;
        }
        Ok(Self {
            text: concat(&[origin.unwrap_or_default(), path]),
            relative,
            private: lower.starts_with("https://") || relative || loopback,
            loopback,
        })
    }

    /// Whether it is relative to a page or worker.
    #[must_use]
    pub const fn is_relative(&self) -> bool {
        self.relative
    }

    /// Whether requests are confidential: encrypted, or within the machine or the page's origin.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        self.private
    }

    /// Whether it is certainly a loopback host. A relative URL depends on the page.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The URL without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is Browser Use Cloud, which requires a key.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.text == DEFAULT_BASE_URL
    }

    /// Builds the URL of an operation. `values` are those of the path parameters, in order.
    #[must_use]
    pub fn join(&self, spec: &OperationSpec, values: &[String]) -> String {
        let mut url = self.text.clone();
        let mut values = values.iter();
        for segment in spec.segments() {
            url.push('/');
            match segment {
                Segment::Fixed(text) => url.push_str(text),
                Segment::Parameter(_) => {
                    url.push_str(&encode_segment(values.next().map_or("", String::as_str)));
                }
            }
        }
        url
    }
}

/// Whether requests to a URL are confidential: over https, or to a loopback host.
#[must_use]
pub fn is_private(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let host = |rest: &str| is_loopback(before(rest, b"/?#"));
    lower.starts_with("https://") || lower.strip_prefix("http://").is_some_and(host)
}

/// Whether a host, with or without a port, is a loopback host: `localhost`, `127.0.0.0/8`, `[::1]`.
fn is_loopback(authority: &str) -> bool {
    if let Some(rest) = authority.strip_prefix("[::1]") {
        return rest.is_empty() || rest.starts_with(':');
    }
    let host = before(authority, b":");
    let is_in_127 = host.strip_prefix("127.").is_some_and(|rest| {
        split(rest, b'.').count() == 3 && split(rest, b'.').all(|part| part.parse::<u8>().is_ok())
    });
    host == "localhost" || host.ends_with(".localhost") || is_in_127
}

/// Percent-encodes everything but RFC 3986's unreserved characters. `.` and `..` cannot be encoded, because URL parsers
/// resolve every form of them: see [`is_dot_segment`].
fn encode_segment(value: &str) -> Cow<'_, str> {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    if value.bytes().all(is_plain) {
        return Cow::Borrowed(value);
    }
    let mut encoded = String::new();
    for byte in value.bytes() {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(HEX.get(usize::from(byte >> 4)));
            encoded.extend(HEX.get(usize::from(byte & 15)));
        }
    }
    Cow::Owned(encoded)
}

/// Whether a value is a dot segment. In every other value, encoding `%` prevents that (URL standard, single-dot and
/// double-dot path segments).
#[must_use]
pub fn is_dot_segment(value: &str) -> bool {
    matches!(value, "." | "..")
}
