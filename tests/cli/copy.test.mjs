// @ts-check
/** `npx browser-use-skills copy`: the files that a page or an extension without a bundler needs. */
import assert from "node:assert/strict";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchBrowser } from "../lib/browser.mjs";
import { installed, installProgram, run } from "../lib/cli.mjs";

installProgram();

describe("the copy command, for pages without a bundler", () => {
  test("copies every file that the scripts import, and overwrites an earlier version", async () => {
    const folder = join(installed.projectFolder, "vendor", "browser-use-skills");
    const names = [
      "LICENSE-APACHE",
      "LICENSE-MIT",
      "THIRD-PARTY-LICENSES.txt",
      "batch.csv.js",
      "batch.embedded.js",
      "batch.js",
      "browser_use_skills_batch_bg.wasm",
      "browser_use_skills_bg.wasm",
      "browser_use_skills_extra_bg.wasm",
      "embedded.js",
      "extra.embedded.js",
      "index.js",
      "journal.js",
    ];
    const emulator = ["browser_use_skills_emulator_bg.wasm", "emulator.embedded.js", "emulator.js"];
    for (const [options, expected] of /** @type {const} */ ([
      [[], names],
      [["--emulator"], [...names, ...emulator].sort()],
    ])) {
      const { code, out, errors } = await run(["copy", folder, ...options]);
      assert.deepEqual([code, errors], [0, ""]);
      const files = (await readdir(folder)).sort();
      assert.deepEqual(files, expected);
      for (const name of files) {
        assert.ok(out.includes(name));
        const content = await readFile(join(folder, name), "utf8");
        for (const [, file = ""] of content.matchAll(
          /(?:import|from|URL\(|sourceMappingURL=)\s*\(?"?\.\/([\w.]+)/g,
        ))
          assert.ok(files.includes(file), `${name} imports ${file}`);
        await writeFile(join(folder, name), "of an earlier version");
      }
    }
    const { out } = await run(["copy", folder]);
    assert.match(out, /index\.js/);
    assert.ok((await stat(join(folder, "browser_use_skills_bg.wasm"))).size > 10_000);
  });

  test("names a folder that cannot be written", async () => {
    const { code, out, errors } = await run([
      "copy",
      join(installed.projectFolder, "package.json", "vendor"),
    ]);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(errors, /^Cannot copy to .*vendor: ENOTDIR/);
    assert.ok(!errors.includes(" at "), "the output contains a stack trace");
  });

  test("copies files that run in Chromium", async () => {
    const folder = join(installed.projectFolder, "site");
    await run(["copy", join(folder, "lib"), "--emulator"]);
    const page = `<script type="module">
      import { BrowserUse } from "./lib/index.js";
      import { storageJournal } from "./lib/journal.js";
      import { createEmulator } from "./lib/emulator.js";
      const journal = storageJournal(localStorage);
      const client = new BrowserUse({ apiKey: "bu_1", fetch: createEmulator().fetch, journal });
      const { items } = await client.marketplace.list({ query: "stories" });
      const { id } = await client.marketplace.clone(items[0].id);
      const stories = await client.skill(id).run({ limit: 2 }, { recover: true });
      document.title = stories.length + " stories";
    </script>`;
    await writeFile(join(folder, "index.html"), page);
    const policy = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self'";
    const [server, browser] = await Promise.all([
      serveFolder({ mounts: { "/": folder }, headers: { "Content-Security-Policy": policy } }),
      launchBrowser(),
    ]);
    try {
      const tab = await browser.newPage();
      /** @type {string[]} */
      const failed = [];
      tab.on("response", (response) => void (response.ok() || failed.push(response.url())));
      tab.on("pageerror", (error) => failed.push(error.message));
      await tab.goto(server.url);
      await tab.waitForFunction(() => document.title !== "");
      assert.equal(await tab.title(), "2 stories");
      assert.deepEqual(
        failed.filter((url) => !url.endsWith("favicon.ico")),
        [],
      );
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
