// @ts-check
import assert from "node:assert/strict";

/**
 * What a call fails with; that it succeeds is a failure of the test.
 *
 * @param {PromiseLike<unknown>} call
 * @returns {Promise<any>}
 */
export async function failure(call) {
  return call.then(
    () => assert.fail("it should fail"),
    (error) => error,
  );
}
