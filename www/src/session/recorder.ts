/**
 * Every call that the client makes, from its listeners and from what passes through its `fetch`: what the timeline draws.
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

/** One request and what became of it. Times are those of `performance.now()`. */
export interface Exchange {
  readonly attempt: number;
  readonly sentAt: number;
  endedAt?: number;
  status?: number;
  method: string;
  address: string;
  requestHeaders: Record<string, string>;
  requestBody?: string | undefined;
  responseHeaders?: Record<string, string>;
  responseBody?: string;
}

/** A delay before another attempt. */
export interface Delay {
  readonly from: number;
  readonly until: number;
  readonly code: CallFailed["code"];
}

export interface RecordedCall {
  readonly id: string;
  readonly operation: OperationName;
  /** When it was asked for: before the first request where it had to wait for a slot or its turn. */
  readonly askedAt: number;
  readonly exchanges: Exchange[];
  readonly delays: Delay[];
  endedAt?: number;
  state: "running" | "done" | "failed";
  code?: CallFailed["code"];
}

/** As many as are kept. */
const MOST_CALLS = 200;
/** As much of a body as is kept. */
const MOST_TEXT = 20_000;

/** Newest last. Replaced with each change, so that views follow. */
export const calls = signal<readonly RecordedCall[]>([]);

/** How many calls there were since the page was opened. */
export const callCount = signal(0);

export function forgetCalls(): void {
  calls.value = calls.value.filter(({ state }) => state === "running");
}

let clients = 0;
/** Calls that were asked for and have not sent anything yet, oldest first: slots are given out in this order. */
const asked: Array<{ operation: OperationName; at: number }> = [];

/** Notes when a call was asked for, which no listener tells. */
export async function noteAsked<Value>(operation: OperationName, ask: () => Promise<Value>): Promise<Value> {
  const entry = { operation, at: performance.now() };
  asked.push(entry);
  try {
    return await ask();
  } finally {
    const index = asked.indexOf(entry);
    if (index >= 0) asked.splice(index, 1);
  }
}

function takeAsked(operation: OperationName): number | undefined {
  const index = asked.findIndex((entry) => entry.operation === operation);
  return asked.splice(index, index < 0 ? 0 : 1)[0]?.at;
}

/** Options that make a client tell the recorder everything. */
export function record(
  fetchLike: FetchLike,
): Required<Pick<BrowserUseOptions, "fetch" | "onRequest" | "onResponse" | "onRetry" | "onError">> {
  const clientNumber = ++clients;
  /** Told right before its request goes through `fetch`. */
  let announced: RequestSent | undefined;
  const idOf = (call: number) => `${clientNumber}.${call}`;

  const callOf = (
    { call, operation }: { call: number; operation: OperationName },
    now = performance.now(),
  ): RecordedCall => {
    const id = idOf(call);
    const known = calls.value.find((recorded) => recorded.id === id);
    if (known) return known;
    const askedAt = takeAsked(operation) ?? now;
    const made: RecordedCall = { id, operation, askedAt, exchanges: [], delays: [], state: "running" };
    calls.value = [...calls.value.slice(1 - MOST_CALLS), made];
    callCount.value += 1;
    return made;
  };
  const changed = () => {
    calls.value = [...calls.value];
  };

  const recordingFetch = async (address: string, init: FetchInit): Promise<ResponseLike> => {
    const event = announced;
    announced = undefined;
    const sentAt = performance.now();
    const recorded = event && callOf(event, sentAt);
    const exchange: Exchange = {
      attempt: event?.attempt ?? 1,
      sentAt,
      method: init.method,
      address: redact(address),
      requestHeaders: redactHeaders(init.headers),
      requestBody: init.body === undefined ? undefined : shortened(init.body),
    };
    recorded?.exchanges.push(exchange);
    if (recorded) Object.assign(recorded, { state: "running" });
    changed();
    const ended = () => {
      exchange.endedAt = performance.now();
      changed();
    };
    try {
      const response = await fetchLike(address, init);
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
            exchange.responseBody = shortened(text);
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
      announced = event;
    },
    onResponse(event) {
      // An answer that is none is followed by onRetry or onError, but for a deletion of what is gone already.
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

function shortened(text: string): string {
  const start = redact(text.slice(0, MOST_TEXT));
  return text.length > MOST_TEXT ? `${start}\n… ${text.length - MOST_TEXT} characters more` : start;
}
