// @ts-check
/** `npx browser-use-skills emulator`: options, CORS, and connections that faults break. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { capture, root } from "../../scripts/lib/run.mjs";
import { startEmulator } from "../lib/emulator.mjs";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";
import { until } from "../lib/until.mjs";
import { callEveryOperation } from "../site/operations.js";

const KEY = "bu_emulated";
const ALLOWED = "https://a.example";

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator;
before(async () => {
  installed = await importPackage();
  emulator = await startEmulator("--api-key", KEY, "--origin", ALLOWED);
});
after(async () => {
  emulator?.close();
  await installed?.remove();
});

/** @param {Partial<import("browser-use-skills").BrowserUseOptions>} [options] */
function client(options) {
  return new installed.library.BrowserUse({ apiKey: KEY, baseUrl: emulator.baseUrl, ...options });
}

/** Prints the help of the command. */
async function help() {
  const program = join(installed.projectFolder, "node_modules", ".bin", "browser-use-skills");
  return (await capture(program, ["emulator", "--help"])) ?? "";
}

describe("the options", () => {
  test("set every setting and add faults", async () => {
    const settings = {
      apiKey: KEY,
      generationMs: 1,
      executionMs: 2,
      credits: 3.5,
      createCost: 0.25,
      executeCost: 0.5,
      minimumToCreate: 0.75,
      minimumToExecute: 1.25,
      plan: "Business",
      sessionIdleMs: 7,
      maxSessions: 4,
      maxEnabledSkills: 5,
      seed: 6,
      origins: ["https://a.example", "https://b.example"],
      exposeHeaders: ["retry-after"],
    };
    const names = { origins: "origin", exposeHeaders: "expose-header" };
    const options = Object.entries(settings).flatMap(([name, value]) => {
      const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      const option = Reflect.get(names, name) ?? kebab;
      return [value].flat().flatMap((one) => [`--${option}`, String(one)]);
    });
    const fault = { kind: "status", status: 418, operation: "marketplace.list" };
    options.push("--fault", JSON.stringify(fault), "--fault", JSON.stringify([{ ...fault, status: 451 }]));
    const { baseUrl, ask, close } = await startEmulator(...options);
    try {
      assert.deepEqual(await ask("GET", "/settings"), settings);
      const list = async () => (await fetch(`${baseUrl}/marketplace/skills`)).status;
      assert.deepEqual([await list(), await list(), await list()], [418, 451, 200]);
    } finally {
      close();
    }
  });

  test("have their defaults in the help", async () => {
    const defaults = new Map(
      Array.from((await help()).matchAll(/^ {2}--(\S+) .*\((.*)\)/gm), ([, name = "", value]) => [
        name,
        value,
      ]),
    );
    assert.deepEqual(Object.fromEntries(defaults), {
      host: "127.0.0.1",
      port: "8787",
      "api-key": "any that is not empty",
      "generation-ms": "3000",
      "execution-ms": "150",
      credits: "100",
      "create-cost": "1",
      "execute-cost": "0.02",
      "minimum-to-create": "2",
      "minimum-to-execute": "0.1",
      plan: "no subscription",
      "session-idle-ms": "900000",
      "max-sessions": "3",
      "max-enabled-skills": "50",
      seed: "1",
      origin: "all",
      "expose-header": "none",
      fault: "none",
    });
  });

  test("and the requests are those that docs/emulator.md describes", async () => {
    const guide = await readFile(join(root, "docs/emulator.md"), "utf8");
    const optionsIn = (/** @type {string} */ text) => new Set(text.match(/(?<=[\s`])--[a-z][a-z-]*/g));
    assert.deepEqual([...optionsIn(guide)].sort(), [...optionsIn(await help())].sort());

    const { items } = await client().marketplace.list();
    const { id } = await client().marketplace.clone(items[0]?.id ?? "");
    const requests = [...guide.matchAll(/^curl (?:-X (\w+) )?\$admin(\S+)(?: -d '(.*)')?$/gm)];
    assert.ok(requests.length >= 10);
    for (const [line, method = "GET", path = "", body] of requests) {
      // `curl -d` sends this type.
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const url = new URL(`/__emulator${path.replace(/[0-9a-f-]{36}/, id)}`, emulator.baseUrl);
      const response = await fetch(url, { method, headers, body });
      assert.ok(response.ok, `${line}: ${response.status} ${await response.text()}`);
    }
    await emulator.ask("POST", "/reset");
  });
});

describe("the server", () => {
  test("serves every operation, and logs the requests", async () => {
    const advance = (/** @type {number} */ ms) => emulator.ask("POST", "/advance", { ms });
    assert.equal((await callEveryOperation(client(), advance)).length, 22);
    await fetch(`${emulator.baseUrl}/unknown`);
    const { counts, log } = await emulator.ask("GET", "/requests");
    assert.equal(Object.keys(counts).length, 23);
    const { operation, method, path, status, hasKey } = log.at(-1);
    assert.deepEqual([operation, method, path, status, hasKey], [null, "GET", "/unknown", 404, false]);
    assert.ok(log[0].headers.includes("x-browser-use-api-key") && !JSON.stringify(log).includes(KEY));
  });

  test("serves the outputs of executions to all pages", async () => {
    await emulator.ask("POST", "/reset");
    const { items } = await client().skills.list();
    const id = items[0]?.id ?? "";
    await client().skills.execute(id, { parameters: { url: "https://example.com" } });
    const { items: executions } = await client().skills.executions(id);
    const { downloadUrl } = await client().skills.executionOutput(id, executions[0]?.id ?? "");
    assert.equal(new URL(String(downloadUrl)).origin, new URL(emulator.baseUrl).origin);
    const response = await fetch(String(downloadUrl), { headers: { origin: "https://page.example" } });
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.ok("links" in (await response.json()));
  });

  test("responds to CORS requests and to other paths as the service does", async () => {
    const vary = { vary: "Origin" };
    const readable = { ...vary, "access-control-allow-origin": ALLOWED };
    const open = { "access-control-allow-origin": "*" };
    const asked = {
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    };
    const page = { origin: ALLOWED };
    const other = { origin: "https://b.example" };
    const key = { "x-browser-use-api-key": KEY };
    const allowed = {
      ...readable,
      "access-control-allow-headers": "content-type, x-browser-use-api-key",
      "access-control-max-age": "600",
    };
    const [post, patch] = [{ ...asked }, { ...asked, "access-control-request-method": "PATCH" }];
    const both = { "access-control-request-headers": "content-type,X-Browser-Use-API-Key" };
    /** @type {Array<[string, Record<string, string>, number, Record<string, string>, RegExp]>} */
    const requests = [
      [
        "OPTIONS /api/v2/skills",
        { ...page, ...post },
        200,
        { ...allowed, "access-control-allow-methods": "POST, GET" },
        /^OK$/,
      ],
      [
        "OPTIONS /api/v2/skills/x",
        { ...page, ...patch, ...both },
        200,
        { ...allowed, "access-control-allow-methods": "GET, PATCH, DELETE" },
        /^OK$/,
      ],
      ["OPTIONS /api/v2/skills", { ...post, ...other }, 400, vary, /^Disallowed CORS origin$/],
      ["OPTIONS /api/v2/skills/x", { ...page, ...post }, 400, vary, /^Disallowed CORS method$/],
      ["OPTIONS /api/v2/nothing", { ...page, ...post }, 400, vary, /^Disallowed CORS method$/],
      [
        "OPTIONS /api/v2/skills",
        { ...page, ...post, "access-control-request-headers": "x-other" },
        400,
        vary,
        /^Disallowed CORS headers$/,
      ],
      [
        "OPTIONS /__emulator/faults",
        { ...other, ...post },
        204,
        { ...open, "access-control-allow-methods": "POST", "access-control-allow-headers": "content-type" },
        /^$/,
      ],
      ["OPTIONS /api/v2/skills", page, 405, { ...readable, allow: "POST, GET" }, /Method Not Allowed/],
      ["PUT /api/v2/skills", key, 405, { allow: "POST, GET" }, /Method Not Allowed/],
      ["GET /api/v2/skills", page, 401, readable, /Not authenticated/],
      ["GET /api/v2/skills", { ...key, ...page }, 200, readable, /"items"/],
      ["GET /api/v2/skills", { ...key, ...other }, 200, vary, /"items"/],
      ["GET /api/v2/skills?pageSize=0", key, 422, {}, /pageSize/],
      ["GET /api/v2/marketplace/skills?pageSize=1", {}, 200, {}, /"pageSize":1/],
      ["GET /api/v2", key, 404, {}, /Not Found/],
      ["GET /api/v2/other/skills", key, 404, {}, /Not Found/],
      ["GET /api/v22/skills", key, 404, open, /Not Found/],
      ["GET /skills", key, 404, open, /Not Found/],
      ["GET /", {}, 404, open, /Not Found/],
      ["GET /__emulator/nothing", {}, 404, open, /Not Found/],
      ["GET /__emulator/settings", page, 200, open, /"maxSessions":3/],
    ];
    for (const exposed of [undefined, "retry-after"]) {
      await emulator.ask("PATCH", "/settings", { exposeHeaders: exposed ? [exposed] : [] });
      for (const [line, headers, status, expected, text] of requests) {
        const [method = "", path = ""] = line.split(" ");
        const response = await fetch(new URL(path, emulator.baseUrl), { method, headers });
        const found = [...response.headers].filter(([name]) => /^(access-control|vary|allow)/.test(name));
        const isReadable =
          exposed && method !== "OPTIONS" && expected["access-control-allow-origin"] === ALLOWED;
        const exposes = isReadable || (exposed && line === "OPTIONS /api/v2/skills" && status === 405);
        const wanted = { ...expected, ...(exposes && { "access-control-expose-headers": exposed }) };
        const about = `${line} ${JSON.stringify(headers)}`;
        assert.deepEqual([response.status, Object.fromEntries(found)], [status, wanted], about);
        assert.match(await response.text(), text, about);
      }
    }
    await emulator.ask("POST", "/reset");
  });

  test("skips the headers of a fault that are invalid", async () => {
    const headers = { "x-valid": "1", "x invalid": "2", "x-newline": "a\nb" };
    await emulator.ask("POST", "/faults", { kind: "status", status: 503, headers });
    const response = await fetch(`${emulator.baseUrl}/skills`);
    assert.deepEqual([response.status, response.headers.get("x-valid")], [503, "1"]);
    assert.ok(!response.headers.has("x-newline"));
  });
});

/** A connection whose bytes a test reads. */
class Connection {
  text = "";
  isClosed = false;

  constructor() {
    this.socket = connect(Number(new URL(emulator.baseUrl).port), "127.0.0.1");
    // One character for each byte.
    this.socket.setEncoding("latin1").on("data", (part) => {
      this.text += part;
    });
    this.socket.on("close", () => {
      this.isClosed = true;
    });
  }

  /** @param {string} line @param {string} [body] @param {string} [more] */
  send(line, body = "", more = "") {
    this.text = "";
    const headers = `host: a\r\nx-browser-use-api-key: ${KEY}\r\ncontent-length: ${body.length}\r\n${more}`;
    this.socket.write(`${line} HTTP/1.1\r\n${headers}\r\n${body}`);
  }

  /** Sends a request and returns the response once its body is complete, or the connection closed. @param {string} path */
  async get(path) {
    this.send(`GET /api/v2${path}`);
    await until(async () => this.isClosed || (this.length >= 0 && this.body.length >= this.length));
    return this.text;
  }

  /** The body, as far as it was received. */
  get body() {
    return this.text.split("\r\n\r\n")[1] ?? "";
  }

  /** The value of `Content-Length`; -1 without it. */
  get length() {
    return Number(/content-length: (\d+)\r\n/i.exec(this.text)?.[1] ?? -1);
  }
}

describe("a fault", () => {
  test("closes a connection before the response, or after half of the body", async () => {
    const whole = new Connection();
    await whole.get("/skills");
    await emulator.ask("POST", "/faults", { kind: "drop" });
    assert.equal(await new Connection().get("/skills"), "");
    await emulator.ask("POST", "/faults", { kind: "dropBody" });
    const half = new Connection();
    half.send("GET /api/v2/skills");
    await until(async () => half.isClosed);
    assert.deepEqual([half.length, half.body.length], [whole.length, Math.floor(whole.length / 2)]);
    await emulator.ask("POST", "/faults", { kind: "truncate" });
    const truncated = new Connection();
    await truncated.get("/skills");
    assert.equal(truncated.length, Math.floor(whole.length / 2));
    whole.socket.destroy();
    truncated.socket.destroy();
  });

  test("stalls a response before its headers, or after half of its body", async () => {
    const whole = new Connection();
    await whole.get("/skills");
    const half = Math.floor(whole.length / 2);
    for (const kind of ["stallHeaders", "stallBody"]) {
      await emulator.ask("POST", "/faults", { kind });
      await emulator.ask("DELETE", "/requests");
      const stalled = new Connection();
      const expected = kind === "stallBody" ? half : 0;
      stalled.send("GET /api/v2/skills");
      await until(async () => (await emulator.ask("GET", "/requests")).log.length === 1);
      await until(async () => stalled.body.length === expected);
      // Later requests are served meanwhile.
      await whole.get("/marketplace/skills");
      assert.deepEqual([stalled.isClosed, stalled.body.length], [false, expected], kind);
      stalled.socket.destroy();
    }
    whole.socket.destroy();
  });

  test("of a body does not affect a response without one", async () => {
    const { items } = await client().skills.list();
    const { id } = await client().marketplace.clone(items[0]?.id ?? "");
    for (const kind of ["stallBody", "dropBody"]) {
      await emulator.ask("POST", "/faults", { kind, operation: "skills.delete", when: "before" });
      const deleting = new Connection();
      deleting.send(`DELETE /api/v2/skills/${id}`);
      await until(async () => deleting.text.endsWith("\r\n\r\n"));
      assert.match(deleting.text, /^HTTP\/1.1 204/, kind);
      // The connection is free for the next request.
      if (kind === "stallBody") assert.match(await deleting.get("/skills"), /^HTTP\/1.1 200/);
      deleting.socket.destroy();
    }
  });

  test("is an error of the client", async () => {
    for (const kind of ["drop", "dropBody"]) {
      await emulator.ask("POST", "/faults", { kind });
      assert.equal((await failure(client({ maxRetries: 0 }).skills.list())).code, "network", kind);
    }
    for (const kind of ["stallHeaders", "stallBody"]) {
      await emulator.ask("POST", "/faults", { kind });
      const list = client({ maxRetries: 0 }).skills.list({}, { timeout: 100 });
      assert.equal((await failure(list)).code, "timeout", kind);
    }
    assert.equal((await client().skills.list()).pageNumber, 1);
  });
});

describe("a connection", () => {
  test("serves one request while a fault may break it, and otherwise many", async () => {
    const path = "/marketplace/skills?pageSize=1";
    const [unused, used] = [new Connection(), new Connection()];
    for (let count = 0; count < 2; count += 1)
      assert.doesNotMatch(await used.get(path), /connection: close/i);
    await emulator.ask("POST", "/faults", { kind: "drop", operation: "skills.get" });
    await until(async () => used.isClosed && unused.isClosed);
    const single = new Connection();
    assert.match(await single.get(path), /connection: close/i);
    await until(async () => single.isClosed);
    await emulator.ask("DELETE", "/faults");
    const again = new Connection();
    for (let count = 0; count < 2; count += 1)
      assert.doesNotMatch(await again.get(path), /connection: close/i);
    again.socket.destroy();
  });

  test("may end before an execution does: the execution continues", async () => {
    await emulator.ask("POST", "/reset", { executionMs: 60_000 });
    const { items } = await client().skills.list();
    const id = items[0]?.id ?? "";
    const caller = new Connection();
    const body = JSON.stringify({ parameters: { url: "https://example.com" } });
    caller.send(`POST /api/v2/skills/${id}/execute`, body, "content-type: application/json\r\n");
    const states = async () => (await client().skills.executions(id)).items.map(({ status }) => status);
    await until(async () => (await states()).length === 1);
    assert.deepEqual([await states(), caller.text], [["running"], ""]);
    caller.socket.destroy();
    await emulator.ask("POST", "/advance", { ms: 60_000 });
    assert.deepEqual(await states(), ["completed"]);
    await emulator.ask("POST", "/reset");
  });
});
