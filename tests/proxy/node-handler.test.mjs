// @ts-check
/** `toNodeHandler` in the supported servers, and the proxy in Hono. */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import express4 from "express4";
import express5 from "express5";
import fastify from "fastify";
import { Hono } from "hono";
import { failure } from "../lib/failure.mjs";
import { importPackage } from "../lib/package.mjs";

const KEY = "bu_canary_of_the_node_handler";
const ORIGIN = "https://app.example.com";
const BASE = "/api/browser-use";
const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const EXECUTE = `${BASE}/skills/${ID}/execute`;
const JSON_HEADERS = { origin: ORIGIN, "content-type": "application/json" };
const MAX_BODY = 1000;
/** Limits the tests of each server: a missing response must not block the others. */
const TIMEOUT = { timeout: 30_000 };

// Keeps Express from printing the errors of its parsers.
process.env.NODE_ENV = "test";

/** @typedef {import("browser-use-skills/proxy").NodeHandler} NodeHandler */
/** @typedef {(request: Request) => Promise<Response>} Proxy */

/** A server for each way to set it up, as a user writes it. Each has another route too. @type {Record<string, (handler: NodeHandler, proxy: Proxy) => import("node:http").Server | Promise<import("node:http").Server>>} */
const SERVERS = {
  "node:http": (handler) =>
    createServer((incoming, outgoing) =>
      incoming.url?.startsWith(`${BASE}/`) ? handler(incoming, outgoing) : outgoing.end("other"),
    ),
  "Express 4": (handler) => {
    const app = express4();
    app.use("/api/browser-use", handler);
    app.get("/other", (_, response) => void response.send("other"));
    return createServer(app);
  },
  "Express 4 behind express.json()": (handler) => {
    const app = express4();
    app.use(express4.json());
    app.all("/api/browser-use/*", handler);
    app.get("/other", (_, response) => void response.send("other"));
    return createServer(app);
  },
  "Express 5": (handler) => {
    const app = express5();
    app.use("/api/browser-use", handler);
    app.get("/other", (_, response) => void response.send("other"));
    return createServer(app);
  },
  "Express 5 behind express.json(), in a router": (handler) => {
    const app = express5();
    const router = express5.Router();
    router.use("/browser-use", handler);
    app.use(express5.json());
    app.use("/api", router);
    app.get("/other", (_, response) => void response.send("other"));
    return createServer(app);
  },
  "Express 5 behind express.raw()": (handler) => {
    const app = express5();
    app.use(express5.raw({ type: () => true }));
    app.use("/api/browser-use", handler);
    app.get("/other", (_, response) => void response.send("other"));
    return createServer(app);
  },
  Fastify: async (handler) => {
    const app = fastify();
    app.all("/api/browser-use/*", handler);
    app.get("/other", () => "other");
    await app.ready();
    return app.server;
  },
  Hono: (_, proxy) => {
    const app = new Hono();
    app.all("/api/browser-use/*", (c) => proxy(c.req.raw));
    app.get("/other", (c) => c.text("other"));
    return createServer(installed.proxies.toNodeHandler((request) => app.fetch(request)));
  },
};

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let installed;
/** What the cloud receives and how it responds. @type {import("browser-use-skills/proxy").ProxyFetch} */
let cloud;
before(async () => {
  installed = await importPackage();
});
after(() => installed?.remove());

/** @param {import("node:http").Server} server @returns {Promise<{ port: number, close: () => Promise<void> }>} */
async function listening(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () =>
    /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
    );
  return { port, close };
}

/** @param {Partial<import("browser-use-skills/proxy").ProxyOptions>} [options] */
function makeProxy(options) {
  return installed.proxies.createProxy({
    apiKey: KEY,
    allow: { operations: ["marketplace.list", "marketplace.clone", "skills.get", "skills.execute"] },
    origins: [ORIGIN],
    authorize: () => true,
    maxBodyBytes: MAX_BODY,
    onError: () => {},
    fetch: (...sent) => cloud(...sent),
    ...options,
  });
}

for (const [name, make] of Object.entries(SERVERS)) {
  describe(`the proxy in ${name}`, TIMEOUT, () => {
    /** @type {Awaited<ReturnType<typeof listening>>} */
    let server;
    /** @type {string} */
    let url;
    before(async () => {
      const proxy = makeProxy();
      server = await listening(await make(installed.proxies.toNodeHandler(proxy), proxy));
      url = `http://127.0.0.1:${server.port}`;
    });
    after(() => server?.close());
    /** @type {string[]} */
    let bodies;
    beforeEach(() => {
      bodies = [];
      cloud = async (_, init) => {
        bodies.push(await new Response(init.body).text());
        return Response.json({ success: true });
      };
    });
    const post = (/** @type {string} */ body) =>
      fetch(url + EXECUTE, { method: "POST", headers: JSON_HEADERS, body });
    const isAlive = async () => assert.equal(await (await fetch(`${url}/other`)).text(), "other");

    test("lists, clones and runs a skill", async () => {
      const emulator = installed.emulation.createEmulator({ apiKey: KEY });
      cloud = (url, init) => emulator.fetch(url, /** @type {any} */ ({ ...init, body: textOf(init.body) }));
      const client = new installed.library.BrowserUse({ baseUrl: url + BASE, headers: { Origin: ORIGIN } });
      const { items } = await client.marketplace.list({ query: "stories" });
      const { id } = await client.marketplace.clone(items[0]?.id ?? "");
      assert.equal(/** @type {unknown[]} */ (await client.skill(id).run({ limit: 2 })).length, 2);
      const missing = await failure(client.skills.get(ID));
      assert.ok(missing instanceof installed.library.SkillNotFoundError);
      await isAlive();
    });

    test("forwards any JSON body", async () => {
      for (const body of ['{"parameters":{"a":"ü😀"}}', "{}", '[1,null,"a"]']) {
        assert.equal((await post(body)).status, 200, body);
        assert.deepEqual(JSON.parse(bodies.pop() ?? ""), JSON.parse(body));
      }
    });

    test("limits the size of a body", async () => {
      const length = { "content-length": String(MAX_BODY + 1) };
      for (const headers of [length, { "transfer-encoding": "chunked" }])
        assert.equal(await statusOf(server.port, headers, JSON.stringify(["a".repeat(MAX_BODY - 3)])), 413);
      assert.deepEqual(bodies, []);
      await isAlive();
    });

    test("survives invalid requests", async () => {
      const head = "Host: a\r\nConnection: close\r\n";
      for (const text of [
        `TRACE ${EXECUTE} HTTP/1.1\r\n${head}\r\n`,
        `GET http://evil.example${BASE}/skills/${ID} HTTP/1.1\r\n${head}\r\n`,
        `OPTIONS * HTTP/1.1\r\n${head}\r\n`,
        `POST ${EXECUTE} HTTP/1.1\r\n${head}Origin: ${ORIGIN}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a"`,
      ]) {
        const socket = connect(server.port, "127.0.0.1", () => socket.write(text));
        const closed = new Promise((resolve) => socket.on("error", resolve).on("close", resolve));
        if (text.startsWith("POST")) setImmediate(() => socket.resetAndDestroy());
        socket.resume();
        await closed;
        await isAlive();
      }
      assert.deepEqual(bodies, []);
    });

    test("aborts the request to the cloud when the client disconnects", async () => {
      const left = new AbortController();
      const aborted = new Promise((resolve) => {
        cloud = (_, { signal }) =>
          new Promise((_, reject) => {
            signal?.addEventListener("abort", () => {
              reject(signal.reason);
              resolve(undefined);
            });
            left.abort();
          });
      });
      const { signal } = left;
      const sent = fetch(url + EXECUTE, { method: "POST", headers: JSON_HEADERS, body: "{}", signal });
      await assert.rejects(sent, { name: "AbortError" });
      await aborted;
      await isAlive();
    });

    test("streams a long response completely", async () => {
      const part = new Uint8Array(1 << 20).fill(97);
      /** @type {() => void} */
      let goOn = () => {};
      const read = new Promise((resolve) => {
        goOn = () => resolve(undefined);
      });
      cloud = async () => {
        let count = 0;
        const body = new ReadableStream({
          async pull(controller) {
            if (count === 1) await read;
            controller.enqueue(part);
            count += 1;
            if (count === 16) controller.close();
          },
        });
        return new Response(body, { headers: { "content-type": "application/json" } });
      };
      let length = 0;
      const { body } = await post("{}");
      for await (const bytes of /** @type {any} */ (body)) {
        length += bytes.length;
        goOn();
      }
      assert.equal(length, 16 << 20);
    });

    test("breaks off the response where the cloud's response breaks off", async () => {
      cloud = async () => {
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array([123])),
          pull: (controller) => controller.error(new Error("the cloud broke off")),
        });
        return new Response(body, { headers: { "content-type": "application/json" } });
      };
      await assert.rejects(async () => (await post("{}")).text());
      await isAlive();
    });
  });
}

describe("a handler of node:http", TIMEOUT, () => {
  /** @param {Proxy} proxy @param {(handler: NodeHandler) => import("node:http").RequestListener} [before] */
  const serve = (proxy, before = (handler) => handler) =>
    listening(createServer(before(installed.proxies.toNodeHandler(proxy))));

  test("does not run a skill if another middleware has consumed the body", async () => {
    /** @type {string[]} */
    const heard = [];
    const proxy = makeProxy({
      onError: (error) => heard.push(String(error)),
      fetch: () => assert.fail("sent"),
    });
    const server = await serve(proxy, (handler) => async (incoming, outgoing) => {
      for await (const _ of incoming);
      await handler(incoming, outgoing);
    });
    assert.equal(await statusOf(server.port, {}, "{}"), 500);
    assert.match(heard.join(), /the body was already read/);
    await server.close();
  });

  test("responds with 500 if the proxy rejects, and sends all cookies but no hop-by-hop headers", async () => {
    /** @type {Proxy} */
    let proxy = async () => {
      throw new Error("a secret of the server");
    };
    const server = await serve((request) => proxy(request));
    const url = `http://127.0.0.1:${server.port}/`;
    const failed = await fetch(url);
    assert.deepEqual([failed.status, await failed.json()], [500, { detail: "Internal Server Error" }]);
    proxy = async () =>
      new Response("{}", {
        headers: [
          ["set-cookie", "a=1"],
          ["set-cookie", "b=2"],
          ["connection", "x-hop"],
          ["keep-alive", "timeout=999"],
          ["transfer-encoding", "gzip"],
          ["content-length", "7"],
        ],
      });
    const response = await fetch(url);
    assert.equal(await response.text(), "{}");
    assert.deepEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
    assert.notEqual(response.headers.get("keep-alive"), "timeout=999");
    await server.close();
  });

  test("ignores the Host header", async () => {
    const server = await serve(async ({ url }) => new Response(url));
    const response = await fetch(`http://127.0.0.1:${server.port}/a?b`, {
      headers: { host: "evil.example" },
    });
    assert.equal(await response.text(), "http://localhost/a?b");
    await server.close();
  });

  test("respects the backpressure of a slow client", async () => {
    let writes = 0;
    const outgoing = Object.assign(new EventEmitter(), {
      headersSent: false,
      destroyed: false,
      writeHead() {},
      write() {
        writes += 1;
        setImmediate(() => outgoing.emit("written"));
        return false;
      },
      end() {},
      destroy() {},
    });
    const incoming = { url: "/", headers: {}, async *[Symbol.asyncIterator]() {} };
    const parts = new ReadableStream({
      start(controller) {
        for (const part of [1, 2, 3]) controller.enqueue(new Uint8Array([part]));
        controller.close();
      },
    });
    const handled = installed.proxies.toNodeHandler(() => new Response(parts))(incoming, outgoing);
    for (const count of [1, 2, 3]) {
      await once(outgoing, "written");
      assert.equal(writes, count);
      outgoing.emit("drain");
    }
    await handled;
  });

  test("leaves the connection usable after reading a part of a body", async () => {
    const server = await serve(makeProxy());
    const socket = connect(server.port, "127.0.0.1");
    socket.setEncoding("utf8");
    const head = `Host: a\r\nOrigin: ${ORIGIN}\r\n`;
    const chunk = `800\r\n${"a".repeat(2048)}\r\n`;
    const json = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
    socket.write(`POST ${EXECUTE} HTTP/1.1\r\n${head}${json}\r\n${chunk.repeat(200)}0\r\n\r\n`);
    socket.write(`GET ${BASE}/nothing HTTP/1.1\r\n${head}Connection: close\r\n\r\n`);
    let text = "";
    for await (const part of socket) text += part;
    assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 413", "HTTP/1.1 404"]);
    await server.close();
  });
});

/** @param {unknown} body */
function textOf(body) {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
}

/** Returns the status of an execution, with exactly these headers. @param {number} port @param {Record<string, string>} headers @param {string} body @returns {Promise<number | undefined>} */
function statusOf(port, headers, body) {
  return new Promise((resolve, reject) => {
    const options = { port, host: "127.0.0.1", method: "POST", path: EXECUTE, agent: false };
    const out = request({ ...options, headers: { ...JSON_HEADERS, ...headers } }, (incoming) => {
      out.on("error", () => {});
      resolve(incoming.statusCode);
      incoming.resume();
    });
    out.on("error", reject);
    out.end(body);
  });
}
