// @ts-check

/**
 * Selects the second part of the client's WebAssembly: recovery, waiting for generations, and batches.
 *
 * @type {import("./split.mjs").Boundary}
 */
export const EXTRA = {
  calls: /engine::deliver::.*::execute::h|Protection<P>::(enter|attempt|not_executed)::h/,
  roots:
    /::engine::(deliver|executions|follow|journal|outcome|poll|protect|record|recover|resolve|resume|watch)::|skills_core::batch::|::js::(batch|resumed|watch)::|JsClient::(batch|resume|discard|execution_result|watch|check_wait)|^client_(batch|resume|discard|executionResult|watch|checkWait)\b|^(resumed|watch|__wbg_resumed|__wbg_watch)_|Protection|Resumed|Watch/,
};
