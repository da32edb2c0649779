// @ts-check
/** The source files import each other in one direction: no file imports, directly or through others, one that imports it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { circlesOf, importGraph } from "../../scripts/lib/imports.mjs";

describe("the imports of the sources", () => {
  test("are found in Rust, TypeScript and JavaScript", async () => {
    const graph = await importGraph();
    for (const [file, imported] of [
      ["emulator/src/executions.rs", "emulator/src/state.rs"],
      ["npm/src/client.ts", "npm/src/options.ts"],
      ["www/src/app.tsx", "www/src/session/admin.ts"],
      ["scripts/test.mjs", "scripts/lib/run.mjs"],
    ])
      assert.ok(graph.get(file ?? "")?.has(imported ?? ""), `${file} imports ${imported}`);
  });

  test("of two or more files that lead back to the first are a circle", () => {
    const graph = new Map(
      Object.entries({ a: ["b"], b: ["c"], c: ["a"], d: ["a", "e"], e: ["f"], f: ["e"], g: [] }).map(
        ([file, imported]) => [file, new Set(imported)],
      ),
    );
    assert.deepEqual(circlesOf(graph).sort(), [
      ["a", "b", "c"],
      ["e", "f"],
    ]);
  });

  test("have no circle", async () => {
    const found = circlesOf(await importGraph());
    const list = found.map((files) => `  ${files.join("\n  ")}`).join("\n\n");
    assert.equal(found.length, 0, `These files import each other: move what both need to a third.\n${list}`);
  });
});
