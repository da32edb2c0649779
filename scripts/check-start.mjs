// @ts-check
/** Runs `npm start` until the page and the emulator respond, then stops it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { isMain, root } from "./lib/run.mjs";

const HELP = `Usage: node scripts/check-start.mjs

Runs \`npm start -- --port 0\` until the page responds with status 200 and the emulator lists skills, then stops it.`;

async function check() {
  const began = performance.now();
  const child = spawn("npm", ["start", "--", "--port", "0"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    // npm does not forward signals: the signal goes to the process group.
    detached: true,
  });
  const exited = once(child, "exit");
  try {
    const { page, emulator } = await urls(child.stdout);
    const response = await fetch(page);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /<title>/);
    const list = await fetch(`${emulator}/skills`, { headers: { "X-Browser-Use-API-Key": "bu_any" } });
    assert.equal(list.status, 200);
    assert.ok(Array.isArray((await list.json()).items));
  } finally {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, "SIGINT");
  }
  await exited;
  console.log(
    `npm start: the page and the emulator respond after ${((performance.now() - began) / 1000).toFixed(0)} s`,
  );
}

/**
 * Returns the URLs that `npm start` prints once it is ready. Rejects if it exits before.
 *
 * @param {import("node:stream").Readable} output
 * @returns {Promise<{ page: string, emulator: string }>}
 */
async function urls(output) {
  let emulator = "";
  for await (const line of createInterface({ input: output })) {
    console.log(line);
    emulator = /^start: the emulator listens on (\S+)$/.exec(line)?.[1] ?? emulator;
    const page = /^open (\S+)$/.exec(line)?.[1];
    if (page) return { page, emulator };
  }
  throw new Error("`npm start` exited before it was ready");
}

if (isMain(import.meta.url)) {
  if (process.argv.includes("--help")) console.log(HELP);
  else {
    await check().catch((error) => {
      console.error(`check-start: ${error.message}`);
      process.exitCode = 1;
    });
  }
}
