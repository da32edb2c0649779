/** Writes recorded calls for other tools: as text, as cURL and as a HAR file. The recorder has already redacted them. */
import type { Exchange, RecordedCall } from "../session/recorder.js";
import { HIDDEN } from "../session/redact.js";
import { quoted } from "./shell.js";

export function requestText({ method, url, requestHeaders, requestBody }: Exchange): string {
  return [
    `${method} ${url}`,
    ...lines(requestHeaders),
    ...(requestBody ? ["", pretty(requestBody)] : []),
  ].join("\n");
}

export function responseText({ status, responseHeaders = {}, responseBody }: Exchange): string {
  const text = [...lines(responseHeaders), ...(responseBody ? ["", pretty(responseBody)] : [])].join("\n");
  return `${status}\n${text}`.trim();
}

function lines(headers: Record<string, string>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const KEY_HEADER = /^x-browser-use-api-key$/i;

/** A command for a POSIX shell. It reads the key from the environment. */
export function curl({ method, url, requestHeaders, requestBody }: Exchange): string {
  const headers = Object.entries(requestHeaders).map(([name, value]) =>
    // Double quotes, so that the shell expands the variable.
    KEY_HEADER.test(name) ? `"${name}: $BROWSER_USE_API_KEY"` : quoted(`${name}: ${value}`),
  );
  return [
    `curl --request ${method} ${quoted(url)}`,
    ...headers.map((header) => `  --header ${header}`),
    ...(requestBody === undefined ? [] : [`  --data-raw ${quoted(requestBody)}`]),
  ].join(" \\\n");
}

/** A HAR file, version 1.2, with all exchanges that have ended. */
export function har(calls: readonly RecordedCall[]): string {
  const entries = calls
    .flatMap(({ exchanges }) => exchanges)
    .filter(({ endedAt }) => endedAt !== undefined)
    .sort((a, b) => a.sentAt - b.sentAt)
    .map(entryOf);
  const creator = { name: "browser-use-skills playground", version: "1", comment: `Secrets are ${HIDDEN}` };
  return JSON.stringify({ log: { version: "1.2", creator, entries } }, null, 2);
}

function entryOf(exchange: Exchange): object {
  const { sentAt, endedAt = sentAt, method, url, requestHeaders, requestBody } = exchange;
  const { status, responseHeaders = {}, responseBody = "" } = exchange;
  const sizes = { headersSize: -1, bodySize: -1 };
  const shared = { httpVersion: "HTTP/1.1", cookies: [], ...sizes };
  return {
    startedDateTime: new Date(performance.timeOrigin + sentAt).toISOString(),
    time: endedAt - sentAt,
    request: {
      ...shared,
      method,
      url,
      headers: pairs(requestHeaders),
      queryString: pairs(Object.fromEntries(new URL(url).searchParams)),
      ...(requestBody !== undefined && { postData: { mimeType: "application/json", text: requestBody } }),
    },
    response: {
      ...shared,
      // 0: no response arrived.
      status: status ?? 0,
      statusText: "",
      headers: pairs(responseHeaders),
      redirectURL: "",
      content: {
        size: responseBody.length,
        mimeType: responseHeaders["content-type"] ?? "",
        text: responseBody,
      },
    },
    cache: {},
    timings: { send: 0, wait: endedAt - sentAt, receive: 0 },
  };
}

function pairs(of: Record<string, string>): object[] {
  return Object.entries(of).map(([name, value]) => ({ name, value }));
}
