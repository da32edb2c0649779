// What Jest's environment for jsdom hides, injected by the build into the CommonJS files.
export { TextDecoder, TextEncoder } from "node:util";
