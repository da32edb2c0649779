// @ts-check
/** Which figures of the benchmark are regressions. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeRegressions, regressions } from "../../benches/lib/regressions.mjs";

/** @param {number[]} ours @param {number[]} before */
const found = (ours, before) =>
  regressions({ cpu: [{ figure: "a call (µs)", samples: { ours, before } }] }).map(({ figure }) => figure);

describe("a figure of the benchmark", () => {
  test("is a regression if it is more than 10 % worse in most rounds", () => {
    assert.deepEqual(found([111, 112, 111, 113], [100, 100, 101, 100]), ["a call (µs)"]);
    assert.deepEqual(found([111], [100]), ["a call (µs)"]);
  });

  test("is none if it is less than 10 % worse, or better", () => {
    assert.deepEqual(found([109, 109, 109, 109], [100, 100, 100, 100]), []);
    assert.deepEqual(found([110], [100]), []);
    assert.deepEqual(found([50, 50], [100, 100]), []);
  });

  test("is none if a quarter of the rounds was better", () => {
    assert.deepEqual(found([130, 130, 80, 70], [100, 100, 100, 100]), []);
    assert.deepEqual(found([111, 150, 70, 111, 80], [100, 100, 100, 100, 100]), []);
  });

  test("is none if only one of the programs has samples, or the earlier ones are 0", () => {
    assert.deepEqual(found([], [100]), []);
    assert.deepEqual(found([100], []), []);
    assert.deepEqual(found([100], [0]), []);
    assert.deepEqual(found([0], [0]), []);
  });

  test("is listed with its ratio", () => {
    const text = describeRegressions([{ figure: "a call (µs)", ratio: 1.257 }], "v1.0.0");
    assert.equal(text, "Slower or larger than `v1.0.0` by more than 10 %:\n\n- a call (µs): 1.26 ×\n");
    assert.equal(describeRegressions([], "v1.0.0"), "");
  });
});
