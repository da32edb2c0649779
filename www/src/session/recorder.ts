/**
 * Records all calls of the client for the timeline, from its event listeners and its `fetch`.
 */
import { signal } from "@preact/signals";
import type {
  BrowserUseOptions,
  CallFailed,
  FetchInit,
  FetchLike,
  OperationName,
  RequestSent,
  ResponseLike,
} from "browser-use-skills";
import { redact, redactHeaders } from "./redact.js";

/** One request and its response. Times are from `performance.now()`. */
export interface Exchange {
  readonly attempt: number;
  readonly sentAt: number;
  endedAt?: number;
  status?: number;
  method: string;
  url: string;
  requestHeaders: Record<string, string>;
  requestBody?: string | undefined;
  responseHeaders?: Record<string, string>;
  responseBody?: string;
}

/** Delay before a retry. */
export interface Delay {
  readonly from: number;
  readonly until: number;
  readonly code: CallFailed["code"];
}

export interface RecordedCall {
  readonly id: string;
  readonly operation: OperationName;
  /** When the call was made. Earlier than its first request if it was queued. */
  readonly queuedAt: number;
  readonly exchanges: Exchange[];
  readonly delays: Delay[];
  endedAt?: number;
  state: "running" | "done" | "failed";
  code?: CallFailed["code"];
}

/** Maximum number of recorded calls. */
const MAX_CALLS = 200;
/** Maximum length of a recorded body. */
const MAX_TEXT = 20_000;

/** Recorded calls, newest last. Replaced on each change, to update views. */
export const calls = signal<readonly RecordedCall[]>([]);

/** Number of calls since the page was loaded. */
export const callCount = signal(0);

export function forgetCalls(): void {
  calls.value = calls.value.filter(({ state }) => state === "running");
}

let clients = 0;
/** Calls without a request yet, oldest first: the client starts queued calls in this order. */
const queued: Array<{ operation: OperationName; at: number }> = [];

/** Records when a call is made, for which the client has no event. */
export async function recordQueued<Value>(
  operation: OperationName,
  call: () => Promise<Value>,
): Promise<Value> {
  const entry = { operation, at: performance.now() };
  queued.push(entry);
  try {
    return await call();
  } finally {
    const index = queued.indexOf(entry);
    if (index >= 0) queued.splice(index, 1);
  }
}

function takeQueuedAt(operation: OperationName): number | undefined {
  const index = queued.findIndex((entry) => entry.operation === operation);
  return queued.splice(index, index < 0 ? 0 : 1)[0]?.at;
}

/** Returns client options that record all calls. */
export function record(
  fetchLike: FetchLike,
): Required<Pick<BrowserUseOptions, "fetch" | "onRequest" | "onResponse" | "onRetry" | "onError">> {
  const clientNumber = ++clients;
  /** The event of the request that is about to pass through `fetch`. */
  let lastRequest: RequestSent | undefined;
  const idOf = (call: number) => `${clientNumber}.${call}`;

  const callOf = (
    { call, operation }: { call: number; operation: OperationName },
    now = performance.now(),
  ): RecordedCall => {
    const id = idOf(call);
    const found = calls.value.find((recorded) => recorded.id === id);
    if (found) return found;
    const queuedAt = takeQueuedAt(operation) ?? now;
    const added: RecordedCall = { id, operation, queuedAt, exchanges: [], delays: [], state: "running" };
    calls.value = [...calls.value.slice(1 - MAX_CALLS), added];
    callCount.value += 1;
    return added;
  };
  const changed = () => {
    calls.value = [...calls.value];
  };

  const recordingFetch = async (url: string, init: FetchInit): Promise<ResponseLike> => {
    const event = lastRequest;
    lastRequest = undefined;
    const sentAt = performance.now();
    const recorded = event && callOf(event, sentAt);
    const exchange: Exchange = {
      attempt: event?.attempt ?? 1,
      sentAt,
      method: init.method,
      url: redact(url),
      requestHeaders: redactHeaders(init.headers),
      requestBody: init.body === undefined ? undefined : truncate(init.body),
    };
    recorded?.exchanges.push(exchange);
    if (recorded) Object.assign(recorded, { state: "running" });
    changed();
    const ended = () => {
      exchange.endedAt = performance.now();
      changed();
    };
    try {
      const response = await fetchLike(url, init);
      exchange.status = response.status;
      const headers: Record<string, string> = {};
      response.headers.forEach((value, name) => {
        headers[name] = value;
      });
      exchange.responseHeaders = redactHeaders(headers);
      return {
        status: response.status,
        headers: response.headers,
        text: async () => {
          try {
            const text = await response.text();
            exchange.responseBody = truncate(text);
            return text;
          } finally {
            ended();
          }
        },
      };
    } catch (error) {
      ended();
      throw error;
    }
  };

  return {
    fetch: recordingFetch,
    onRequest(event) {
      lastRequest = event;
    },
    onResponse(event) {
      // onRetry or onError follows if the response is an error, except a 404 for a deletion.
      Object.assign(callOf(event), { state: "done", endedAt: performance.now() });
      changed();
    },
    onRetry(event) {
      const recorded = callOf(event);
      const from = performance.now();
      recorded.delays.push({ from, until: from + event.delay, code: event.code });
      recorded.state = "running";
      delete recorded.endedAt;
      changed();
    },
    onError(event) {
      Object.assign(callOf(event), { state: "failed", code: event.code, endedAt: performance.now() });
      changed();
    },
  };
}

function truncate(text: string): string {
  const start = redact(text.slice(0, MAX_TEXT));
  return text.length > MAX_TEXT ? `${start}\n… ${text.length - MAX_TEXT} more characters` : start;
}
