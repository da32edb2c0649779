/** Most errors and causes that a warning quotes. */
const MAX_CAUSES = 4;

/**
 * What a proxy tells its owner about an error.
 * @internal
 */
export interface ErrorReport {
  error: unknown;
  request: Request;
  /** The status that the caller got because of it. */
  status: number | undefined;
  /** The key of this request, which must not be shown. */
  key: string | undefined;
}

/**
 * Reports errors to `onError`. Without it, warns once: a proxy that only responds with 502 is hard to repair.
 *
 * @internal
 */
export function reporterOf(
  onError: ((error: unknown, request: Request) => void) | undefined,
): (report: ErrorReport) => void {
  let hasWarned = false;
  return ({ error, request, status, key }) => {
    if (onError) return onError(error, request);
    // A caller who has left breaks the request to the cloud: there is nothing to repair.
    if (hasWarned || request.signal.aborted) return;
    hasWarned = true;
    const { pathname } = new URL(request.url);
    const outcome = status === undefined ? "met an error in its response" : `responded with ${status}`;
    const warning =
      `browser-use-skills: the proxy ${outcome} to ${request.method} ${pathname}: ${describe(error)}\n` +
      "Its further errors are not shown: pass `onError` to createProxy to handle them.";
    console.warn(hide(warning, key));
  };
}

/** An error and its causes in one line: `fetch` names what went wrong in a cause, some of them by a code only. */
function describe(error: unknown): string {
  const texts: string[] = [];
  for (let one = error; one !== undefined && texts.length < MAX_CAUSES; ) {
    const { cause, code } = one instanceof Error ? (one as Error & { code?: unknown }) : {};
    texts.push(typeof code === "string" ? `${one} (${code})` : String(one));
    one = cause;
  }
  return texts.join(": ");
}

/** Removes the key from a text, also where it is escaped. */
function hide(text: string, key: string | undefined): string {
  if (key === undefined) return text;
  const forms = [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)];
  return forms.reduce((hidden, form) => hidden.split(form).join("[redacted]"), text);
}
