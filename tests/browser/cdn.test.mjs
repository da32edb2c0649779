// @ts-check
/** The page of docs/bundlers.md that loads the package from a CDN, under its policy, in Chromium, Firefox and WebKit. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { launchPage } from "../lib/browser.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { launchFirefox } from "../lib/firefox.mjs";
import { installPackage } from "../lib/package.mjs";
import { until } from "../lib/until.mjs";
import { launchWebKit, WEBKIT_SKIPPED } from "../lib/webkit.mjs";

const CDN = "https://cdn.example";
const FILES = ["index.js", "browser_use_skills_bg.wasm", "browser_use_skills_extra_bg.wasm"];

/** Writes to the title if the browser rejects the module. */
const REPORT = `<script nonce="r4nd0m">
  addEventListener("error", () => (document.title = "rejected"), true);
</script>`;

/** The test's part of the module: calls that need both parts of the WebAssembly. Errors become the title. */
const CALLS = `
  const client = new BrowserUse({ apiKey: "bu_1", baseUrl: "<api>" });
  const { items } = await client.marketplace.list();
  const skill = await client.marketplace.clone(items[0].id);
  const finished = await client.skills.waitUntilFinished(skill.id);
  document.title = finished.status;
  } catch ({ name }) {
    document.title = name;
  }
</script>`;

const BROWSERS = { Chromium: launchPage, Firefox: launchFirefox, WebKit: launchWebKit };

for (const [name, launch] of Object.entries(BROWSERS)) {
  const skip = name === "WebKit" && WEBKIT_SKIPPED;
  describe(`the package on a CDN in ${name}`, { skip }, () => {
    /** @type {Awaited<ReturnType<typeof startEmulator>>} */
    let emulator;
    /** @type {Awaited<ReturnType<typeof installPackage>>} */
    let installed;
    /** @type {import("../lib/browser.mjs").Page} */
    let page;
    /** @type {string} */
    let folder;
    before(async () => {
      [emulator, installed, page] = await Promise.all([startEmulator(), installPackage(), launch()]);
      folder = await mkdtemp(join(tmpdir(), "browser-use-skills-cdn-"));
      await cp(installed.packageFolder, join(folder, "cdn"), { recursive: true });
    });
    after(async () => {
      await page?.close();
      await installed?.remove();
      emulator?.close();
      if (folder) await rm(folder, { recursive: true });
    });

    /** Opens the page and returns its title. @param {string} [changed] - The file that the CDN has changed. */
    const open = async (changed) => {
      const hashes = FILES.map(async (file) => {
        const content = await readFile(join(installed.packageFolder, file));
        return [`sha384-${file}`, `sha384-${createHash("sha384").update(content).digest("base64")}`];
      });
      const cdnFolder = join(folder, "cdn");
      await cp(installed.packageFolder, cdnFolder, { recursive: true });
      // A semantically equal change: only the hash differs. A custom section of WebAssembly: id 0, size 2, name "x".
      if (changed) await appendFile(join(cdnFolder, changed), changed.endsWith(".js") ? "\n" : "\0\x02\x01x");
      const cdn = await serveFolder({
        mounts: { "/npm/browser-use-skills@0.1.0/": cdnFolder },
        headers: { "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" },
      });
      const { origin } = new URL(cdn.url);
      const documentation = await readFile(join(root, "docs/bundlers.md"), "utf8");
      const example = /<script type="importmap"[\s\S]*?(?=<\/script>\n```)/.exec(documentation)?.[0] ?? "";
      assert.ok(example.includes("const cdn"));
      let html =
        `<!doctype html>\n${REPORT}${example.replace("const cdn", "try { const cdn")}${CALLS.replace("<api>", emulator.baseUrl)}`.replaceAll(
          CDN,
          origin,
        );
      for (const [placeholder, hash] of await Promise.all(hashes)) {
        html = html.replace(`"${placeholder}"`, `"${hash}"`);
      }
      await writeFile(join(folder, "index.html"), html);
      const policy = /`(script-src 'nonce-[^`]*)` and `(connect-src [^`]*)`/.exec(documentation);
      const api = new URL(emulator.baseUrl).origin;
      const directives = ["default-src 'none'", policy?.[1], `${policy?.[2]} ${api}`];
      const site = await serveFolder({
        mounts: { "/": folder },
        headers: { "Content-Security-Policy": directives.join("; ").replaceAll(CDN, origin) },
      });
      try {
        await page.goto(site.url);
        await until(() => page.evaluate(() => document.title !== ""));
        return await page.evaluate(() => document.title);
      } finally {
        await Promise.all([site.close(), cdn.close()]);
      }
    };

    test("runs with import map, integrity and policy", async () => {
      assert.equal(await open(), "finished");
    });

    test("rejects a script that has changed", async () => {
      assert.equal(await open("index.js"), "rejected");
    });

    for (const file of ["browser_use_skills_bg.wasm", "browser_use_skills_extra_bg.wasm"]) {
      test(`rejects ${file} if it has changed`, async () => {
        assert.equal(await open(file), "LoadError");
      });
    }
  });
}
