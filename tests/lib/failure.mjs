// @ts-check
import assert from "node:assert/strict";

/**
 * Returns the error of a call. Fails the test if the call succeeds.
 *
 * @param {PromiseLike<unknown>} call
 * @returns {Promise<any>}
 */
export async function failure(call) {
  return call.then(
    () => assert.fail("the call should fail"),
    (error) => error,
  );
}
