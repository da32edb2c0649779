// @ts-check
/** The packed type definitions, compiled with the strictest settings and the oldest supported library. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { installPackage } from "../lib/package.mjs";

const STRICTEST = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2020",
  types: [],
};

describe("the type definitions", () => {
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  before(async () => {
    installed = await installPackage();
    await cp(join(root, "tests/types"), installed.projectFolder, { recursive: true });
  });
  after(() => installed?.remove());

  /** @param {object} options @returns {Promise<string>} the errors of the compiler */
  const compile = async (options) => {
    const config = {
      compilerOptions: { ...STRICTEST, ...options },
      files: ["right.ts", "wrong.ts", "skills.d.ts"],
    };
    await writeFile(join(installed.projectFolder, "tsconfig.json"), JSON.stringify(config));
    return new Promise((resolve, reject) => {
      const tsc = join(root, "node_modules/.bin/tsc");
      execFile(tsc, ["--pretty", "false"], { cwd: installed.projectFolder }, (error, stdout) =>
        error && stdout === "" ? reject(error) : resolve(stdout),
      );
    });
  };

  for (const [module, moduleResolution] of [
    ["es2022", "bundler"],
    ["node16", "node16"],
  ]) {
    for (const lib of [
      ["es2020", "dom"],
      ["esnext", "dom", "dom.iterable"],
    ]) {
      test(`accept valid code and reject invalid code: ${moduleResolution}, ${lib[0]}`, async () => {
        assert.equal(await compile({ module, moduleResolution, lib }), "");
      });
    }
  }

  test("do not expose internals of the WebAssembly", async () => {
    const folder = join(installed.packageFolder, "types");
    for (const name of await readdir(folder, { recursive: true })) {
      if (!name.endsWith(".d.ts")) continue;
      const text = await readFile(join(folder, name), "utf8");
      assert.ok(!/__wbindgen|__wbg|wasm-client|wasm-emulator|#wasm/.test(text), name);
    }
  });
});
