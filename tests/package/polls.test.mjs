// @ts-check
/** Waits between the polls of a generation, in virtual time: a page that is hidden or offline polls less. */
import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";

const module = new URL("../../src/transport/wait.js", import.meta.url);
const { pauseBeforePoll, TIMED_OUT } = await import(module.href);

const DELAY = 10_000;
const LIMIT = 900_000;

describe("a wait before a poll", () => {
  /** @param {import("node:test").TestContext} context @param {{ limit?: number, needsNetwork?: boolean }} [options] */
  const begin = (context, { limit = LIMIT, needsNetwork = true } = {}) => {
    const document = Object.assign(new EventTarget(), { hidden: false });
    const navigator = { onLine: true };
    const events = new EventTarget();
    const addEventListener = events.addEventListener.bind(events);
    const globals = { document, navigator, addEventListener };
    const before = Object.keys(globals).map((name) => [
      name,
      Object.getOwnPropertyDescriptor(globalThis, name),
    ]);
    for (const [name, value] of Object.entries(globals)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    mock.timers.enable({ apis: ["setTimeout"] });
    context.after(() => {
      mock.timers.reset();
      for (const [name, property] of before) {
        if (property) Object.defineProperty(globalThis, String(name), property);
        else Reflect.deleteProperty(globalThis, String(name));
      }
    });
    const done = mock.fn();
    pauseBeforePoll(done, 1, undefined, DELAY, limit, needsNetwork);
    /** Number of polls; 0 or 1. */
    const polls = () => {
      for (const { arguments: values } of done.mock.calls) assert.deepEqual(values, [1, TIMED_OUT]);
      return done.mock.callCount();
    };
    const show = (/** @type {boolean} */ isShown) => {
      document.hidden = !isShown;
      document.dispatchEvent(new Event("visibilitychange"));
    };
    const connect = (/** @type {boolean} */ isOnline) => {
      navigator.onLine = isOnline;
      events.dispatchEvent(new Event(isOnline ? "online" : "offline"));
    };
    return { polls, show, connect };
  };
  const pass = (/** @type {number} */ milliseconds) => mock.timers.tick(milliseconds);

  test("has its delay in a page that is shown", (context) => {
    const { polls } = begin(context);
    pass(DELAY - 1);
    assert.equal(polls(), 0);
    pass(1);
    assert.equal(polls(), 1);
    pass(LIMIT);
    assert.equal(polls(), 1, "ends once");
  });

  test("is twice as long in a hidden page", (context) => {
    const { polls, show } = begin(context);
    show(false);
    pass(DELAY);
    pass(DELAY - 1);
    assert.equal(polls(), 0);
    pass(1);
    assert.equal(polls(), 1);
  });

  test("ends when the page is shown again, and has no effect afterwards", (context) => {
    const { polls, show } = begin(context);
    show(false);
    pass(DELAY + 1);
    show(true);
    assert.equal(polls(), 1);
    show(false);
    show(true);
    pass(LIMIT);
    assert.equal(polls(), 1);
  });

  test("lasts until the device is online", (context) => {
    const { polls, connect } = begin(context);
    connect(false);
    for (let delays = 0; delays < 5; delays += 1) pass(DELAY);
    assert.equal(polls(), 0);
    connect(true);
    assert.equal(polls(), 1);
  });

  test("ends at its limit, even offline", (context) => {
    const { polls, connect } = begin(context, { limit: 5 * DELAY });
    connect(false);
    pass(5 * DELAY - 1);
    assert.equal(polls(), 0);
    pass(1);
    assert.equal(polls(), 1);
  });

  test("has its delay offline if the poll needs no network", (context) => {
    const { polls, connect } = begin(context, { needsNetwork: false });
    connect(false);
    pass(DELAY);
    assert.equal(polls(), 1);
  });
});
