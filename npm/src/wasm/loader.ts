// Loads the WebAssembly when the first call needs it, within the limits of that call.
import { LoadError } from "../generated/errors.js";
import { compile, loadError, toLoadError, type WasmSource } from "./file.js";
import { type LoadLimits, Wait } from "./wait.js";

/**
 * Where a platform has the WebAssembly: each entry of the package knows another way.
 * @internal
 */
export interface WasmLocation {
  /** The file beside the script. */
  readonly file?: () => URL;
  /** Used where there is no file, or where it cannot be had. */
  readonly fallback: () => Promise<WasmSource>;
}

/** A request that several calls may wait for. It is aborted when the last of them has left. */
interface SharedRequest {
  readonly module: Promise<WebAssembly.Module>;
  readonly abort: () => void;
  waiting: number;
}

/**
 * Loads one WebAssembly module, once. A failure is not remembered: the next call tries again.
 * @internal
 */
export class WasmLoader {
  readonly #start: (module: WebAssembly.Module) => void;
  #location: WasmLocation | undefined;
  #request: SharedRequest | undefined;
  #isLoaded = false;
  #hasWarned = false;

  /** `start` makes the instance. */
  constructor(start: (module: WebAssembly.Module) => void) {
    this.#start = start;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  setLocation(location: WasmLocation): void {
    this.#location = location;
  }

  /**
   * Resolves when the WebAssembly is ready. Rejects with a `LoadError`, or with `{ aborted: reason }` as calls do.
   * A `source` is used in place of the platform's location, also by calls that are made meanwhile.
   */
  async load(limits: LoadLimits, source?: WasmSource | Promise<WasmSource>): Promise<void> {
    if (this.#isLoaded) return;
    const wait = new Wait(limits);
    try {
      const module = await (source === undefined ? this.#find(wait) : this.#compile(source, wait));
      // Two calls may have waited for it: a second instance would replace the first, which is in use.
      if (!this.#isLoaded) this.#start(module);
      this.#isLoaded = true;
    } catch (cause) {
      throw isAbort(cause) ? cause : toLoadError(cause);
    }
  }

  #compile(source: WasmSource | Promise<WasmSource>, wait: Wait): Promise<WebAssembly.Module> {
    this.#request = share(async (signal) => compile(await source, signal));
    return this.#join(this.#request, wait);
  }

  async #find(wait: Wait): Promise<WebAssembly.Module> {
    const { file, fallback } = this.#location ?? {};
    if (!file && !this.#request) return wait.until(compileFallback(fallback));
    try {
      return await this.#fetch(file, wait);
    } catch (cause) {
      if (isAbort(cause) || isPolicyForScripts(cause) || wait.isOver) throw cause;
      const module = await wait.until(compileFallback(fallback)).catch((failure: unknown) => {
        throw isAbort(failure) || isPolicyForScripts(failure) ? failure : cause;
      });
      this.#warn(cause as LoadError);
      return module;
    }
  }

  /** Retries as a call retries a GET. */
  async #fetch(file: (() => URL) | undefined, wait: Wait): Promise<WebAssembly.Module> {
    for (let retries = 0; ; retries += 1) {
      try {
        this.#request ??= share(async (signal) => compile(urlOf(file), signal));
        return await this.#join(this.#request, wait);
      } catch (cause) {
        const mayRetry = cause instanceof LoadError && cause.retryable && retries < wait.maxRetries;
        if (!mayRetry || !(await wait.backOff(retries))) throw cause;
      }
    }
  }

  async #join(request: SharedRequest, wait: Wait): Promise<WebAssembly.Module> {
    request.waiting += 1;
    try {
      return await wait.until(request.module);
    } finally {
      request.waiting -= 1;
      if (request.waiting === 0) {
        request.abort();
        if (this.#request === request) this.#request = undefined;
      }
    }
  }

  /** Only where a developer sees it: those who use the page cannot change it. */
  #warn({ message }: LoadError): void {
    const host = globalThis.location?.hostname ?? "";
    if (this.#hasWarned || !/^(localhost|127\..*|\[::1\]|.*\.localhost)$/.test(host)) return;
    this.#hasWarned = true;
    console.warn(
      `browser-use-skills: using the WebAssembly inside the JavaScript, which is larger. Vite 5 to 7 need it in development. ${message}`,
    );
  }
}

function share(begin: (signal: AbortSignal) => Promise<WebAssembly.Module>): SharedRequest {
  const controller = new AbortController();
  const module = begin(controller.signal);
  // Every call that waits may have left.
  module.catch(() => {});
  return { module, abort: () => controller.abort(), waiting: 0 };
}

/** Throws where a bundler has left no URL of the script. */
function urlOf(file: (() => URL) | undefined): URL {
  try {
    return (file as () => URL)();
  } catch (cause) {
    throw loadError("not_served", "the URL of the script is not known", { cause });
  }
}

async function compileFallback(fallback: WasmLocation["fallback"] | undefined): Promise<WebAssembly.Module> {
  if (!fallback) throw loadError("not_served", "this entry of the package has no WebAssembly");
  return compile(await fallback());
}

function isAbort(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "aborted" in cause;
}

/** Such a policy forbids the compilation, wherever the bytes come from. */
function isPolicyForScripts(cause: unknown): boolean {
  return (
    cause instanceof LoadError &&
    cause.reason === "forbidden" &&
    cause.cause instanceof WebAssembly.CompileError
  );
}
