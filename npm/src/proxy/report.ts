/** Maximum length of the chain of causes in a warning. */
const MAX_CAUSES = 4;

/**
 * An error of the proxy, to be reported to its operator.
 * @internal
 */
export interface ErrorReport {
  error: unknown;
  request: Request;
  /** Status of the error response. */
  status: number | undefined;
  /** Key of this request, which must be redacted. */
  key: string | undefined;
}

/**
 * Returns a function that reports errors to `onError`. Without `onError`, logs the first error, because a bare 502 is hard
 * to debug.
 *
 * @internal
 */
export function createReporter(
  onError: ((error: unknown, request: Request) => void) | undefined,
): (report: ErrorReport) => void {
  let hasWarned = false;
  return ({ error, request, status, key }) => {
    if (onError) return onError(error, request);
    // A caller that disconnects aborts the request to the cloud, which is not an error of the proxy.
    if (hasWarned || request.signal.aborted) return;
    hasWarned = true;
    const { pathname } = new URL(request.url);
    const outcome = status === undefined ? "failed while sending its response" : `responded with ${status}`;
    const warning =
      `browser-use-skills: the proxy ${outcome} to ${request.method} ${pathname}: ${describe(error)}\n` +
      "Further errors are not logged: pass `onError` to createProxy to handle them.";
    console.warn(redact(warning, key));
  };
}

/** Describes an error and its causes in one line: `fetch` puts the reason in a cause, sometimes only as a code. */
function describe(error: unknown): string {
  const texts: string[] = [];
  for (let one = error; one !== undefined && texts.length < MAX_CAUSES; ) {
    const { cause, code } = one instanceof Error ? (one as Error & { code?: unknown }) : {};
    texts.push(typeof code === "string" ? `${one} (${code})` : String(one));
    one = cause;
  }
  return texts.join(": ");
}

/** Redacts the key in a text, including its escaped forms. */
function redact(text: string, key: string | undefined): string {
  if (key === undefined) return text;
  const forms = [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)];
  return forms.reduce((redacted, form) => redacted.split(form).join("[redacted]"), text);
}
