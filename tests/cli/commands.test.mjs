// @ts-check
/** `npx browser-use-skills`: help, versions, errors. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { installed, installProgram, run } from "../lib/cli.mjs";
import { listen } from "../lib/runtimes.mjs";

installProgram();

describe("the command line", () => {
  test("prints its help and its version", async () => {
    for (const args of [["--help"], ["copy", "--help"], ["emulator", "--help"], ["types", "-h"]]) {
      const { code, out } = await run(args);
      assert.equal(code, 0);
      assert.match(out, /^Usage: browser-use-skills/);
    }
    const { version } = JSON.parse(await readFile(join(installed.packageFolder, "package.json"), "utf8"));
    assert.equal((await run(["--version"])).out.trim(), version);
    assert.equal((await run([])).code, 2);
  });

  test("reports usage errors and exits with 2", async () => {
    /** @type {Array<[string[], RegExp]>} */
    const wrong = [
      [["constructor"], /no command "constructor"/],
      [["emulator", "--prot", "1"], /--prot/],
      [["emulator", "extra"], /extra/],
      [["emulator", "--port", "many"], /--port/],
      [["emulator", "--port", "65536"], /--port/],
      [["emulator", "--seed", "-1"], /--seed/],
      [["emulator", "--max-sessions", "many"], /--max-sessions must be a whole number/],
      [["emulator", "--credits", "1e9"], /--credits must be an amount in US dollars/],
      [["emulator", "--fault", "{"], /--fault/],
      [["emulator", "--fault", '{"kind":"explode"}'], /unknown variant/],
      [["copy"], /folder/],
      [["types", "--output", "x"], /--output/],
    ];
    for (const [args, message] of wrong) {
      const { code, out, errors } = await run(args);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      assert.match(errors, message);
    }
    const keyless = await run(["types"], {});
    assert.equal(keyless.code, 2);
    assert.match(keyless.errors, /BROWSER_USE_API_KEY/);
  });

  test("exits with 1 on failures", async () => {
    const taken = await listen((_, outgoing) =>
      outgoing.writeHead(401).end('{"detail":"Not authenticated"}'),
    );
    try {
      const port = await run(["emulator", "--port", String(taken.port)]);
      assert.equal(port.code, 1);
      assert.match(port.errors, /EADDRINUSE/);
      const key = await run(["types", "--base-url", `http://127.0.0.1:${taken.port}`]);
      assert.equal(key.code, 1);
      assert.match(key.errors, /Not authenticated/);
      assert.ok(!key.errors.includes(" at "), "the output contains a stack trace");
    } finally {
      await taken.close();
    }
  });
});
