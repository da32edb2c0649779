// @ts-check

/**
 * Selects the second part of the client's WebAssembly: recovery and waiting for generations.
 *
 * @type {import("./split.mjs").Boundary}
 */
const EXTRA = {
  calls: /engine::deliver::.*::execute::h|Protection<P>::(enter|attempt|not_executed)::h/,
  roots:
    /::engine::(deliver|executions|follow|journal|outcome|poll|protect|record|recover|resolve|resume|watch)::|::js::(resumed|watch)::|JsClient::(resume|discard|execution_result|watch|check_wait)|^client_(resume|discard|executionResult|watch|checkWait)\b|^(resumed|watch|__wbg_resumed|__wbg_watch)_|Protection|Resumed|Watch/,
};

/**
 * Selects the third part: batches.
 *
 * @type {import("./split.mjs").Boundary}
 */
const BATCH = { roots: /skills_core::batch::|::js::batch::|JsClient::batch|^client_batch\b/ };

/** Those of the later parts, in the order in which they are linked. */
export const BOUNDARIES = [EXTRA, BATCH];
