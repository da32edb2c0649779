// Loads WebAssembly on the first call, within the limits of that call.
import { LoadError } from "../generated/errors.js";
import { compile, loadError, toLoadError, type WasmSource } from "./file.js";
import { type LoadLimits, Wait } from "./wait.js";

/**
 * Location of the WebAssembly on a platform. Each entry of the package sets its own.
 * @internal
 */
export interface WasmLocation {
  /** URL of the file next to the script. */
  readonly file?: () => URL;
  /** Used if there is no file or loading it fails. */
  readonly fallback: () => Promise<WasmSource>;
}

/** A request shared by several calls. It is aborted when no call waits for it any longer. */
interface SharedRequest {
  readonly module: Promise<WebAssembly.Module>;
  readonly abort: () => void;
  waiting: number;
}

/**
 * Loads one WebAssembly module, once. After a failure, the next call retries.
 * @internal
 */
export class WasmLoader {
  /** The module, once it is loaded. */
  module: WebAssembly.Module | undefined;
  readonly #id: string;
  readonly #start: ((module: WebAssembly.Module) => void) | undefined;
  #location: WasmLocation | undefined;
  #request: SharedRequest | undefined;
  #hasStarted = false;
  #hasWarned = false;

  /** `id` is the version id that the build writes into the file; `start` creates the instance. */
  constructor(id: string, start?: (module: WebAssembly.Module) => void) {
    this.#id = id;
    this.#start = start;
  }

  setLocation(location: WasmLocation): void {
    this.#location = location;
  }

  /**
   * Resolves when the WebAssembly is ready. Rejects with a `LoadError`, or with `{ aborted: reason }` as calls do.
   * `source` replaces the platform's location, also for concurrent calls.
   */
  async load(limits: LoadLimits, source?: WasmSource | Promise<WasmSource>): Promise<void> {
    if (this.module) return;
    this.#hasStarted = true;
    const wait = new Wait(limits);
    try {
      const module = await (source === undefined ? this.#find(wait) : this.#compile(source, wait));
      // Another call may have started it: a second instance would replace the one in use.
      if (!this.module) this.#start?.(module);
      this.module = module;
    } catch (cause) {
      throw isAbort(cause) ? cause : toLoadError(cause);
    }
  }

  /**
   * Loads the file once the page or worker is idle, unless a call loads it before, and calls `use` once it is idle again.
   * Failures are left to the calls. Does nothing on servers, which have no file beside the script.
   */
  async preload(use?: () => Promise<void>): Promise<void> {
    if (!this.#location?.file || !(globalThis.document || "WorkerGlobalScope" in globalThis)) return;
    await isIdle();
    if (this.#hasStarted) return;
    try {
      await this.load({});
      await isIdle();
      await use?.();
    } catch {
      // A call will retry it.
    }
  }

  #compile(source: WasmSource | Promise<WasmSource>, wait: Wait): Promise<WebAssembly.Module> {
    this.#request = this.#share(async (signal) => compile(await source, signal));
    return this.#join(this.#request, wait);
  }

  async #find(wait: Wait): Promise<WebAssembly.Module> {
    // Every entry of the package has set it.
    const { file, fallback } = this.#location as WasmLocation;
    const load = () =>
      wait.until(
        fallback()
          .then(compile)
          .then((module) => this.#checkId(module)),
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
        // The error of the file is more specific than that of a failed import.
        throw failure instanceof LoadError && failure.reason === "unreachable" ? cause : failure;
      });
      this.#warn(cause as LoadError);
      return module;
    }
  }

  /** Retries as a call retries a GET. Rejects with a `LoadError` or an abort. */
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
    const module = begin(controller.signal).then((module) => this.#checkId(module));
    // Prevents an unhandled rejection if all waiting calls were aborted.
    module.catch(() => {});
    return { module, abort: () => controller.abort(), waiting: 0 };
  }

  /** Rejects a file of another version: its exports differ, and its instance could not be replaced. */
  #checkId(module: WebAssembly.Module): WebAssembly.Module {
    const [id] = WebAssembly.Module.customSections(module, "id");
    if (!id || new TextDecoder().decode(id) !== this.#id)
      throw loadError("not_served", "the WebAssembly belongs to another version");
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
      // New calls do not join a stalled request; calls with longer limits keep waiting for it.
      if ((request.waiting === 0 || hasStalled) && this.#request === request) this.#request = undefined;
    }
  }

  /** Warns only on localhost, where a developer sees it. */
  #warn({ message }: LoadError): void {
    const host = globalThis.location?.hostname ?? "";
    if (this.#hasWarned || !/^(localhost|127\..*|\[::1\]|.*\.localhost)$/.test(host)) return;
    this.#hasWarned = true;
    console.warn(
      `browser-use-skills: the WebAssembly file is not beside the script, so the larger copy inside the JavaScript is used. ${message.slice(message.indexOf("("))}`,
    );
  }
}

/** Resolves when the page or worker is idle. */
function isIdle(): Promise<unknown> {
  return new Promise((resolve) => (globalThis.requestIdleCallback ?? setTimeout)(resolve));
}

/** Returns the URL of the file. Throws if a bundler removed `import.meta.url`. */
function urlOf(file: (() => URL) | undefined): URL {
  try {
    return (file as () => URL)();
  } catch (cause) {
    throw loadError("not_served", "the URL of the script is unknown", { cause });
  }
}

function isAbort(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "aborted" in cause;
}
