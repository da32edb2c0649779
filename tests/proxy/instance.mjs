// @ts-check
/** Runs a proxy instance in a separate process, with a shared Redis. Prints its port. */
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { connectRedis } from "../lib/redis.mjs";

const [, , entry = "", socket = "", baseUrl = "", lease = "", ttl = ""] = process.argv;
/** @type {typeof import("browser-use-skills/proxy")} */
const { createProxy, redisStore, toNodeHandler } = await import(pathToFileURL(entry).href);
const proxy = createProxy({
  apiKey: "bu_1",
  allow: { operations: ["skills.execute", "skills.executions", "skills.executionOutput"] },
  origins: ["https://app.example.com"],
  authorize: (request) => request.headers.get("x-user") ?? true,
  baseUrl,
  idempotency: { store: redisStore(connectRedis(socket).send), lease: Number(lease), ttl: Number(ttl) },
  onError: () => {},
});
const server = createServer(toNodeHandler(proxy));
server.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(port);
});
