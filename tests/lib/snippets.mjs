// @ts-check
/** The programs that the playground shows, for the tests that run them. */
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../../scripts/lib/run.mjs";
import { importPackage } from "./package.mjs";

/** @typedef {import("../../www/src/lib/action.ts").Action} Action */
/** @typedef {import("../../www/src/lib/action.ts").Preparation} Preparation */
/** @typedef {import("../../www/src/session/connection.ts").Connection} Connection */

export const CLOUD = "https://api.browser-use.com/api/v2";
export const KEY = "bu_secret";
export const UUID = "7a2cb619-ed95-49c9-9d32-fd9fc3c53c98";
export const OTHER = "00000000-0000-4000-8000-000000000000";
/** A string with special characters. */
const HARD = 'a "b" \\ \\u0041 {c}\n\b\u0007 ü 🙂';

/**
 * The actions on one skill of the caller's project.
 *
 * @param {string} id
 * @param {string} [sessionId]
 * @returns {Action[]}
 */
export const ownActions = (id, sessionId = UUID) => [
  { is: "get", id },
  { is: "executions", id },
  runOf(id, true, { text: HARD, list: [1, null, true], "a key": { inner: {} } }, sessionId),
  { is: "refine", id, body: { feedback: HARD.repeat(2), testOutput: undefined, testLogs: HARD } },
];

/** @param {string} publicId @returns {Action[]} */
export const otherActions = (publicId) => [
  { is: "browse", params: { query: HARD, category: "news", fromDate: "2026-01-01T00:00:00Z", pageSize: 3 } },
  { is: "browse", params: {} },
  { is: "getPublic", slug: "top-stories" },
  { is: "list", params: { isEnabled: true } },
  runOf(publicId, false, {}),
  { is: "create", body: { title: HARD, goal: HARD, agentPrompt: HARD } },
];

/**
 * @param {string} id
 * @param {boolean} isOwn
 * @param {Record<string, unknown>} parameters
 * @param {string} [sessionId]
 * @returns {Action}
 */
export function runOf(id, isOwn, parameters, sessionId) {
  return { is: "run", id, isOwn, parameters, sessionId, recover: true };
}

/** Serves a proxy that adds the key. @param {string} target */
export async function startProxy(target) {
  const server = createServer(async (incoming, outgoing) => {
    let body = "";
    for await (const part of incoming) body += part;
    const { method, url = "", headers } = incoming;
    const response = await fetch(target + url, {
      ...(body && { body }),
      method: method ?? "GET",
      headers: {
        "X-Browser-Use-API-Key": KEY,
        ...(body && { "content-type": String(headers["content-type"]) }),
      },
    });
    outgoing.writeHead(response.status, { "content-type": "application/json" });
    outgoing.end(await response.text());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { baseUrl: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** Bundles the generators of the playground, next to the installed package. */
export async function loadSnippets() {
  const installed = await importPackage();
  const outfile = join(installed.projectFolder, "snippets.mjs");
  await build({
    entryPoints: [join(root, "www/src/lib/snippets.ts")],
    bundle: true,
    format: "esm",
    outfile,
  });
  /** @type {typeof import("../../www/src/lib/snippets.ts")} */
  const snippets = await import(pathToFileURL(outfile).href);
  return { installed, snippets };
}

/** Skills of the emulator in a page, each with its origin. @param {Awaited<ReturnType<typeof importPackage>>} installed */
export async function skillsOfPage(installed) {
  const emulator = installed.emulation.createEmulator();
  const client = new installed.library.BrowserUse({ apiKey: "bu_1", fetch: emulator.fetch });
  // As in the playground: other ids than those of a new emulator.
  await emulator.restore({ ...(await emulator.snapshot()), ids: "0123456789abcdef" });
  const { id: publicId } = await client.marketplace.get("top-stories");
  const {
    items: [initial],
  } = await client.skills.list();
  const clone = await client.marketplace.clone(publicId);
  const { id: refinedId } = await client.marketplace.clone(publicId);
  const refined = await client.skills.refineAndWait(refinedId, { feedback: "Read the dates too" });
  const created = await client.skills.createAndWait({ goal: HARD, agentPrompt: HARD });
  const again = await client.skills.refineAndWait(created.id, { feedback: "Read the dates too" });
  const all = { initial, clone, refined, created, again };
  const { id: running } = await client.skills.create({ goal: HARD, agentPrompt: HARD });
  return { publicId, skills: { ...all, running: await client.skills.get(running) } };
}
