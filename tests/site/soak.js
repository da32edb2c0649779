// @ts-check
/** Makes many calls with one signal and a `fetch` that responds immediately, and counts leaks. */

/** @typedef {import("browser-use-skills").BrowserUse} BrowserUse */

const ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
const AT_ONCE = 20;

const skill = {
  id: ID,
  title: "Titles",
  description: "Reads titles",
  categories: ["news"],
  domains: ["news.example.com"],
  status: "finished",
  parameters: [{ name: "limit", type: "number", required: false }],
  outputSchema: {},
  isEnabled: true,
  isPublic: false,
  currentVersion: 1,
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: "2026-01-01T00:00:00Z",
};

/** Cases: the response, the call, and its expected outcome. */
const cases = [
  useCase(200, skill, (client, options) => client.skills.get(ID, options), "resolved"),
  useCase(
    200,
    { success: true, result: { titles: ["a", "b"] } },
    (client, options) => client.skills.execute(ID, { parameters: { limit: 2 } }, options),
    "resolved",
  ),
  useCase(
    200,
    { items: [skill, skill], totalItems: 2, pageNumber: 1, pageSize: 2 },
    (client, options) => client.skills.list({ pageSize: 2 }, options),
    "resolved",
  ),
  useCase(
    404,
    { detail: "Skill not found" },
    (client, options) => client.skills.get(ID, options),
    "skill_not_found",
  ),
  useCase(
    422,
    { detail: [{ loc: ["body", "parameters"], msg: "Input should be an object", type: "dict_type" }] },
    (client, options) => client.skills.execute(ID, {}, options),
    "validation",
  ),
  useCase(200, { ...skill, id: 7 }, (client, options) => client.skills.get(ID, options), "response"),
  useCase(0, null, (client, options) => client.skills.execute(ID, {}, options), "network"),
  useCase(200, skill, (client, options) => client.skills.get("no uuid", options), "invalid_request"),
];

/**
 * @param {number} status - 0 for a broken connection.
 * @param {unknown} body
 * @param {(client: BrowserUse, options: object) => PromiseLike<unknown>} call
 * @param {string} end
 */
function useCase(status, body, call, end) {
  const text = JSON.stringify(body);
  const respond = async () => {
    if (status === 0) throw new TypeError("Failed to fetch");
    return new Response(text, { status, headers: { "content-type": "application/json" } });
  };
  return { respond, call, end };
}

/** Listeners and timers that were added and not removed. */
const open = { listeners: 0, timers: 0 };
const ever = { listeners: 0, timers: 0 };
/** @type {WebAssembly.Memory | undefined} */
let memory;

/** @param {AbortSignal} signal */
function countListeners(signal) {
  const { addEventListener, removeEventListener } = signal;
  /** @type {Set<unknown>} */
  const listening = new Set();
  signal.addEventListener = (/** @type {any[]} */ ...parameters) => {
    listening.add(parameters[1]);
    ever.listeners += 1;
    open.listeners = listening.size;
    return addEventListener.apply(signal, /** @type {any} */ (parameters));
  };
  signal.removeEventListener = (/** @type {any[]} */ ...parameters) => {
    listening.delete(parameters[1]);
    open.listeners = listening.size;
    return removeEventListener.apply(signal, /** @type {any} */ (parameters));
  };
}

function countTimers() {
  const { setTimeout, clearTimeout } = window;
  /** @type {Set<unknown>} */
  const running = new Set();
  const ended = (/** @type {unknown} */ timer) => {
    running.delete(timer);
    open.timers = running.size;
  };
  /** @type {any} */ (window).setTimeout = (
    /** @type {() => void} */ callback,
    /** @type {number} */ delay,
  ) => {
    const timer = setTimeout(() => {
      ended(timer);
      callback();
    }, delay);
    running.add(timer);
    ever.timers += 1;
    open.timers = running.size;
    return timer;
  };
  window.clearTimeout = (timer) => {
    ended(timer);
    clearTimeout(timer);
  };
}

/** Finds the memory of the client when it is instantiated. */
function watchInstances() {
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(Instance, parameters) {
      const instance = Reflect.construct(Instance, parameters);
      memory ??= Object.values(instance.exports).find((exported) => exported instanceof WebAssembly.Memory);
      return instance;
    },
  });
}

export async function begin() {
  watchInstances();
  countTimers();
  const { signal } = new AbortController();
  countListeners(signal);
  const { BrowserUse } = await import("browser-use-skills");
  /** @type {(typeof cases)[number] | undefined} */
  let current;
  const send = () => /** @type {(typeof cases)[number]} */ (current).respond();
  const client = new BrowserUse({ apiKey: "bu_1", fetch: send });
  const options = { signal, maxRetries: 0 };
  /** Makes calls, some concurrently. Throws at the first unexpected outcome. */
  const run = async (/** @type {number} */ calls) => {
    for (let made = 0; made < calls; made += AT_ONCE) {
      current = cases[(made / AT_ONCE) % cases.length];
      const { call, end } = /** @type {(typeof cases)[number]} */ (current);
      const together = Array.from({ length: AT_ONCE }, () =>
        call(client, options).then(
          () => "resolved",
          (error) => error.code ?? String(error),
        ),
      );
      const wrong = (await Promise.all(together)).find((other) => other !== end);
      if (wrong !== undefined) throw new Error(`expected ${end}, got ${wrong}`);
    }
    return { open, ever, wasmBytes: memory?.buffer.byteLength };
  };
  return { run };
}
