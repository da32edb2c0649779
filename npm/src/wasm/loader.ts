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
  readonly #id: string;
  readonly #start: (module: WebAssembly.Module) => void;
  #location: WasmLocation | undefined;
  #request: SharedRequest | undefined;
  #isLoaded = false;
  #hasWarned = false;

  /** `id` is what the build has written into the file; `start` makes the instance. */
  constructor(id: string, start: (module: WebAssembly.Module) => void) {
    this.#id = id;
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
    this.#request = this.#share(async (signal) => compile(await source, signal));
    return this.#join(this.#request, wait);
  }

  async #find(wait: Wait): Promise<WebAssembly.Module> {
    const { file, fallback = missing } = this.#location ?? {};
    const load = () =>
      wait.until(
        fallback()
          .then(compile)
          .then((module) => this.#own(module)),
      );
    if (!file && !this.#request) return this.#retry(wait, load);
    try {
      return await this.#retry(wait, () => {
        this.#request ??= this.#share(async (signal) => compile(urlOf(file), signal));
        return this.#join(this.#request, wait);
      });
    } catch (cause) {
      if (isAbort(cause) || wait.isOver) throw cause;
      const module = await this.#retry(wait, load).catch((failure: unknown) => {
        // A script that cannot be imported says less than the file that cannot be had.
        throw failure instanceof LoadError && failure.reason === "unreachable" ? cause : failure;
      });
      this.#warn(cause as LoadError);
      return module;
    }
  }

  /** Retries as a call retries a GET. Rejects with a `LoadError`, or because of an abort. */
  async #retry(wait: Wait, load: () => Promise<WebAssembly.Module>): Promise<WebAssembly.Module> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await load();
      } catch (cause) {
        if (isAbort(cause)) throw cause;
        const error = toLoadError(cause);
        const mayRetry = error.retryable && retries < wait.maxRetries;
        if (!mayRetry || !(await wait.backOff(retries))) throw error;
      }
    }
  }

  #share(begin: (signal: AbortSignal) => Promise<WebAssembly.Module>): SharedRequest {
    const controller = new AbortController();
    const module = begin(controller.signal).then((module) => this.#own(module));
    // Every call that waits may have left.
    module.catch(() => {});
    return { module, abort: () => controller.abort(), waiting: 0 };
  }

  /** In another version's file the same names mean something else. An instance of it could not be replaced. */
  #own(module: WebAssembly.Module): WebAssembly.Module {
    const [id] = WebAssembly.Module.customSections(module, "id");
    if (!id || new TextDecoder().decode(id) !== this.#id)
      throw loadError("not_served", "the WebAssembly is of another version");
    return module;
  }

  async #join(request: SharedRequest, wait: Wait): Promise<WebAssembly.Module> {
    request.waiting += 1;
    let hasStalled = false;
    try {
      return await wait.until(request.module);
    } catch (cause) {
      hasStalled = cause instanceof LoadError && cause.reason === "timeout";
      throw cause;
    } finally {
      request.waiting -= 1;
      if (request.waiting === 0) request.abort();
      // A request that has stalled is left to those who have more time.
      if ((request.waiting === 0 || hasStalled) && this.#request === request) this.#request = undefined;
    }
  }

  /** Only where a developer sees it: those who use the page cannot change it. */
  #warn({ message }: LoadError): void {
    const host = globalThis.location?.hostname ?? "";
    if (this.#hasWarned || !/^(localhost|127\..*|\[::1\]|.*\.localhost)$/.test(host)) return;
    this.#hasWarned = true;
    console.warn(
      `browser-use-skills: the WebAssembly file is not beside the script, so the larger copy inside the JavaScript is used. ${message.slice(message.indexOf("("))}`,
    );
  }
}

/** Throws where a bundler has left no URL of the script. */
function urlOf(file: (() => URL) | undefined): URL {
  try {
    return (file as () => URL)();
  } catch (cause) {
    throw loadError("not_served", "the URL of the script is not known", { cause });
  }
}

async function missing(): Promise<never> {
  throw loadError("not_served", "this entry of the package has no WebAssembly");
}

function isAbort(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "aborted" in cause;
}
