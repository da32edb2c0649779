// @ts-check
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { usedConstants } from "../../scripts/wasm/data.mjs";

const TEXT = ' (data $.rodata..Ltext (i32.const 1048576) "a\\"\\t\\\\\\c3\\a9z")';
const OTHER = ' (data $".rodata..Lother<T>" (i32.const 1048583) "b")';
/** Starts between two words: the offset of `TEXT` follows two bytes. */
const TABLE = ' (data $.rodata..Ltable (i32.const 1048586) "\\00\\00\\00\\00\\10\\00\\07\\00\\00\\00")';
const STATE = ' (data $.data._ZN5state (i32.const 1048596) "\\07\\00\\10\\00")';
const ITEMS = [TEXT, OTHER, TABLE, STATE];

/** @param {string} instruction */
function used(instruction) {
  return [...usedConstants(ITEMS, [` (func $f\n  (${instruction})\n )`])];
}

describe("the constants of a function", () => {
  test("are found by the offset of any of their bytes", () => {
    for (const offset of [1048576, 1048582]) assert.deepEqual(used(`i32.const ${offset}`), [TEXT]);
    assert.deepEqual(used("i32.const 1048583"), [OTHER]);
    assert.deepEqual(used("i32.load8_u offset=1048583"), [OTHER]);
    assert.deepEqual(used("i32.const 1048584"), []);
  });

  test("are found through other data", () => {
    assert.deepEqual(used("i32.const 1048586"), [TABLE, TEXT]);
    assert.deepEqual(used("i32.const 1048596"), [OTHER]);
  });
});
