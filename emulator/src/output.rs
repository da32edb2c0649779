//! Addresses of outputs, which open without a key for a few minutes, as presigned ones do.

use serde_json::Value;
use uuid::Uuid;

use crate::message::Reply;
use crate::seed::Seed;
use crate::state::Emulator;

/// How long an address is good for: 5 minutes.
const LIFETIME_MS: u64 = 300_000;

/// Where the outputs are, from the root of the server.
pub const PLACE: &str = "/__emulator/outputs/";

/// The address of an output.
pub fn address(origin: &str, execution: Uuid, now: u64, seed: u64) -> String {
    let expires = now.saturating_add(LIFETIME_MS);
    format!("{origin}{PLACE}{execution}?expires={expires}&signature={}", signature(execution, expires, seed))
}

fn signature(execution: Uuid, expires: u64, seed: u64) -> String {
    let mut hash = Seed::of(seed, &format!("{execution} until {expires}"));
    format!("{:016x}{:016x}", hash.next(), hash.next())
}

impl Emulator {
    /// Answers an address that [`address`] made; `rest` is what follows [`PLACE`].
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
            return denied("SignatureDoesNotMatch", "The signature is not the one that was given out.");
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
