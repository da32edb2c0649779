//! Generates `retry.ts`: the constants for retrying as the Rust client does.

use browser_use_skills::policy::retry::TRANSIENT_STATUSES;

use crate::text::HEAD;

pub fn module() -> String {
    let statuses = TRANSIENT_STATUSES.map(|status| status.to_string()).join(", ");
    format!(
        "{HEAD}/** HTTP statuses after which a GET is retried. */\nexport const transientStatuses: readonly number[] = [{statuses}];\n"
    )
}
