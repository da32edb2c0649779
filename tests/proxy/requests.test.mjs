// @ts-check
/** The proxy with hostile requests, over HTTP, in Node and in workerd with two compatibility dates. */
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { root } from "../../scripts/lib/run.mjs";
import { importPackage } from "../lib/package.mjs";
import { listen, startNode, startWorkerd } from "../lib/runtimes.mjs";

const KEY = "bu_canary_of_the_proxy";
const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const OTHER = "4c90c3cc-0d44-4b50-8888-8dd25736052b";
const ORIGIN = "https://app.example.com";
const BASE = "/api/browser-use";
const EXECUTE = `${BASE}/skills/${ID}/execute`;
const JSON_TYPE = "application/json";

/** @typedef {import("node:http").IncomingMessage} Incoming */
/** @typedef {{ method: string, url: string, headers: import("node:http").IncomingHttpHeaders, body: string }} Seen */
/** @typedef {{ method?: string, headers?: Record<string, string>, body?: string | ((out: import("node:http").ClientRequest) => void) }} Sent */

/** Starts a cloud that records its requests, and responds with `respond`. */
async function startCloud() {
  /** @type {{ seen: Seen[], respond: import("node:http").RequestListener }} */
  const cloud = { seen: [], respond: () => {} };
  const server = await listen(async (incoming, outgoing) => {
    const { method = "", url = "", headers } = incoming;
    let body = "";
    for await (const part of incoming) body += part;
    cloud.seen.push({ method, url, headers, body });
    cloud.respond(incoming, outgoing);
  });
  return Object.assign(cloud, server);
}

/** @type {Array<[string, (folder: string, environment: Record<string, string>) => Promise<import("../lib/runtimes.mjs").Runtime>]>} */
const RUNTIMES = [
  ["Node", startNode],
  ["workerd of 2026", (folder, environment) => startWorkerd(folder, environment, "2026-10-01")],
  ["workerd of 2023", (folder, environment) => startWorkerd(folder, environment, "2023-08-01")],
];

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof startCloud>>} */
let cloud;
before(async () => {
  [installed, cloud] = await Promise.all([importPackage(), startCloud()]);
  await cp(join(root, "tests/proxy/worker.js"), join(installed.projectFolder, "worker.js"));
});
after(async () => {
  await cloud?.close();
  await installed?.remove();
});
beforeEach(() => {
  cloud.seen = [];
  cloud.respond = (_, outgoing) => {
    const headers = {
      "content-type": JSON_TYPE,
      "set-cookie": "a=b",
      server: "cloud",
      "x-ratelimit-limit": "9",
    };
    outgoing.writeHead(200, headers).end('{"success":true}');
  };
});

for (const [name, start] of RUNTIMES) {
  describe(`the proxy in ${name}`, () => {
    /** @type {import("../lib/runtimes.mjs").Runtime} */
    let server;
    before(async () => {
      server = await start(installed.projectFolder, {
        UPSTREAM: `http://127.0.0.1:${cloud.port}/api/v2/`,
        KEY,
        SKILL: ID,
      });
    });
    after(() => server?.close());

    /**
     * Sends a request with an unchanged path.
     *
     * @param {string} path
     * @param {Sent} [sent]
     * @returns {Promise<{ status: number, headers: import("node:http").IncomingHttpHeaders, text: string, detail: any }>}
     */
    const send = (path, { method = "GET", headers = {}, body } = {}) =>
      new Promise((resolve, reject) => {
        const options = { port: server.port, host: "127.0.0.1", method, path, headers, agent: false };
        const out = request(options, async (incoming) => {
          // From here on, the server may close the connection before the rest of a body.
          out.on("error", () => {});
          let text = "";
          for await (const part of incoming.setEncoding("utf8")) text += part;
          assert.ok(!`${text}${incoming.rawHeaders}`.includes(KEY), "the key is exposed");
          const isJson = incoming.headers["content-type"] === JSON_TYPE;
          const { detail } = isJson && text !== "" ? JSON.parse(text) : { detail: undefined };
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, detail });
        });
        out.on("error", reject);
        if (typeof body === "function") body(out);
        else out.end(body);
      });
    const post = (/** @type {string} */ path, /** @type {Sent} */ { headers, ...sent } = {}) =>
      send(path, {
        method: "POST",
        body: "{}",
        ...sent,
        headers: { origin: ORIGIN, "content-type": JSON_TYPE, ...headers },
      });
    /** @param {{ status: number }} response @param {number} status */
    const assertRejected = (response, status) => {
      assert.equal(response.status, status);
      assert.deepEqual(cloud.seen, [], "the cloud received a request");
    };

    test("forwards only what belongs to the API", async () => {
      const body = '{"parameters":{"a":"ü"}}';
      const response = await post(
        EXECUTE.toUpperCase().replace(/.*SKILLS(.*)EXECUTE/, `${BASE}/skills$1execute`),
        {
          body,
          headers: {
            "x-browser-use-api-key": "bu_of_the_caller",
            authorization: "Bearer mine",
            cookie: "session=mine",
            forwarded: "for=1.2.3.4",
            "x-forwarded-for": "1.2.3.4",
            "x-forwarded-host": "evil.example",
            host: "evil.example",
            referer: "https://app.example.com/secret",
            "content-type": "application/json; charset=utf-8",
            "x-http-method-override": "DELETE",
            connection: "x-browser-use-api-key",
          },
        },
      );
      assert.equal(response.status, 200);
      assert.equal(response.text, '{"success":true}');
      const [seen] = cloud.seen;
      const { connection, host, "user-agent": _, "content-length": length, ...headers } = seen?.headers ?? {};
      assert.deepEqual([seen?.method, seen?.url, seen?.body], ["POST", `/api/v2/skills/${ID}/execute`, body]);
      assert.deepEqual([host, length], [`127.0.0.1:${cloud.port}`, String(Buffer.byteLength(body))]);
      assert.notEqual(connection, "x-browser-use-api-key");
      // Headers that runtimes add.
      for (const added of ["accept-language", "sec-fetch-mode", "accept-encoding", "cache-control", "pragma"])
        delete headers[added];
      assert.deepEqual(headers, {
        accept: JSON_TYPE,
        "content-type": JSON_TYPE,
        "x-browser-use-api-key": KEY,
      });
      for (const gone of ["set-cookie", "x-powered-by"])
        assert.equal(response.headers[gone], undefined, gone);
      assert.notEqual(response.headers.server, "cloud");
      assert.equal(response.headers["x-ratelimit-limit"], "9");
      assert.equal(response.headers["cache-control"], "no-store");
      assert.match(response.headers["access-control-expose-headers"] ?? "", /x-ratelimit-limit/);
    });

    test("sends no key to operations that need none", async () => {
      await send(`${BASE}/marketplace/skills?query=a%26b%3Dc&pageSize=5`);
      const [seen] = cloud.seen;
      assert.equal(seen?.url, "/api/v2/marketplace/skills?query=a%26b%3Dc&pageSize=5");
      assert.equal(seen?.headers["x-browser-use-api-key"], undefined);
    });

    for (const path of [
      "/",
      "/skills",
      BASE,
      `${BASE}/`,
      `${BASE}x/skills/${ID}`,
      `${BASE}/billing/account`,
      `${BASE}/skills/${ID}/`,
      `${BASE}//skills/${ID}`,
      `//evil.example${BASE}/skills/${ID}`,
      `${BASE}/skills/${ID}/../../billing`,
      `${BASE}/skills/${ID}/%2e%2e/%2E%2E/billing`,
      `${BASE}/skills/../../billing/account`,
      `${BASE}/skills/..%2fbilling`,
      `${BASE}/skills/${ID}%2Fexecute`,
      `${BASE}/skills/${ID}%00`,
      `${BASE}/skills/${ID};a=b`,
      `${BASE}/skills;a=b/${ID}`,
      `${BASE}/skills\\..\\billing`,
      `${BASE}/skills/..\\..\\billing`,
      `${BASE}/skills/${ID}:80@evil.example`,
      `${BASE}/skills/%33c90c3cc-0d44-4b50-8888-8dd25736052a`,
      `${BASE}/skills/3c90c3cc0d444b5088888dd25736052a`,
      `${BASE}/skills/{3c90c3cc-0d44-4b50-8888-8dd25736052a}`,
      `${BASE}/skills/${"a".repeat(4000)}`,
      `${BASE}/marketplace/skills/..`,
      `${BASE}/marketplace/skills/%2e%2e`,
      `${BASE}/marketplace/skills/a%2fb`,
      `${BASE}/marketplace/skills/a.b`,
      `${BASE}/marketplace/skills/${"a".repeat(201)}`,
      `${BASE}/SKILLS/${ID}`,
      `/API/browser-use/skills/${ID}`,
      `/%61pi/browser-use/skills/${ID}`,
    ]) {
      test(`rejects ${path.slice(0, 70)}`, async () => {
        const response = await send(path);
        // A runtime may normalize it to another URL of the API, but not to an allowed one.
        assert.ok([400, 403, 404, 405, 422].includes(response.status), String(response.status));
        assertRejected(response, response.status);
      });
    }

    test("rejects invalid ids and unknown query parameters with a list of violations, like the API", async () => {
      const wrong = await send(`${BASE}/skills/7`);
      assertRejected(wrong, 422);
      assert.deepEqual(wrong.detail, [
        { type: "uuid_parsing", loc: ["path", "skill_id"], msg: "Input should be a valid UUID", input: "7" },
      ]);
      const unknown = await send(`${BASE}/skills/${ID}?apiKey=1`);
      assertRejected(unknown, 422);
      assert.deepEqual(unknown.detail[0].loc, ["query", "apiKey"]);
      assertRejected(await post(`${EXECUTE}?pageSize=5`), 422);
    });

    test("requests only its cloud's host, regardless of the request line and Host", async () => {
      const lines = (/** @type {string} */ target) =>
        `GET ${target} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n`;
      const far = `http://evil.example${BASE}/skills/${ID}`;
      for (const target of [far, `//evil.example/${BASE}/skills/${ID}`, `${BASE}/skills/${ID}`]) {
        const text = await raw(server.port, lines(target));
        assert.match(text, /^HTTP\/1\.1 [2-4]\d\d /);
        assert.ok(!text.includes(KEY));
      }
      assert.ok(cloud.seen.length >= 1);
      for (const seen of cloud.seen) {
        assert.deepEqual([seen.url, seen.headers.host], [`/api/v2/skills/${ID}`, `127.0.0.1:${cloud.port}`]);
      }
    });

    test("accepts only the methods of the operation table", async () => {
      for (const method of ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]) {
        const response = await send(EXECUTE, { method, headers: { origin: ORIGIN } });
        assertRejected(response, 405);
        assert.equal(response.headers.allow, "POST", method);
      }
      const trace = await raw(
        server.port,
        `TRACE ${EXECUTE} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      );
      assert.ok(!/^HTTP\/1\.1 2/.test(trace), trace);
      const tunnel = await raw(
        server.port,
        "CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      );
      assert.ok(!/^HTTP\/1\.1 2/.test(tunnel), tunnel);
      assert.deepEqual(cloud.seen, []);
    });

    test("rejects requests of other origins", async () => {
      for (const origin of [
        "https://evil.example",
        "https://app.example.com.evil.example",
        "https://evil.example/https://app.example.com",
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://APP.example.com",
        "https://app.example.com, https://evil.example",
        "null",
      ]) {
        const response = await post(EXECUTE, { headers: { origin } });
        assertRejected(response, 403);
        assert.equal(response.headers["access-control-allow-origin"], undefined);
        assertRejected(await send(`${BASE}/skills/${ID}`, { headers: { origin } }), 403);
      }
    });

    test("accepts a request without an origin if it is a GET and not cross-site", async () => {
      assertRejected(
        await send(EXECUTE, { method: "POST", body: "{}", headers: { "content-type": JSON_TYPE } }),
        403,
      );
      const get = (/** @type {string} */ site) =>
        send(`${BASE}/skills/${ID}`, { headers: { "sec-fetch-site": site } });
      assertRejected(await get("cross-site"), 403);
      assertRejected(await get("same-site"), 403);
      assert.equal((await get("same-origin")).status, 200);
      assert.equal((await get("none")).status, 200);
    });

    test("responds to preflights itself", async () => {
      const preflight = (/** @type {string} */ origin) =>
        send(EXECUTE, {
          method: "OPTIONS",
          headers: {
            origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type,x-csrf",
          },
        });
      const { status, headers } = await preflight(ORIGIN);
      assert.equal(status, 204);
      assert.equal(headers["access-control-allow-origin"], ORIGIN);
      assert.equal(headers["access-control-allow-headers"], "content-type,x-csrf");
      assert.match(headers["access-control-allow-methods"] ?? "", /POST/);
      assert.match(headers.vary ?? "", /Origin/);
      const other = await preflight("https://evil.example");
      assertRejected(other, 403);
      assert.equal(other.headers["access-control-allow-origin"], undefined);
    });

    test("rejects operations that are not allowed", async () => {
      assertRejected(await send(`${BASE}/skills`), 403);
      assertRejected(await post(`${BASE}/skills`), 403);
      assertRejected(await post(`${BASE}/skills/${ID}/refine`), 403);
      assertRejected(
        await send(`${BASE}/skills/${ID}`, { method: "DELETE", headers: { origin: ORIGIN } }),
        403,
      );
      assertRejected(await post(`${BASE}/marketplace/skills/${ID}/execute`), 403);
      const { detail } = await post(`${BASE}/skills/${ID}/cancel`);
      assert.equal(detail, "This proxy does not allow skills.cancel");
    });

    test("rejects skills that are not allowed", async () => {
      assertRejected(await post(`/one/skills/${OTHER}/execute`), 403);
      assertRejected(await send(`/one/skills/${OTHER}/executions/${ID}/output`), 403);
      assertRejected(await send("/one/marketplace/skills/other"), 403);
      assertRejected(await send("/one/marketplace/skills/TOP-STORIES"), 403);
      for (const path of [
        `/skills/${ID}`,
        `/skills/${ID.toUpperCase()}`,
        "/marketplace/skills/top-stories",
        "/marketplace/skills",
      ]) {
        assert.equal((await send(`/one${path}`)).status, 200, path);
      }
    });

    test("calls authorize, and accepts only true or a user id", async () => {
      const ask = (/** @type {string} */ verdict) => post(EXECUTE, { headers: { "x-verdict": verdict } });
      for (const verdict of ["false", "truthy", "nothing", "empty"]) assertRejected(await ask(verdict), 403);
      for (const verdict of ["throw", "read"]) {
        const response = await ask(verdict);
        assertRejected(response, 500);
        assert.equal(response.detail, "Internal Server Error");
      }
      const custom = await ask("response");
      assertRejected(custom, 401);
      assert.equal(custom.detail, `skills.execute ${ID} undefined`);
      assert.equal(custom.headers["access-control-allow-origin"], ORIGIN);
      const output = await send(`${BASE}/skills/${ID}/executions/${OTHER.toUpperCase()}/output`, {
        headers: { "x-verdict": "response" },
      });
      assert.equal(output.detail, `skills.executionOutput ${ID} ${OTHER}`);
    });

    test("can send the same Response of authorize several times", async () => {
      for (const _ of [1, 2, 3]) {
        const response = await post(EXECUTE, { headers: { "x-verdict": "shared" } });
        assertRejected(response, 401);
        assert.equal(response.detail, "shared");
      }
    });

    test("forbids caching, and sends Vary", async () => {
      const preflight = {
        method: "OPTIONS",
        headers: { origin: ORIGIN, "access-control-request-method": "POST" },
      };
      const evil = { headers: { origin: "https://evil.example" } };
      const all = [
        await send("/nothing"),
        await send(`${BASE}/skills/${ID}`, evil),
        await post(EXECUTE, { headers: { "x-verdict": "false" } }),
        await post(EXECUTE, { headers: { "x-verdict": "response" } }),
        await post(EXECUTE),
        await send(EXECUTE, preflight),
      ];
      for (const { headers } of all) {
        assert.equal(headers["cache-control"], "no-store");
        for (const name of ["Origin", "Sec-Fetch-Site", "Authorization", "Cookie", "Idempotency-Key"])
          assert.match(headers.vary ?? "", new RegExp(`\\b${name}\\b`));
      }
      assert.match(all.at(-1)?.headers.vary ?? "", /Access-Control-Request-Headers/);
    });

    test("accepts only JSON, up to its limit, regardless of Content-Length", {
      timeout: 20_000,
    }, async () => {
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""]) {
        assertRejected(await post(EXECUTE, { headers: { "content-type": type } }), 415);
      }
      const most = JSON.stringify("a".repeat(998));
      assert.equal((await post(EXECUTE, { body: most })).status, 200);
      assert.equal(cloud.seen.pop()?.body, most);
      assertRejected(await post(EXECUTE, { body: `${most} ` }), 413);
      // Rejected because of Content-Length: no byte of the body is sent.
      const announced = await post(EXECUTE, {
        headers: { "content-length": "1001" },
        body: (out) => out.flushHeaders(),
      });
      assertRejected(announced, 413);
      // Rejected before its end, which is never sent.
      const endless = await post(EXECUTE, {
        headers: { "transfer-encoding": "chunked" },
        body: (out) => out.write("a".repeat(600), () => out.write("a".repeat(600))),
      });
      assertRejected(endless, 413);
    });

    test("forwards no body to operations without one", async () => {
      const body = '{"a":1}';
      const headers = { "content-type": JSON_TYPE, "content-length": "7" };
      const got = await raw(
        server.port,
        `GET ${BASE}/skills/${ID} HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\nConnection: close\r\n\r\n${body}`,
      );
      assert.match(got, /^HTTP\/1\.1 (200|400) /);
      assert.equal((await post(`${BASE}/marketplace/skills/${ID}/clone`, { body, headers })).status, 200);
      for (const seen of cloud.seen) {
        assert.equal(seen.body, "");
        assert.equal(seen.headers["content-type"], undefined);
      }
    });

    test("does not follow redirects", async () => {
      for (const status of [301, 302, 303, 307, 308]) {
        cloud.respond = (_, outgoing) => outgoing.writeHead(status, { location: "/elsewhere" }).end(KEY);
        const response = await post(EXECUTE);
        assert.equal(response.status, 502);
        assert.equal(response.detail, "Bad Gateway");
        assert.equal(response.headers.location, undefined);
      }
      assert.equal(cloud.seen.length, 5);
    });

    test("redacts the key in errors, and sends HTML as text", async () => {
      cloud.respond = (_, outgoing) => {
        const headers = { "content-type": "text/html", "x-request-id": KEY, "retry-after": "7" };
        outgoing.writeHead(429, headers).end(`<script>alert("${KEY}")</script>`);
      };
      const { status, text, headers } = await post(EXECUTE);
      assert.deepEqual([status, text], [429, '<script>alert("[redacted]")</script>']);
      assert.match(headers["content-type"] ?? "", /^text\/plain/);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.deepEqual([headers["x-request-id"], headers["retry-after"]], ["[redacted]", "7"]);
    });

    test("forwards statuses, also without a body and with compression", async () => {
      cloud.respond = (_, outgoing) => {
        const headers = { "content-type": JSON_TYPE, "content-encoding": "gzip" };
        outgoing.writeHead(200, headers).end(gzipSync('{"success":false}'));
      };
      const zipped = await post(EXECUTE);
      assert.deepEqual([zipped.text, zipped.headers["content-encoding"]], ['{"success":false}', undefined]);
      cloud.respond = (_, outgoing) => outgoing.writeHead(204).end();
      assert.equal((await post(EXECUTE)).status, 204);
      cloud.respond = (_, outgoing) => {
        outgoing.writeHead(402, { "content-type": JSON_TYPE }).end('{"detail":"Insufficient credits"}');
      };
      assert.equal((await post(EXECUTE)).detail, "Insufficient credits");
    });

    test("streams a response", async () => {
      /** @type {() => void} */
      let finish = () => {};
      cloud.respond = (_, outgoing) => {
        outgoing.writeHead(200, { "content-type": JSON_TYPE });
        outgoing.write('{"success":');
        finish = () => outgoing.end("true}");
      };
      const headers = { origin: ORIGIN, "content-type": JSON_TYPE };
      const response = await fetch(`http://127.0.0.1:${server.port}${EXECUTE}`, {
        method: "POST",
        headers,
        body: "{}",
      });
      let text = "";
      for await (const part of /** @type {any} */ (response.body)) {
        text += Buffer.from(part);
        if (text === '{"success":') finish();
      }
      assert.equal(text, '{"success":true}');
    });

    test("responds with 502 if the cloud breaks off, and with 504 if it is silent", {
      timeout: 20_000,
    }, async () => {
      cloud.respond = (incoming) => incoming.socket.destroy();
      const broken = await post(EXECUTE);
      assert.deepEqual([broken.status, broken.detail], [502, "Bad Gateway"]);
      cloud.respond = () => {};
      const silent = await post(`/impatient/skills/${ID}/execute`);
      assert.deepEqual([silent.status, silent.detail], [504, "Gateway Timeout"]);
      assert.equal(silent.headers["access-control-allow-origin"], ORIGIN);
      cloud.respond = (_, outgoing) => outgoing.writeHead(500, { "content-length": "9" }).write("half");
      assert.equal((await post(`/impatient/skills/${ID}/execute`)).status, 504);
    });

    test("sends no request with an invalid key, and does not expose it", async () => {
      const response = await post(`/keyless/skills/${ID}/execute`);
      assertRejected(response, 500);
      assert.ok(!response.text.includes("not"));
    });

    test("aborts the request to the cloud when the caller disconnects", { timeout: 20_000 }, async () => {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", () => {});
      const isGone = new Promise((resolve) => {
        cloud.respond = (incoming) => {
          incoming.socket.on("close", resolve);
          // Not only closed: workerd treats that as a caller that has sent everything and still reads.
          socket.resetAndDestroy();
        };
      });
      const head = `POST ${EXECUTE} HTTP/1.1\r\nHost: a\r\nOrigin: ${ORIGIN}\r\nContent-Type: ${JSON_TYPE}\r\n`;
      socket.write(`${head}Content-Length: 2\r\n\r\n{}`);
      await isGone;
    });
  });
}

/**
 * Sends the bytes of a request. Resolves to everything that is received until the connection closes.
 *
 * @param {number} port
 * @param {string} text
 * @returns {Promise<string>}
 */
function raw(port, text) {
  return new Promise((resolve) => {
    let response = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.setEncoding("utf8").on("data", (part) => {
      response += part;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(response));
  });
}
