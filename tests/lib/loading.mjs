// @ts-check
/** What a server may send instead of the file. */
export const WRONG = /** @type {const} */ ({
  "the page of an application": {
    status: 200,
    contentType: "text/html",
    body: "<!doctype html><title>App</title>",
  },
  nothing: { status: 404, contentType: "text/plain", body: "Not Found" },
  "the WebAssembly of another version": {
    status: 200,
    contentType: "application/wasm",
    body: Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
  },
  "something else that claims to be WebAssembly": {
    status: 200,
    contentType: "application/wasm",
    body: "wasm?",
  },
});
