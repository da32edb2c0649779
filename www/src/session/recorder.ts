/**
 * Records all calls of the client for the timeline, from its events and its `fetch`.
 */
import { signal } from "@preact/signals";
import type {
  BrowserUseOptions,
  CallEvent,
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
  /** Earlier than the first request if the call was queued. */
  readonly startedAt: number;
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

/** Returns client options that record all calls. */
export function record(fetchLike: FetchLike): Required<Pick<BrowserUseOptions, "fetch" | "onEvent">> {
  const clientNumber = ++clients;
  /** The event of the request that is about to pass through `fetch`. */
  let lastRequest: RequestSent | undefined;

  const callOf = ({ callId, operation }: CallEvent): RecordedCall => {
    const id = `${clientNumber}.${callId}`;
    const found = calls.value.find((recorded) => recorded.id === id);
    if (found) return found;
    const startedAt = performance.now();
    const added: RecordedCall = { id, operation, startedAt, exchanges: [], delays: [], state: "running" };
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
    const recorded = event && callOf(event);
    const exchange: Exchange = {
      attempt: event?.attempt ?? 1,
      sentAt,
      method: init.method,
      url: redact(url),
      requestHeaders: redactHeaders(init.headers),
      requestBody: init.body === undefined ? undefined : truncate(init.body),
    };
    recorded?.exchanges.push(exchange);
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

  const onEvent = (event: CallEvent) => {
    const recorded = callOf(event);
    const now = performance.now();
    if (event.type === "requestSent") lastRequest = event;
    if (event.type === "retryPlanned")
      recorded.delays.push({ from: now, until: now + event.delay, code: event.code });
    if (event.type === "callSucceeded") Object.assign(recorded, { state: "done", endedAt: now });
    if (event.type === "callFailed")
      Object.assign(recorded, { state: "failed", code: event.code, endedAt: now });
    changed();
  };

  return { fetch: recordingFetch, onEvent };
}

function truncate(text: string): string {
  const start = redact(text.slice(0, MAX_TEXT));
  return text.length > MAX_TEXT ? `${start}\n… ${text.length - MAX_TEXT} more characters` : start;
}
