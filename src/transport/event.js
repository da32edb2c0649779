// Calls listeners.

/** The types of events, each with the names of its numbers: see `js/event.rs`. */
const EVENTS = [
  ["callStarted"],
  ["waitingForSlot", "waiting", "running"],
  ["requestSent", "attempt"],
  ["responseReceived", "attempt", "status", "duration"],
  ["retryPlanned", "attempt", "status", "delay"],
  ["recoveryStarted", "attempts"],
  ["callSucceeded", "attempts", "status", "duration"],
  ["callFailed", "attempts", "status", "duration"],
];

/** Calls a listener with an event. Numbers that are NaN are undefined. Errors of the listener are ignored. */
export function emit(listener, index, callId, operation, first, second, third, code) {
  const [type, ...names] = EVENTS[index];
  const event = { type, callId, operation };
  for (const [place, name] of names.entries()) {
    const number = [first, second, third][place];
    event[name] = Number.isNaN(number) ? undefined : number;
  }
  if (code) event.code = code;
  const called = async () => listener(event);
  called().catch(() => {});
}
