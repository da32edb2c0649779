//! `retry.ts`: what TypeScript needs to retry as the client does.

use browser_use_skills::policy::attempt::TRANSIENT_STATUSES;

use crate::text::HEAD;

pub fn module() -> String {
    let statuses = TRANSIENT_STATUSES.map(|status| status.to_string()).join(", ");
    format!(
        "{HEAD}/** The statuses after which a GET is retried. */\nexport const transientStatuses: readonly number[] = [{statuses}];\n"
    )
}
