// The wasm inside the JavaScript: for bundlers that leave files behind, and places without any.
import wasm from "wasm-file";
import { setPlatformSource } from "./load.js";

setPlatformSource(async () => Uint8Array.from(atob(wasm as string), (char) => char.charCodeAt(0)));

export * from "./public.js";
