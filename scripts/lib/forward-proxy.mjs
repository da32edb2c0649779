// @ts-check
/**
 * HTTP proxy between a browser and the server of wasm-bindgen-test-runner.
 *
 * The thread pool of that server (tiny_http 0.12) can leave a connection without a thread if several arrive at once,
 * until the browser closes an idle one: after 2 minutes in Firefox, 5 in Chromium. The tests import more modules than
 * the server has threads. Through this proxy every request has a connection of its own, which ends with the response.
 */
import { once } from "node:events";
import { createServer, request } from "node:http";

/** Starts the proxy. @returns {Promise<{ port: number, close: () => void }>} */
export async function startForwardProxy() {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = "" } = incoming;
    const upstream = request(url, { method, headers: { ...headers, connection: "close" }, agent: false });
    upstream.on("response", (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    upstream.on("error", () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port, close };
}
