// @ts-check
/** `retryable`, and the class names of errors after minification. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { QueryClient } from "@tanstack/query-core";
import { transform } from "esbuild";
import { minify } from "terser";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const WISH = { goal: "g", agentPrompt: "Open example.com" };

describe("errors", () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let installed;
  before(async () => {
    installed = await importPackage();
  });
  after(() => installed?.remove());

  /**
   * Creates a client of a server with this response, and counts the requests.
   *
   * @param {(method: string) => Response | Promise<Response>} respond
   */
  const begin = (respond, maxRetries = 0) => {
    const served = { requests: 0 };
    const client = new installed.library.BrowserUse({
      apiKey: "bu_1",
      maxRetries,
      fetch: async (_, { method }) => {
        served.requests += 1;
        return respond(method);
      },
    });
    return { client, served };
  };
  const status = (/** @type {number} */ status, headers = {}) => new Response("{}", { status, headers });
  const broken = () => Promise.reject(new TypeError("fetch failed"));

  test("are retryable if the same call may succeed later and cannot execute twice", async () => {
    /** @type {Array<[label: string, respond: () => Response | Promise<Response>, get: boolean, execute: boolean]>} */
    const cases = [
      ["429", () => status(429), true, true],
      ["503 with Retry-After", () => status(503, { "retry-after": "1" }), true, false],
      ["500", () => status(500), true, false],
      ["408", () => status(408), true, false],
      ["a lost connection", broken, true, false],
      ["400", () => status(400), false, false],
      ["401", () => status(401), false, false],
      ["402", () => status(402), false, false],
      ["404", () => status(404), false, false],
      ["422", () => status(422), false, false],
      ["no JSON", () => new Response("<html>"), false, false],
    ];
    for (const [label, respond, get, execute] of cases) {
      const { client } = begin(respond);
      const { skills } = client;
      assert.equal((await failure(skills.get(ID))).retryable, get, label);
      assert.equal((await failure(skills.execute(ID))).retryable, execute, label);
    }
    const { client } = begin(() => new Promise(() => {}));
    assert.equal((await failure(client.skills.get(ID, { timeout: 1 }))).retryable, true);
    assert.equal((await failure(client.skills.execute(ID, {}, { timeout: 1 }))).retryable, false);
    assert.equal((await failure(client.skills.get("no uuid"))).retryable, false);
    const paysTwice = begin(broken).client.skills.execute(ID, {}, { retry: "always" });
    assert.equal((await failure(paysTwice)).retryable, true, "the caller allows it");
  });

  test("are not retryable after a part of the call was executed", async () => {
    const { client } = begin((method) =>
      method === "GET" ? status(500) : new Response(JSON.stringify({ id: ID }), { status: 202 }),
    );
    assert.equal((await failure(client.skills.waitUntilFinished(ID))).retryable, true);
    const { code, retryable } = await failure(client.skills.createAndWait(WISH));
    assert.deepEqual([code, retryable], ["server", false]);
  });

  test("have the requested delay in milliseconds, wherever the server requests it in seconds", async () => {
    const inBody = () => new Response(JSON.stringify({ retry_after_seconds: 1.5 }), { status: 429 });
    for (const [respond, retryAfter] of /** @type {const} */ ([
      [() => status(429, { "retry-after": "120" }), 120_000],
      [() => status(503, { "retry-after": "7" }), 7_000],
      [inBody, 1_500],
      [() => status(500), undefined],
    ])) {
      assert.equal((await failure(begin(respond).client.skills.get(ID))).retryAfter, retryAfter);
    }
  });

  test("list every invalid option of a client, by its path", async () => {
    const options = /** @type {any} */ ({
      apiKey: "b u",
      baseUrl: "ftp://example.com",
      timeout: 0,
      totalTimeout: "1",
      maxRetries: 101,
      maxRetryAfter: Number.NaN,
      maxConcurrent: 1.5,
      headers: { "content-type": "text/plain" },
      sharedAccount: "yes",
      onEvnet: () => {},
    });
    const error = await failure(new installed.library.BrowserUse(options).skills.get(ID));
    assert.equal(error.code, "invalid_request");
    assert.deepEqual(messagesByPath(error), {
      onEvnet: 'Unknown option; did you mean "onEvent"?',
      sharedAccount: "should be true or false",
      apiKey: "the key contains white space or characters that are not ASCII",
      baseUrl: "must be an http or https URL, or a path on the page's own origin",
      timeout: "should be milliseconds above 0, or Infinity",
      totalTimeout: "should be milliseconds above 0, or Infinity",
      maxRetries: "should be a whole number from 0 to 100",
      maxRetryAfter: "should be milliseconds above 0, or Infinity",
      headers: "the client sets the API key and the content type",
      maxConcurrent: 'should be a whole number from 1 to 1000, or "plan"',
    });
  });

  test("list every invalid option of a call, by its path", async () => {
    const recover = { grace: -1, tga: "row 17" };
    const options = /** @type {any} */ ({ retry: "never", maxRetries: -1, headers: { a: 7 }, recover });
    const error = await failure(begin(() => status(200)).client.skills.execute(ID, {}, options));
    assert.deepEqual(messagesByPath(error), {
      "recover.tga": 'Unknown option; did you mean "tag"?',
      retry: 'should be "always", or left out',
      maxRetries: "should be a whole number from 0 to 100",
      headers: "a name or value is invalid in a header",
      "recover.grace": "should be milliseconds, not negative",
    });
  });

  test("include retryable in logs", async () => {
    const error = await failure(begin(() => status(500)).client.skills.get(ID));
    assert.equal(JSON.parse(JSON.stringify(error)).retryable, true);
  });

  test("are retried only by the client if TanStack Query is configured as documented", async () => {
    const { client, served } = begin(() => status(500), 2);
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    const queryFn = () => client.skills.get(ID);
    const error = await failure(queries.fetchQuery({ queryKey: ["skill", ID], queryFn }));
    assert.deepEqual([error.code, served.requests], ["server", 3]);
  });

  test("are retried only by TanStack Query if the client has maxRetries: 0", async () => {
    /** @param {() => Response} respond */
    const requestsOf = async (respond) => {
      const { client, served } = begin(respond, 2);
      /** @param {number} count @param {unknown} error */
      const retry = (count, error) =>
        count < 2 && installed.library.isBrowserUseError(error) && error.retryable;
      const queries = new QueryClient({ defaultOptions: { queries: { retry, retryDelay: 1 } } });
      const queryFn = () => client.skills.get(ID, { maxRetries: 0 });
      await failure(queries.fetchQuery({ queryKey: ["skill", ID], queryFn }));
      return served.requests;
    };
    assert.equal(await requestsOf(() => status(500)), 3);
    assert.equal(await requestsOf(() => status(404)), 1);
  });

  for (const [minifier, minified] of /** @type {const} */ ([
    ["the package's own", async (/** @type {string} */ code) => code],
    [
      "esbuild",
      async (/** @type {string} */ code) => (await transform(code, { minify: true, target: "es2017" })).code,
    ],
    [
      "terser",
      async (/** @type {string} */ code) => (await minify(code, { module: true, toplevel: true })).code ?? "",
    ],
  ])) {
    test(`keep their class names after minification: ${minifier}`, async () => {
      const source = await readFile(join(installed.packageFolder, "index.js"), "utf8");
      const file = join(installed.packageFolder, `minified by ${minifier}.mjs`);
      await writeFile(file, await minified(source));
      /** @type {typeof installed.library} */
      const library = await import(pathToFileURL(file).href);
      const classes = Object.entries(library).filter(
        ([name]) => name.endsWith("Error") && /^[A-Z]/.test(name),
      );
      assert.equal(classes.length, 28);
      for (const [name, type] of classes) assert.equal(type.name, name);
      const wasm = await readFile(join(installed.packageFolder, "browser_use_skills_bg.wasm"));
      await library.BrowserUse.load(wasm);
      const { skills } = new library.BrowserUse({ apiKey: "bu_1", fetch: async () => status(404) });
      const error = await failure(skills.get(ID));
      assert.ok(error instanceof library.SkillNotFoundError);
      assert.deepEqual([error.name, error.constructor.name], ["SkillNotFoundError", "SkillNotFoundError"]);
      for (const shown of [String(error), inspect(error), error.stack]) {
        assert.match(shown ?? "", /^SkillNotFoundError: /);
      }
    });
  }
});

/** @param {{ issues: { path: string, msg: string }[] }} error */
function messagesByPath({ issues }) {
  return Object.fromEntries(issues.map(({ path, msg }) => [path, msg]));
}
