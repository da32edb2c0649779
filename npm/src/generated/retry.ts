// Written by `cargo run -p xtask` from the tables in src/. Do not edit.

/** The statuses after which a GET is retried. */
export const transientStatuses: readonly number[] = [408, 425, 429, 500, 502, 503, 504];
