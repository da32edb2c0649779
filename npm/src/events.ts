import type { ErrorCode } from "./generated/errors.js";
import type { OperationName } from "./generated/resources.js";

/**
 * An event of a call. Its `type` says what happened. Every call emits `callStarted` first and `callSucceeded` or
 * `callFailed` last; a call that fails because the WebAssembly cannot be loaded emits none. Events never contain the key
 * or request data.
 *
 * With `recover`, the polls of the list are calls of their own. Only the client's `onEvent` receives their events.
 */
export type CallEvent =
  | CallStarted
  | WaitingForSlot
  | RequestSent
  | ResponseReceived
  | RetryPlanned
  | RecoveryStarted
  | CallSucceeded
  | CallFailed;

/** Properties of every event. */
export interface CallEventBase {
  /** Identifies the call among those of its client; the same as `callId` of its error and of `withResponse()`. */
  callId: number;
  /** The operation. */
  operation: OperationName;
}

/** The call started. Its input is validated before anything is sent. */
export interface CallStarted extends CallEventBase {
  /** The type of the event. */
  type: "callStarted";
}

/** The call is queued, because of `maxConcurrent` or a 429 for too many sessions. */
export interface WaitingForSlot extends CallEventBase {
  /** The type of the event. */
  type: "waitingForSlot";
  /** Number of queued calls, including this one. */
  waiting: number;
  /** Number of running calls. */
  running: number;
}

/** A request is about to be sent. */
export interface RequestSent extends CallEventBase {
  /** The type of the event. */
  type: "requestSent";
  /** Number of the attempt within the call, starting at 1. */
  attempt: number;
}

/** A complete response was received. */
export interface ResponseReceived extends CallEventBase {
  /** The type of the event. */
  type: "responseReceived";
  /** Number of the attempt within the call, starting at 1. */
  attempt: number;
  /** HTTP status of the response, including error statuses. */
  status: number;
  /** Time from the request to the last byte of the response, in milliseconds. */
  duration: number;
}

/** An attempt failed and will be retried. */
export interface RetryPlanned extends CallEventBase {
  /** The type of the event. */
  type: "retryPlanned";
  /** Number of the failed attempt, starting at 1. */
  attempt: number;
  /** HTTP status of the response, if one arrived. */
  status: number | undefined;
  /** Error code of the failed attempt. */
  code: ErrorCode;
  /** Delay before the next attempt, in milliseconds. */
  delay: number;
}

/** The response of an execution was lost. The call searches for the execution and waits until it has ended. */
export interface RecoveryStarted extends CallEventBase {
  /** The type of the event. */
  type: "recoveryStarted";
  /** Number of requests sent. */
  attempts: number;
  /** Error code of the last attempt. */
  code: ErrorCode;
}

/** The call succeeded. */
export interface CallSucceeded extends CallEventBase {
  /** The type of the event. */
  type: "callSucceeded";
  /** Number of requests sent. */
  attempts: number;
  /** HTTP status of the response. */
  status: number;
  /** Duration of the whole call, in milliseconds. */
  duration: number;
}

/** The call failed. */
export interface CallFailed extends CallEventBase {
  /** The type of the event. */
  type: "callFailed";
  /** Number of requests sent. */
  attempts: number;
  /** HTTP status of the last response, if one arrived. */
  status: number | undefined;
  /** The error's `code`, or `"aborted"` if the caller's signal was aborted. */
  code: ErrorCode | "aborted";
  /** Duration of the whole call, in milliseconds. */
  duration: number;
}
