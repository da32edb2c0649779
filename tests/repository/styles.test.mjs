// @ts-check
/** The styles of the playground use its colours, type scale and rhythm. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";

const FOLDER = join(root, "www", "src", "styles");

/** The lines of all files but the one that defines the tokens, without comments. */
const lines = readdirSync(FOLDER)
  .filter((name) => name !== "tokens.css")
  .flatMap((name) =>
    readFileSync(join(FOLDER, name), "utf8")
      .replace(/\/\*.*?\*\//gs, (comment) => comment.replace(/[^\n]/g, ""))
      .split("\n")
      .map((line, index) => ({ at: `${name}:${index + 1}: ${line.trim()}`, line })),
  );

/** @param {(line: string) => boolean} isWrong */
const find = (isWrong) => lines.filter(({ line }) => isWrong(line)).map(({ at }) => at);

test("distances are multiples of 4 px", () => {
  const isOff = (/** @type {string} */ line) =>
    [...line.matchAll(/(?<![\w.])(\d*\.?\d+)rem/g)].some(
      ([, length]) => !Number.isInteger(Number(length) * 4),
    );
  assert.ok(lines.length > 1000);
  assert.deepEqual(find(isOff), []);
});

test("font sizes are those of the type scale", () => {
  const isOff = (/** @type {string} */ line) =>
    /font-size:/.test(line) &&
    !/font-size: (var\(--(tiny|small|normal|large|larger|big|huge)\)|0\.9em);/.test(line);
  assert.deepEqual(find(isOff), []);
});

test("colours are defined only in tokens.css", () => {
  assert.deepEqual(
    find((line) =>
      /#[0-9a-f]{3,8}\b(?!\s*[{,.:])|\b(rgb|hsl|oklch)a?\(/i.test(line.replace("#000 2rem", "")),
    ),
    [],
  );
});
