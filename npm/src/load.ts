import init, { type InitInput } from "wasm-client";
import { LoadError } from "./generated/errors.js";

/** Where the WebAssembly comes from: bytes, an address, a response of `fetch`, or a module compiled before. */
export type WasmSource = BufferSource | string | URL | Request | Response | WebAssembly.Module;

let platformSource: (() => Promise<WasmSource>) | undefined;
let loading: Promise<void> | undefined;
let isLoaded = false;

/**
 * Tells where the WebAssembly is on a platform whose `fetch` cannot read it from beside the script.
 * @internal
 */
export function setPlatformSource(source: () => Promise<WasmSource>): void {
  platformSource = source;
}

/** @internal */
export function loaded(): boolean {
  return isLoaded;
}

/**
 * Loads the WebAssembly once. After a failure the next call tries again.
 * @internal
 */
export function load(source?: WasmSource | Promise<WasmSource>): Promise<void> {
  loading ??= start(source).catch((cause: unknown) => {
    loading = undefined;
    throw new LoadError({ code: "load", message: explain(cause), cause });
  });
  return loading;
}

async function start(source: WasmSource | Promise<WasmSource> | undefined): Promise<void> {
  const found = await (source ?? platformSource?.());
  await (found === undefined ? init() : init({ module_or_path: found as InitInput }));
  isLoaded = true;
}

function explain(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isForbidden = /content security policy|unsafe-eval|blocked by CSP/i.test(reason);
  const advice = isForbidden
    ? "add 'wasm-unsafe-eval' to script-src of the content security policy"
    : "see that browser_use_skills_bg.wasm is served beside the script and that connect-src of a policy allows it, or hand it to BrowserUse.load(source)";
  return `The WebAssembly could not be loaded: ${advice} (${reason})`;
}
