// Reads responses, also those of mocks.

/** A header of a response, undefined if it has none of that name. */
export function header(headers, name) {
  try {
    const value = typeof headers.get === "function" ? headers.get(name) : headers[name];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The headers that a page may read, as a plain object with names in lower case. The secret is redacted. */
export function headersOf(headers, secret) {
  const all = {};
  try {
    headers.forEach((value, name) => {
      all[String(name).toLowerCase()] = without(value, secret);
    });
  } catch {
    // The headers of a mock.
  }
  return all;
}

/** A text with a secret redacted. */
export function without(text, secret) {
  return typeof text === "string" && secret ? text.split(secret).join("[redacted]") : text;
}

/** The result of a call. The headers are copied, and redacted, only for callers of `withResponse()`. */
export function result(data, callId, status, headers, secret, attempts, totalDelay) {
  const response = () => ({
    data,
    callId,
    status,
    headers: headersOf(headers, secret),
    attempts,
    totalDelay,
  });
  return { data, response };
}
