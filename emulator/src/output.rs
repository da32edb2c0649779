//! Download URLs of outputs: presigned, valid for a few minutes, without an API key.

use serde_json::Value;
use uuid::Uuid;

use crate::message::Reply;
use crate::rng::Rng;
use crate::state::Emulator;

/// How long a URL is valid: 5 minutes.
const LIFETIME_MS: u64 = 300_000;

/// Path prefix of the outputs.
pub const PREFIX: &str = "/__emulator/outputs/";

/// Returns the presigned URL of an output.
pub fn url(origin: &str, execution: Uuid, now: u64, seed: u64) -> String {
    let expires = now.saturating_add(LIFETIME_MS);
    format!("{origin}{PREFIX}{execution}?expires={expires}&signature={}", signature(execution, expires, seed))
}

fn signature(execution: Uuid, expires: u64, seed: u64) -> String {
    let mut hash = Rng::new(seed, &format!("{execution} until {expires}"));
    format!("{:016x}{:016x}", hash.next(), hash.next())
}

impl Emulator {
    /// Serves a URL of [`url`]. `rest` is the part after [`PREFIX`].
    pub(crate) fn download(&self, rest: &str, now: u64) -> Reply {
        let (id, query) = rest.split_once('?').unwrap_or((rest, ""));
        let value = |name: &str| {
            form_urlencoded::parse(query.as_bytes())
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        let id = Uuid::try_parse(id).unwrap_or_default();
        let expires = value("expires").parse().unwrap_or(0);
        if value("signature") != signature(id, expires, self.settings.seed) {
            return denied("SignatureDoesNotMatch", "The signature does not match.");
        }
        if now >= expires {
            return denied("AccessDenied", "Request has expired");
        }
        let execution = self.executions.iter().find(|execution| execution.id == id);
        Reply::json(200, execution.and_then(|execution| execution.output(now)).unwrap_or(&Value::Null))
    }
}

fn denied(code: &str, message: &str) -> Reply {
    let body = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    Reply::new(403, "application/xml", body)
}
