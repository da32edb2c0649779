// Fetches and compiles WebAssembly, and maps failures to a `LoadError`.
import type { Failure, LoadFailureReason } from "../error.js";
import { LoadError } from "../generated/errors.js";
import { transientStatuses } from "../generated/retry.js";

/** WebAssembly or its URL: bytes, a URL, a `Request`, a `Response` or a compiled module. */
export type WasmSource = BufferSource | string | URL | Request | Response | WebAssembly.Module;

const ADVICE: Record<LoadFailureReason, string> = {
  offline: "The device is offline",
  unreachable: "The request failed",
  not_served: "Serve the package's .wasm files beside the script, or import browser-use-skills/inline",
  forbidden:
    "The content security policy forbids it: add 'wasm-unsafe-eval' to script-src and the script's origin to connect-src",
  timeout: "It took too long",
  invalid: "This engine does not compile it",
};

/**
 * Creates the error for a reason. `retryable` follows the rules for GET.
 * @internal
 */
export function loadError(
  reason: LoadFailureReason,
  detail: string,
  more: Partial<Omit<Failure, "code" | "reason">> = {},
): LoadError {
  const retryable = reason === "offline" || reason === "unreachable" || reason === "timeout";
  const message = `The WebAssembly could not be loaded. ${ADVICE[reason]} (${detail})`;
  return new LoadError({ code: "load", reason, message, retryable, ...more });
}

/**
 * Maps an error to a `LoadError`: distinguishes a policy, a network failure and an invalid file.
 * @internal
 */
export function toLoadError(cause: unknown): LoadError {
  if (cause instanceof LoadError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  // Chromium before version 115 throws a RangeError for a module of this size.
  const isInvalid = [WebAssembly.CompileError, WebAssembly.LinkError, RangeError].some(
    (type) => cause instanceof type,
  );
  if (/content security policy|unsafe-eval|blocked by CSP/i.test(message))
    return loadError("forbidden", message, { cause });
  if (isInvalid) return loadError("invalid", message, { cause });
  const isOffline = globalThis.navigator?.onLine === false;
  return loadError(isOffline ? "offline" : "unreachable", message, { cause });
}

/** `\0asm`, the magic number of WebAssembly files. */
const MAGIC = 0x0061736d;

/**
 * Compiles a source. Fetches it first if it is a URL. Rejects with a `LoadError`.
 * @internal
 */
export async function compile(source: WasmSource, signal?: AbortSignal): Promise<WebAssembly.Module> {
  try {
    const members = Object(source);
    if ("byteLength" in members) return await WebAssembly.compile(source as BufferSource);
    // Not `instanceof`: Next.js passes modules of another realm to edge routes.
    if (String(source) === "[object WebAssembly.Module]") return source as WebAssembly.Module;
    return await compileResponse(
      "status" in members ? (source as Response) : await request(source as URL, signal),
    );
  } catch (cause) {
    throw toLoadError(cause);
  }
}

/** If a policy blocks the request, `fetch` rejects as for a network failure. An event distinguishes the two. */
async function request(source: string | URL | Request, signal: AbortSignal | undefined): Promise<Response> {
  let blocked = "";
  const listen = (event: Event) => {
    const { effectiveDirective, blockedURI } = event as SecurityPolicyViolationEvent;
    if (effectiveDirective === "connect-src") blocked = blockedURI;
  };
  const target: Partial<EventTarget> = globalThis.document ?? globalThis;
  target.addEventListener?.("securitypolicyviolation", listen);
  try {
    return await fetch(source, { signal: signal ?? null });
  } catch (cause) {
    // The event is dispatched after the rejection.
    await new Promise((resolve) => setTimeout(resolve));
    if (!blocked) throw cause;
    throw loadError("forbidden", `connect-src does not allow ${blocked}`, { cause });
  } finally {
    target.removeEventListener?.("securitypolicyviolation", listen);
  }
}

/** Compiles a response. Warns about a wrong content type if the bytes are WebAssembly. */
async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  const type = response.headers.get("content-type") ?? "no content type";
  const { status, url } = response;
  const found = `${url}: status ${status}, ${type}`;
  if (!response.ok)
    throw loadError(transientStatuses.includes(status) ? "unreachable" : "not_served", found, { status });
  if (type === "application/wasm") return WebAssembly.compileStreaming(response);
  const bytes = await response.arrayBuffer();
  if (bytes.byteLength < 4 || new DataView(bytes).getUint32(0) !== MAGIC)
    throw loadError("not_served", found, { status });
  console.warn(`browser-use-skills: ${found}. Serve it as application/wasm, which loads faster.`);
  return WebAssembly.compile(bytes);
}
